//! What of an alarm counts, and what cannot stop a flip back.

use super::*;
use serde_json::json;

const CHANGED: &str = "2026-11-23T12:00:30.250+0000";

/// What an event says of an alarm; `team:slow` and `slow` are listed.
fn reading(payload: &Value) -> Result<Reading, Refusal> {
    let group = |name: &str| format!("arn:aws:x:targetgroup/shop-{name}/1");
    let groups = PerEnvironment {
        blue: group("blue"),
        green: group("green"),
    };
    let listed = ["team:slow", "slow"].map(str::to_owned);
    let trusted = TrustedAlarms {
        service: "shop",
        listed: &listed,
        function_arn: "arn:aws:lambda:eu-west-1:1:function:shop-Flip",
    };
    read(payload, trusted, &groups, Time::default())
}

fn alarm(payload: &Value) -> Result<AlarmStateChange, Refusal> {
    match reading(payload)? {
        Reading::Trusted(alarm) => Ok(alarm),
        Reading::Foreign(refusal) => panic!("foreign: {refusal}"),
    }
}

fn direct() -> Value {
    json!({"alarmArn": "arn:aws:cloudwatch:eu-west-1:1:alarm:team:slow", "alarmData": {"alarmName": "team:slow",
        "state": {"value": "ALARM", "reason": "14 > 10", "timestamp": CHANGED},
        "configuration": {"metrics": []}}})
}

/// The alarm is read after the field was changed, and still is what it was.
fn still_due(place: &str, value: Value) -> AlarmStateChange {
    let mut payload = direct();
    *payload.pointer_mut(place).expect("a field") = value;
    let alarm = alarm(&payload).unwrap_or_else(|reason| panic!("{place}: {reason}"));
    assert_eq!(
        (alarm.name.as_str(), alarm.state, alarm.environment),
        ("team:slow", StateValue::Alarm, None),
        "{place}"
    );
    alarm
}

#[test]
fn only_the_arn_and_the_state_must_be_there() {
    for value in [json!(null), json!(7), json!({"a": 1}), json!([]), json!("")] {
        still_due("/alarmData/configuration", value.clone());
        still_due("/alarmData/configuration/metrics", value.clone());
        let reason = still_due("/alarmData/state/reason", value.clone()).reason;
        assert_eq!(reason, "no reason was given");
        let changed_at = still_due("/alarmData/state/timestamp", value.clone()).changed_at;
        assert_eq!(changed_at, Time::default());
        still_due("/alarmData/alarmName", value);
    }
    still_due("/alarmData/state/timestamp", json!("yesterday"));
    still_due("/alarmData/state/value", json!("alarm"));
}

#[test]
fn an_alarm_that_cannot_be_read_is_an_error_and_not_ignored() {
    let refused = |place: &str, value: Value, expect: &str| {
        let mut payload = direct();
        *payload.pointer_mut(place).expect("a field") = value;
        let reason = alarm(&payload).expect_err("not an alarm");
        assert!(reason.as_str().starts_with(expect), "{reason}");
    };
    for value in [json!(null), json!(7), json!(""), json!("arn")] {
        refused("/alarmArn", value, "expected the ARN of alarm team:slow in");
    }
    let places = "alarmData.state.value, NewStateValue or detail.state.value";
    let states = format!("expected OK, ALARM or INSUFFICIENT_DATA in {places}, found ");
    refused("/alarmData/state", json!({}), &format!("{states}nothing"));
    refused(
        "/alarmData/state/value",
        json!("RED"),
        &format!("{states}\"RED\""),
    );
    let nameless = json!({"alarmData": {"alarmName": 5, "state": {"value": "ALARM"}}});
    let reason = alarm(&nameless).expect_err("no name").into_reason();
    let places = "alarmData.alarmName, AlarmName or detail.alarmName";
    assert_eq!(
        reason,
        format!("expected an alarm's name in {places}, found 5")
    );
}

/// Whatever else it says: it is not read any further.
#[test]
fn a_foreign_alarm_is_ignored_in_every_form() {
    let arn = "arn:aws:cloudwatch:eu-west-1:9:alarm:slow";
    for (payload, named) in [
        (
            json!({"alarmArn": arn, "alarmData": {"alarmName": "slow"}}),
            arn,
        ),
        (
            json!({"AlarmArn": arn, "AlarmName": "slow", "NewStateValue": "RED"}),
            arn,
        ),
        (json!({"resources": [arn], "detail": {}}), arn),
        (
            json!({"detail": {"alarmName": "slower", "state": {"value": "ALARM"}}}),
            "slower",
        ),
    ] {
        let read = reading(&payload).expect("an alarm");
        let Reading::Foreign(refusal) = read else {
            panic!("{read:?}")
        };
        assert!(
            refusal
                .as_str()
                .starts_with(&format!("alarm {named}: only")),
            "{refusal}"
        );
    }
}

#[test]
fn an_alarm_from_eventbridge_is_read() {
    let metrics = json!([{"metricStat": {"metric": {"dimensions": {"TargetGroup": "targetgroup/shop-green/1"}}}}]);
    let event = json!({"detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "resources": ["arn:aws:cloudwatch:eu-west-1:1:alarm:slow"], "detail": {"alarmName": "slow",
        "state": {"value": "ALARM", "reason": "14 > 10", "timestamp": CHANGED},
        "configuration": {"metrics": metrics}}});
    let alarm = alarm(&event).expect("an alarm");
    assert_eq!(
        (alarm.name.as_str(), alarm.state, alarm.environment),
        ("slow", StateValue::Alarm, Some(Environment::Green))
    );
    assert_eq!(
        (alarm.reason.as_str(), alarm.changed_at.timestamp_millis()),
        ("14 > 10", 1_795_435_230_250)
    );
}

/// The stack's own alarms read the requests of both target groups, for the share that each has.
#[test]
fn an_alarm_of_the_stack_belongs_to_the_environment_that_it_is_named_after_whatever_it_measures() {
    let of = |name: &str| {
        let metric = |group: &str| json!({"metricStat": {"metric": {"dimensions": {"TargetGroup": format!("targetgroup/shop-{group}/1")}}}});
        let mut payload = direct();
        let arn = format!("arn:aws:cloudwatch:eu-west-1:1:alarm:{name}");
        payload["alarmArn"] = json!(arn);
        payload["alarmData"]["alarmName"] = json!(name);
        payload["alarmData"]["configuration"]["metrics"] = json!([metric("green"), metric("blue")]);
        alarm(&payload).expect("an alarm").environment
    };
    assert_eq!(of("shop-green-5xx"), Some(Environment::Green));
    assert_eq!(of("shop-blue-5xx"), Some(Environment::Blue));
    assert_eq!(of("slow"), None);
}

#[test]
fn a_target_group_that_is_only_mentioned_is_not_watched() {
    let mut payload = direct();
    payload["alarmData"]["configuration"]["description"] = json!("unlike targetgroup/shop-blue/1");
    payload["note"] = json!("targetgroup/shop-blue/1");
    let environment = alarm(&payload).expect("an alarm").environment;
    assert_eq!(environment, None);
}

#[test]
fn a_reason_of_any_length_fits_into_the_record() {
    let alarm = still_due("/alarmData/state/reason", json!("x".repeat(250_000)));
    assert!(alarm.reason.len() < 500);
}
