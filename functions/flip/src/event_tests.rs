//! The tests of `event.rs`.

use super::*;
use crate::alarm::StateValue;
use serde_json::json;
use shared::Environment;

const BLUE: &str = "targetgroup/shop-blue/1";

fn request(payload: Value) -> Result<Request, Error> {
    let group = |name: &str| {
        format!("arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-{name}")
    };
    let groups = PerEnvironment {
        blue: group("blue/1"),
        green: group("green/2"),
    };
    let listed = [
        "shop-green-slow-or-wrong",
        "team-error-rate",
        "shop-greenish",
    ];
    let trusted = TrustedAlarms {
        service: "shop",
        listed: &listed.map(str::to_owned),
        function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:shop-Flip",
    };
    read(payload, trusted, &groups, Time::default())
}

fn alarms(payload: Value) -> Alarms {
    match request(payload) {
        Ok(Request::Alarms(alarms)) => alarms,
        other => panic!("no alarms: {other:?}"),
    }
}

/// The one alarm of the event.
fn alarm(payload: Value) -> AlarmStateChange {
    let mut alarms = alarms(payload);
    let is_one = alarms.trusted.len() == 1 && alarms.foreign.is_empty();
    assert!(is_one && alarms.unreadable.is_none(), "{alarms:?}");
    alarms.trusted.remove(0)
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}")
}

fn direct(name: &str, metrics: Value) -> Value {
    json!({"source": "aws.cloudwatch", "alarmArn": arn(name), "alarmData": {
        "alarmName": name,
        "state": {"value": "ALARM", "reason": "14 > 10", "timestamp": "2026-11-23T12:00:30.250+0000"},
        "configuration": {"metrics": metrics}}})
}

/// A record of SNS around what CloudWatch publishes about an alarm.
fn record(name: &str) -> Value {
    let message = json!({"AlarmName": name, "NewStateValue": "ALARM", "AlarmArn": arn(name),
        "StateChangeTime": "2026-11-23T12:00:30.250+0000"});
    json!({"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}})
}

fn wrapped(records: &[Value]) -> Value {
    json!({ "Records": records })
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
    check(direct("team-error-rate", json!(null)), None);
    let metric = json!([{"metricStat": {"metric": {"dimensions": {"TargetGroup": BLUE}}}}]);
    check(
        direct("team-error-rate", metric.clone()),
        Some(Environment::Blue),
    );
    check(direct("shop-greenish", metric), Some(Environment::Blue));
}

#[test]
fn an_alarm_wrapped_by_sns_is_read_the_same() {
    check(
        wrapped(&[record("shop-green-5xx")]),
        Some(Environment::Green),
    );
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
        (
            include_str!("../../../tests/events/alarm-by-eventbridge.json"),
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
    let mut alarm = direct("shop-blue-5xx", json!([]));
    alarm["alarmData"]["state"] = json!({"value": "ALARM"});
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

fn text() -> Value {
    json!({"Sns": {"Message": "Service is down!"}})
}

#[test]
fn several_messages_in_one_call_are_all_read() {
    let records = [text(), record("shop-blue-5xx"), record("shop-green-5xx")];
    let alarms = alarms(wrapped(&records));
    let names: Vec<_> = alarms.trusted.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["shop-blue-5xx", "shop-green-5xx"]);
    assert_eq!(alarms.unreadable.expect("a text").name(), "InvalidInput");
}

#[test]
fn a_foreign_alarm_hides_none_of_ours() {
    let foreign = || record("shop-eu-blue-5xx");
    for records in [
        vec![foreign(), record("shop-blue-5xx")],
        vec![record("shop-blue-5xx"), foreign()],
    ] {
        let alarms = alarms(wrapped(&records));
        assert_eq!((alarms.trusted.len(), alarms.foreign.len()), (1, 1));
        assert_eq!(alarms.unreadable, None);
    }
    let alone = alarms(wrapped(&[foreign(), foreign()]));
    assert_eq!((alone.trusted.len(), alone.foreign.len()), (0, 2));
}

/// It may be the one that flips back.
#[test]
fn an_alarm_that_cannot_be_read_beside_foreign_ones_is_an_error() {
    let error = request(wrapped(&[record("shop-eu-blue-5xx"), text()]));
    assert_eq!(error.expect_err("a text").name(), "InvalidInput");
    let mut without = direct("shop-blue-5xx", json!([]));
    without["alarmArn"] = json!(null);
    let error = request(without).expect_err("no ARN");
    assert!(
        error
            .to_string()
            .contains("expected the ARN of alarm shop-blue-5xx"),
        "{error}"
    );
}

#[test]
fn no_field_makes_a_task_or_a_wrap_of_an_alarm() {
    let mut payload = direct("shop-green-5xx", json!([]));
    payload["action"] = json!(null);
    payload["Records"] = json!([{}, 5]);
    check(payload, Some(Environment::Green));
}
