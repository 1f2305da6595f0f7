//! An alarm flips back once, and only the release it belongs to (I6).

use crate::common::{
    UNHURRIED, alarm_event, deliver, deployed, event_of, go_off, let_go, on_a_stage, push, release,
    result, settled,
};
use anyhow::Result;
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use chrono::{TimeDelta, Utc};
use rehearsal::relay::Alarms;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Given a release at each of its stages
/// When alarms come: before the flip, of the idle environment, back to OK, three times, after the rollback, late after a
/// newer release
/// Then exactly one of them flips back.
#[test]
fn an_alarm_flips_back_once_and_only_for_its_own_release() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let mut first = deployed(&stage, "v1.1.0").await?;
        assert_eq!(go_off(&stage, Green).await?, "ignored", "before the flip");
        let_go(&stage);
        first.wait("Watch").await?;
        let old = alarm_event(&stage, Green, Utc::now() - TimeDelta::hours(1)).await?;
        assert_eq!(
            deliver(&stage, &old).await?,
            "ignored",
            "it went off before the flip"
        );
        assert_eq!(go_off(&stage, Blue).await?, "ignored", "blue is idle");
        let mut calm = alarm_event(&stage, Green, Utc::now()).await?;
        for state in ["OK", "INSUFFICIENT_DATA"] {
            calm["alarmData"]["state"]["value"] = json!(state);
            assert_eq!(deliver(&stage, &calm).await?, "ignored", "{state}");
        }
        let alarm = alarm_event(&stage, Green, Utc::now()).await?;
        assert_eq!(deliver(&stage, &alarm).await?, "flipped-back");
        for _ in 0..2 {
            assert_eq!(deliver(&stage, &alarm).await?, "already-flipped-back");
        }
        let end = first.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        let before = settled(&stage, Blue).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "already-flipped-back",
            "after the rollback"
        );
        assert_eq!(settled(&stage, Blue).await?.record, before.record);

        stage.end_watch().await?;
        let newer = release(&stage, "v1.2.0").await?;
        assert_eq!(result(&newer), "released", "{newer:?}");
        let before = settled(&stage, Green).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "ignored",
            "after a newer release"
        );
        assert_eq!(settled(&stage, Green).await?.record, before.record);
        // The standing rollback: the newer release is over, and an alarm of its own still flips back.
        assert_eq!(go_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    });
}

/// Creates an alarm of the team's that is quiet, and whose action is flip.
async fn alarm_of_the_team(stage: &Stage, name: &str) -> Result<()> {
    let call = stage.aws.cloudwatch().put_metric_alarm().alarm_name(name);
    let call = call.namespace("Shop").metric_name("Latency").period(60);
    let call = call.statistic(Statistic::Maximum).evaluation_periods(1);
    let call = call.comparison_operator(ComparisonOperator::GreaterThanThreshold);
    let call = call.alarm_actions(stage.output("FlipFunctionArn")?);
    call.threshold(1.0).send().await?;
    set(stage, name, StateValue::Ok).await
}

async fn set(stage: &Stage, name: &str, state: StateValue) -> Result<()> {
    let call = stage.aws.cloudwatch().set_alarm_state().alarm_name(name);
    let call = call.state_value(state).state_reason("p99 of 3 s");
    call.send().await?;
    Ok(())
}

/// Given a stack that lists one of the team's alarms, and a release in its watch
/// When another alarm goes off, the same comes from another account, and then the listed one goes off
/// Then the listed one alone flips back.
#[test]
fn an_alarm_of_the_team_flips_back_if_it_is_listed() {
    let listed = ("RollbackAlarmNames", "checkout");
    on_a_stage(&[UNHURRIED, listed], async |stage: Arc<Stage>| {
        alarm_of_the_team(&stage, "checkout").await?;
        alarm_of_the_team(&stage, "checkout-2").await?;
        let _alarms = Alarms::relay(&stage);
        let mut follow = push(&stage, "v1.1.0").await?;
        follow.wait("Watch").await?;
        set(&stage, "checkout-2", StateValue::Alarm).await?;
        let other = event_of(&stage, "checkout-2", Utc::now()).await?;
        assert_eq!(deliver(&stage, &other).await?, "ignored", "not listed");
        let mut foreign = event_of(&stage, "checkout", Utc::now()).await?;
        let arn = foreign["alarmArn"].to_string();
        let arn = arn.replace(&stage.aws.account, "999999999999");
        foreign["alarmArn"] = json!(arn.trim_matches('"'));
        assert_eq!(deliver(&stage, &foreign).await?, "ignored", "not ours");
        assert_eq!(State::read(&stage).await?.active, Ok(Green));
        set(&stage, "checkout", StateValue::Alarm).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        assert!(end.cause.contains("checkout: p99 of 3 s"), "{}", end.cause);
        settled(&stage, Blue).await?;
        Ok(())
    });
}
