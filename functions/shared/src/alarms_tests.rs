//! The tests of `alarms.rs`.

use super::described::ALARM_TYPES;
use super::*;
use aws_sdk_cloudwatch::operation::describe_alarms::{DescribeAlarmsInput, DescribeAlarmsOutput};
use aws_sdk_cloudwatch::types::{CompositeAlarm, LogAlarm, MetricAlarm, StateValue};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;

fn policy(names: &[&str]) -> AlarmPolicy {
    AlarmPolicy {
        service: "shop".to_owned(),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        on_alarm_before_flip: OnAlarmBeforeFlip::Refuse,
    }
}

async fn read(names: &[&str]) -> Result<Vec<AlarmState>, Error> {
    let metrics = mock!(Client::describe_alarms)
        .match_requests(|it: &DescribeAlarmsInput| it.alarm_types() == ALARM_TYPES[0])
        .then_output(|| {
            let own = MetricAlarm::builder().alarm_name("shop-green-5xx");
            let own = own.state_value(StateValue::InsufficientData).build();
            let team = CompositeAlarm::builder().alarm_name("checkout");
            let team = team
                .state_value(StateValue::Alarm)
                .state_reason("slow")
                .build();
            let output = DescribeAlarmsOutput::builder().metric_alarms(own);
            output.composite_alarms(team).build()
        });
    let logs = mock!(Client::describe_alarms)
        .match_requests(|it: &DescribeAlarmsInput| it.alarm_types() == ALARM_TYPES[1])
        .then_output(|| {
            let logs = LogAlarm::builder().alarm_name("payments");
            let logs = logs.state_value(StateValue::Ok).build();
            DescribeAlarmsOutput::builder().log_alarms(logs).build()
        });
    let client = mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, [&metrics, &logs]);
    let states = policy(names).states(&client, Environment::Green).await;
    let left_over = names.iter().any(|name| *name != "checkout");
    assert_eq!(logs.num_calls(), usize::from(left_over));
    states
}

#[tokio::test]
async fn alarms_of_every_type_are_read_and_one_that_is_missing_is_named() {
    let states = read(&["checkout", "payments"]).await.expect("alarms");
    let states: Vec<_> = states
        .iter()
        .map(|it| (it.name.as_str(), it.state.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("shop-green-5xx", "INSUFFICIENT_DATA"),
            ("checkout", "ALARM"),
            ("payments", "OK")
        ]
    );
    assert_eq!(read(&["checkout"]).await.expect("alarms").len(), 2);
    let error = read(&["checkout", "latency"])
        .await
        .expect_err("no latency");
    assert_eq!(error.name(), "NotFound");
    assert!(
        error.to_string().contains("alarm latency was not found"),
        "{error}"
    );
}

/// Checks before a flip to green; `own` and `team` are the states of the two alarms.
fn check(own: &str, team: &str, on_alarm_before_flip: OnAlarmBeforeFlip) -> PreFlipCheck {
    let alarm = |name: &str, state: &str| AlarmState {
        name: name.to_owned(),
        state: state.to_owned(),
        reason: "slow".to_owned(),
    };
    let policy = AlarmPolicy {
        on_alarm_before_flip,
        ..policy(&["checkout"])
    };
    let states = [alarm("shop-green-5xx", own), alarm("checkout", team)];
    policy.check_before_flip(&states, Environment::Green)
}

#[test]
fn an_alarm_that_is_on_before_the_flip_refuses_it_or_does_not_judge() {
    let quiet = check("OK", "INSUFFICIENT_DATA", OnAlarmBeforeFlip::Refuse);
    assert_eq!(
        (quiet.decision, quiet.ignored.len()),
        (PreFlipDecision::Flip, 0)
    );
    let refused = check("OK", "ALARM", OnAlarmBeforeFlip::Refuse);
    assert_eq!(refused.decision, PreFlipDecision::Refuse);
    let reason = "before the flip: alarm checkout: slow";
    assert!(refused.reason.contains(reason), "{refused:?}");
    let warned = check("OK", "ALARM", OnAlarmBeforeFlip::Warn);
    assert_eq!(
        (warned.decision, warned.ignored),
        (PreFlipDecision::Flip, vec!["checkout".to_owned()])
    );
    assert!(
        warned.warnings[0].contains("does not judge"),
        "{:?}",
        warned.warnings
    );
}

#[test]
fn the_stacks_own_alarm_is_left_over_and_refuses_nobody() {
    let found = check("ALARM", "OK", OnAlarmBeforeFlip::Refuse);
    assert_eq!(
        (found.decision, found.ignored),
        (PreFlipDecision::Flip, vec!["shop-green-5xx".to_owned()])
    );
}

#[test]
fn the_alarms_are_read_from_the_variables() {
    let parsed = |when: &'static str| {
        AlarmPolicy::read(&Settings(move |name: &str| match name {
            "SERVICE" => Some("shop".to_owned()),
            "ALARM_NAMES" => Some("a, b".to_owned()),
            "ON_ALARM_BEFORE_FLIP" => Some(when.to_owned()),
            _ => None,
        }))
    };
    assert_eq!(parsed("warn").expect("alarms").names, ["a", "b"]);
    let error = parsed("maybe").expect_err("no policy").to_string();
    assert!(error.contains("variable ON_ALARM_BEFORE_FLIP: expected refuse or warn, found maybe"));
}
