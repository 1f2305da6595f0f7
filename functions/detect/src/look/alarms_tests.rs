//! The tests of `alarms.rs`.

use super::*;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{MetricAlarm, StateValue};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;

/// What is known of these alarms where CloudWatch has `errors` alone, and how many calls that takes.
async fn looked_up(names: &[&str]) -> (Vec<RollbackAlarm>, usize) {
    let described = mock!(Client::describe_alarms).then_output(|| {
        let alarm = MetricAlarm::builder().alarm_name("errors");
        let alarm = alarm
            .state_value(StateValue::Alarm)
            .actions_enabled(false)
            .alarm_actions("arn:flip")
            .ok_actions("arn:pager");
        let output = DescribeAlarmsOutput::builder();
        output.metric_alarms(alarm.build()).build()
    });
    let client = mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, [&described]);
    let names: Vec<_> = names.iter().map(|it| (*it).to_owned()).collect();
    let alarms = rollback_alarms(&client, &names).await.expect("alarms");
    (alarms, described.num_calls())
}

#[tokio::test]
async fn a_listed_alarm_is_looked_up_with_what_it_does_in_alarm() {
    let (alarms, calls) = looked_up(&["errors"]).await;
    assert_eq!(calls, 1);
    let found = alarms[0].found.as_ref().expect("errors");
    assert!(found.state.is_on() && !found.actions_enabled);
    assert_eq!(found.actions, ["arn:flip"]);
}

#[tokio::test]
async fn a_listed_alarm_that_does_not_exist_is_not_taken_for_another() {
    let (alarms, _) = looked_up(&["error", "errors"]).await;
    let found: Vec<_> = alarms
        .iter()
        .map(|it| (it.name.as_str(), it.found.is_some()))
        .collect();
    assert_eq!(found, [("error", false), ("errors", true)]);
}

#[tokio::test]
async fn an_empty_parameter_takes_no_call() {
    assert_eq!(looked_up(&[]).await, (Vec::new(), 0));
}
