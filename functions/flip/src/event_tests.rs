//! The tests of `event.rs`.

use super::*;
use crate::alarm::StateValue;
use serde_json::json;
use shared::Environment;

const BLUE: &str = "targetgroup/shop-blue/1";

fn request(payload: Value) -> Result<Request, Error> {
    let group =
        |name: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/shop-{name}");
    let groups = PerEnvironment {
        blue: group("blue/1"),
        green: group("green/2"),
    };
    read(payload, "shop", &groups, Time::default())
}

/// The one alarm of the event.
fn alarm(payload: Value) -> AlarmStateChange {
    match request(payload) {
        Ok(Request::Alarms(mut alarms)) if alarms.len() == 1 => alarms.remove(0),
        other => panic!("not one alarm: {other:?}"),
    }
}

fn direct(name: &str, metrics: Value) -> Value {
    json!({"source": "aws.cloudwatch", "alarmArn": "arn", "alarmData": {
        "alarmName": name,
        "state": {"value": "ALARM", "reason": "14 > 10", "timestamp": "2026-11-23T12:00:30.250+0000"},
        "configuration": {"metrics": metrics}}})
}

fn check(payload: Value, expect: Option<Environment>) {
    let alarm = alarm(payload);
    assert_eq!(
        (alarm.state, alarm.environment),
        (StateValue::Alarm, expect)
    );
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
        let alarm = alarm(payload);
        assert_eq!(
            (alarm.state, alarm.environment),
            (StateValue::Alarm, environment),
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
    assert_eq!(self::alarm(alarm).changed_at, Time::default());
}

#[test]
fn a_task_is_read_and_nonsense_is_refused() {
    let back = json!({"action": "flip-back", "release": "r", "execution": "arn", "reason": "slow"});
    assert!(matches!(
        request(back),
        Ok(Request::Task(Task::FlipBack { .. }))
    ));
    for nonsense in [
        json!({"action": "toggle"}),
        json!({}),
        json!({"Records": [{"Sns": {"Message": "hi"}}]}),
    ] {
        assert_eq!(
            request(nonsense).expect_err("nonsense").name(),
            "InvalidInput"
        );
    }
}

#[test]
fn a_message_of_sns_that_is_no_alarm_says_what_it_lacks() {
    for message in [
        json!("Service is down!"),
        json!({"version": "1.0"}),
        json!(7),
    ] {
        let wrapped = json!({"Records": [{"Sns": {"Message": message}}]});
        let error = request(wrapped).expect_err("no alarm").to_string();
        assert!(error.contains("expected an alarm's name in"), "{error}");
    }
}

#[test]
fn several_messages_in_one_call_are_all_read() {
    let message = |name: &str| json!({"AlarmName": name, "NewStateValue": "ALARM"}).to_string();
    let record = |message: String| json!({"Sns": {"Message": message}});
    let records = [
        record("Service is down!".to_owned()),
        record(message("shop-blue-5xx")),
        record(message("shop-green-5xx")),
    ];
    let Ok(Request::Alarms(alarms)) = request(json!({"Records": records})) else {
        panic!("not alarms")
    };
    let names: Vec<_> = alarms.iter().map(|alarm| alarm.name.as_str()).collect();
    assert_eq!(names, ["shop-blue-5xx", "shop-green-5xx"]);
}

#[test]
fn no_field_makes_a_task_or_a_wrap_of_an_alarm() {
    let mut payload = direct("shop-green-5xx", json!([]));
    payload["action"] = json!(null);
    payload["Records"] = json!([{}, 5]);
    check(payload, Some(Environment::Green));
}
