//! The tests of `alarms.rs`.

use super::*;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{CompositeAlarm, MetricAlarm};
use aws_smithy_mocks::{RuleMode, mock, mock_client};

fn alarms(names: &[&str]) -> Alarms {
    Alarms {
        service: "shop".to_owned(),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        when_alarmed: WhenAlarmed::Refuse,
    }
}

async fn look(names: &[&str]) -> Result<Vec<Alarm>, Error> {
    let rule = mock!(Client::describe_alarms).then_output(|| {
        let own = MetricAlarm::builder().alarm_name("shop-green-5xx");
        let own = own.state_value(StateValue::InsufficientData).build();
        let team = CompositeAlarm::builder().alarm_name("checkout");
        let team = team
            .state_value(StateValue::Alarm)
            .state_reason("slow")
            .build();
        let output = DescribeAlarmsOutput::builder();
        output.metric_alarms(own).composite_alarms(team).build()
    });
    let client = mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, [&rule]);
    alarms(names).look(&client, Environment::Green).await
}

#[tokio::test]
async fn metric_and_composite_alarms_are_read_and_one_that_is_missing_is_named() {
    let found = look(&["checkout"]).await.expect("alarms");
    let states: Vec<_> = found
        .iter()
        .map(|it| (it.name.as_str(), it.state.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("shop-green-5xx", "INSUFFICIENT_DATA"),
            ("checkout", "ALARM")
        ]
    );
    let error = look(&["checkout", "latency"])
        .await
        .expect_err("no latency");
    assert_eq!(error.name(), "NotFound");
    assert!(
        error.to_string().contains("alarm latency was not found"),
        "{error}"
    );
}

/// Clears a flip to green; `own` and `team` are the states of the two alarms.
fn clear(own: &str, team: &str, when_alarmed: WhenAlarmed) -> Clearance {
    let alarm = |name: &str, state: &str| Alarm {
        name: name.to_owned(),
        state: state.to_owned(),
        reason: "slow".to_owned(),
    };
    let alarms = Alarms {
        when_alarmed,
        ..alarms(&["checkout"])
    };
    let states = [alarm("shop-green-5xx", own), alarm("checkout", team)];
    alarms.clear(&states, Environment::Green)
}

#[test]
fn an_alarm_that_is_on_before_the_flip_refuses_it_or_loses_its_say() {
    let quiet = clear("OK", "INSUFFICIENT_DATA", WhenAlarmed::Refuse);
    assert_eq!((quiet.decision, quiet.ignored.len()), (Cleared::Flip, 0));
    let refused = clear("OK", "ALARM", WhenAlarmed::Refuse);
    assert_eq!(refused.decision, Cleared::Refuse);
    let told = "before the flip: alarm checkout: slow";
    assert!(refused.reason.contains(told), "{refused:?}");
    let warned = clear("OK", "ALARM", WhenAlarmed::Warn);
    assert_eq!(
        (warned.decision, warned.ignored),
        (Cleared::Flip, vec!["checkout".to_owned()])
    );
    assert!(
        warned.warnings[0].contains("without a say"),
        "{:?}",
        warned.warnings
    );
}

#[test]
fn the_stacks_own_alarm_is_left_over_and_refuses_nobody() {
    let found = clear("ALARM", "OK", WhenAlarmed::Refuse);
    assert_eq!(
        (found.decision, found.ignored),
        (Cleared::Flip, vec!["shop-green-5xx".to_owned()])
    );
}

#[test]
fn the_alarms_are_read_from_the_variables() {
    let read = |when: &'static str| {
        Alarms::read(&Settings(move |name: &str| match name {
            "SERVICE" => Some("shop".to_owned()),
            "ALARM_NAMES" => Some("a, b".to_owned()),
            "WHEN_ALARMED" => Some(when.to_owned()),
            _ => None,
        }))
    };
    assert_eq!(read("warn").expect("alarms").names, ["a", "b"]);
    let error = read("maybe").expect_err("no policy").to_string();
    assert!(error.contains("variable WHEN_ALARMED: expected refuse or warn, found maybe"));
}
