//! The team's own alarms: before the flip they refuse a release or do not judge it, during the watch they flip it
//! back.

use super::{verdict, warnings};
use crate::common::{PATIENT, UNHURRIED, deployed, let_go, on_a_stage, push, release, result};
use anyhow::Result;
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use rehearsal::traffic::Traffic;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// A metric alarm and a composite one over it.
const ALARMS: (&str, &str) = ("AlarmNames", "checkout-latency,checkout");

/// Creates both alarms and gives them a state.
async fn alarms(stage: &Stage, state: StateValue) -> Result<()> {
    let cloudwatch = stage.aws.cloudwatch();
    let call = cloudwatch.put_metric_alarm().alarm_name("checkout-latency");
    let call = call.namespace("Shop").metric_name("Latency").period(60);
    let call = call.statistic(Statistic::Maximum).evaluation_periods(1);
    let above = ComparisonOperator::GreaterThanThreshold;
    call.comparison_operator(above)
        .threshold(1.0)
        .send()
        .await?;
    let call = cloudwatch.put_composite_alarm().alarm_name("checkout");
    call.alarm_rule("ALARM(checkout-latency)").send().await?;
    set(stage, "checkout-latency", StateValue::Ok).await?;
    set(stage, "checkout", state).await
}

async fn set(stage: &Stage, alarm: &str, state: StateValue) -> Result<()> {
    let call = stage.aws.cloudwatch().set_alarm_state().alarm_name(alarm);
    let call = call
        .state_value(state)
        .state_reason("p99 of 3 s is too slow");
    call.send().await?;
    Ok(())
}

/// Given an alarm that is in ALARM already
/// When an image is pushed
/// Then the release is refused before anything is touched, naming the alarm.
#[test]
fn an_alarm_that_is_on_already_refuses_the_release() {
    on_a_stage(&[ALARMS], async |stage: Arc<Stage>| {
        alarms(&stage, StateValue::Alarm).await?;
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "ReleaseRefused", "{end:?}");
        let named = end.cause.contains("alarm checkout: p99 of 3 s");
        assert!(named, "{}", end.cause);
        assert!(!end.states.iter().any(|it| it == "Register task definition"));
        Ok(())
    });
}

/// Given an image that is being deployed
/// When an alarm goes off
/// Then the release fails before the flip, naming the alarm, and nobody's traffic moved.
#[test]
fn an_alarm_that_goes_off_before_the_flip_refuses_it() {
    on_a_stage(&[ALARMS], async |stage: Arc<Stage>| {
        alarms(&stage, StateValue::Ok).await?;
        let release = deployed(&stage, "v1.1.0").await?;
        set(&stage, "checkout", StateValue::Alarm).await?;
        let_go(&stage);
        let end = release.quiet_end().await?;
        assert_eq!(result(&end), "AlarmBeforeFlip", "{end:?}");
        assert!(
            end.cause.contains("alarm checkout: p99 of 3 s"),
            "{}",
            end.cause
        );
        assert!(!end.states.iter().any(|it| it == "Flip traffic"));
        let state = State::read(&stage).await?;
        assert_eq!((state.active, state.record.holder), (Ok(Blue), None));
        Ok(())
    });
}

/// Given an alarm that is in ALARM already, and a team that lets that pass
/// When an image is pushed
/// Then it is released, the alarm does not judge it, and a warning says so.
#[test]
fn an_alarm_may_be_let_pass_and_does_not_judge_the_release_then() {
    let warn = [ALARMS, ("OnAlarmBeforeFlip", "warn"), PATIENT];
    on_a_stage(&warn, async |stage: Arc<Stage>| {
        alarms(&stage, StateValue::Alarm).await?;
        let _traffic = Traffic::start(&stage);
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(
            (result(&end), verdict(&end)),
            ("released", "healthy"),
            "{end:?}"
        );
        assert!(
            warnings(&end).contains("does not judge the release"),
            "{}",
            warnings(&end)
        );
        Ok(())
    });
}

/// Given a release in its watch
/// When one of the team's alarms goes off
/// Then the release is flipped back, and the cause names the alarm.
#[test]
fn an_alarm_of_the_team_flips_back() {
    on_a_stage(&[ALARMS, UNHURRIED], async |stage: Arc<Stage>| {
        alarms(&stage, StateValue::Ok).await?;
        let mut follow = push(&stage, "v1.1.0").await?;
        follow.wait("Watch").await?;
        assert_eq!(State::read(&stage).await?.active, Ok(Green));
        set(&stage, "checkout-latency", StateValue::Alarm).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        assert!(end.cause.contains("alarm checkout"), "{}", end.cause);
        assert_eq!(State::read(&stage).await?.active, Ok(Blue));
        Ok(())
    });
}

/// Given a parameter that names an alarm which does not exist
/// When an image is pushed
/// Then the release is refused, saying which.
#[test]
fn an_alarm_that_does_not_exist_is_named() {
    on_a_stage(&[ALARMS], async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "ReleaseRefused", "{end:?}");
        let named = "alarm checkout-latency was not found";
        assert!(end.cause.contains(named), "{}", end.cause);
        assert_eq!(State::read(&stage).await?.active, Ok(Blue));
        Ok(())
    });
}
