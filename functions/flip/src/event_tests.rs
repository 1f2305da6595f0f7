//! The tests of `event.rs`.

use super::*;
use serde_json::json;

const BLUE: &str = "targetgroup/shop-blue/1";

fn asked(payload: Value) -> Result<Asked, Error> {
    let group =
        |name: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/shop-{name}");
    let groups = PerEnvironment {
        blue: group("blue/1"),
        green: group("green/2"),
    };
    read(payload, "shop", &groups, Time::default())
}

fn direct(name: &str, metrics: Value) -> Value {
    json!({"source": "aws.cloudwatch", "alarmArn": "arn", "alarmData": {
        "alarmName": name,
        "state": {"value": "ALARM", "reason": "14 > 10", "timestamp": "2026-11-23T12:00:30.250+0000"},
        "configuration": {"metrics": metrics}}})
}

fn check(payload: Value, expect: Option<Environment>) {
    let Ok(Asked::Alarm(alarm)) = asked(payload) else {
        panic!("not an alarm")
    };
    assert_eq!((alarm.state.as_str(), alarm.environment), ("ALARM", expect));
    assert_eq!(
        alarm.changed_at.to_rfc3339(),
        "2026-11-23T12:00:30.250+00:00"
    );
}

#[test]
fn an_alarm_belongs_to_the_environment_it_is_named_after_or_measures() {
    check(
        direct("shop-green-5xx", json!([])),
        Some(Environment::Green),
    );
    check(direct("composite", json!(null)), None);
    let metric = json!([{"metricStat": {"metric": {"dimensions": {"TargetGroup": BLUE}}}}]);
    check(
        direct("team-alarm", metric.clone()),
        Some(Environment::Blue),
    );
    check(direct("shop-greenish", metric), Some(Environment::Blue));
}

#[test]
fn an_alarm_wrapped_by_sns_is_read_the_same() {
    let message = json!({"AlarmName": "shop-green-5xx", "NewStateValue": "ALARM",
        "StateChangeTime": "2026-11-23T12:00:30.250+0000"});
    let wrapped =
        json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}}]});
    check(wrapped, Some(Environment::Green));
}

#[test]
fn every_form_in_which_an_alarm_arrives_is_read() {
    let golden = [
        (
            include_str!("../../../tests/events/alarm-metric.json"),
            Some(Environment::Green),
        ),
        (
            include_str!("../../../tests/events/alarm-composite.json"),
            Some(Environment::Green),
        ),
        (
            include_str!("../../../tests/events/alarm-metric-math.json"),
            None,
        ),
        (
            include_str!("../../../tests/events/alarm-by-sns.json"),
            Some(Environment::Green),
        ),
    ];
    for (text, environment) in golden {
        let payload = serde_json::from_str(text).expect("JSON");
        let Ok(Asked::Alarm(alarm)) = asked(payload) else {
            panic!("not an alarm: {text}")
        };
        assert_eq!(
            (alarm.state.as_str(), alarm.environment),
            ("ALARM", environment),
            "{text}"
        );
        assert!(
            alarm.changed_at > Time::default() && !alarm.reason.is_empty(),
            "{alarm:?}"
        );
    }
}

#[test]
fn an_alarm_without_a_time_counts_as_changed_now() {
    let alarm = json!({"alarmData": {"alarmName": "x", "state": {"value": "ALARM"}}});
    let Ok(Asked::Alarm(alarm)) = asked(alarm) else {
        panic!("not an alarm")
    };
    assert_eq!(alarm.changed_at, Time::default());
}

#[test]
fn a_task_and_nonsense_are_told_apart() {
    let back = json!({"action": "flip-back", "release": "r", "execution": "arn", "reason": "slow"});
    assert!(matches!(
        asked(back),
        Ok(Asked::Task(Task::FlipBack { .. }))
    ));
    for nonsense in [
        json!({"action": "toggle"}),
        json!({}),
        json!({"Records": [{"Sns": {"Message": "hi"}}]}),
    ] {
        assert_eq!(
            asked(nonsense).expect_err("nonsense").name(),
            "InvalidInput"
        );
    }
}
