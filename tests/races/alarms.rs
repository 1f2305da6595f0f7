//! An alarm flips back once, and only the release it belongs to (I6).

use crate::world::{push, release, settled, word};
use anyhow::{Context, Result};
use aws_sdk_lambda::primitives::Blob;
use boundary_tests::{on_the_local_aws, stage};
use chrono::{DateTime, TimeDelta, Utc};
use rehearsal::relay::alarm_event;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::{self, Blue, Green};
use std::sync::Arc;

/// The event of an alarm of the stack that changed at `changed`, as CloudWatch would give it to the function.
async fn event(stage: &Stage, side: Environment, changed: DateTime<Utc>) -> Result<Value> {
    let name = format!("{}-{side}-5xx", stage.service);
    let call = stage.aws.cloudwatch().describe_alarms().alarm_names(name);
    let output = call.send().await?;
    let alarm = output.metric_alarms().first().context("no such alarm")?;
    Ok(alarm_event(stage, alarm, changed))
}

/// What flip answers to an event, or the name of its error.
pub async fn deliver(stage: &Stage, event: &Value) -> Result<String> {
    let call = stage.aws.lambda().invoke();
    let call = call.function_name(stage.output("FlipFunctionArn")?);
    let output = call.payload(Blob::new(event.to_string())).send().await?;
    let payload = output.payload().context("no answer")?.as_ref();
    let answer: Value = serde_json::from_slice(payload)?;
    let word = answer["decision"].as_str().or(answer["errorType"].as_str());
    Ok(word.with_context(|| answer.to_string())?.to_owned())
}

/// Delivers an alarm that goes off now.
pub async fn goes_off(stage: &Stage, side: Environment) -> Result<String> {
    deliver(stage, &event(stage, side, Utc::now()).await?).await
}

/// Given a release at each of its stages
/// When alarms come: before the flip, of the idle side, back to OK, three times, after the rollback, late after a
/// newer release
/// Then exactly one of them returns traffic.
#[test]
fn an_alarm_returns_traffic_once_and_only_for_its_own_release() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let mut first = push(&stage, "v1.1.0").await?;
        first.wait("Wait for tasks").await?;
        assert_eq!(goes_off(&stage, Green).await?, "ignored", "before the flip");
        first.wait("Watch").await?;
        let old = event(&stage, Green, Utc::now() - TimeDelta::minutes(1)).await?;
        assert_eq!(
            deliver(&stage, &old).await?,
            "ignored",
            "it went off before the flip"
        );
        assert_eq!(goes_off(&stage, Blue).await?, "ignored", "blue is idle");
        let mut calm = event(&stage, Green, Utc::now()).await?;
        for state in ["OK", "INSUFFICIENT_DATA"] {
            calm["alarmData"]["state"]["value"] = json!(state);
            assert_eq!(deliver(&stage, &calm).await?, "ignored", "{state}");
        }
        let alarm = event(&stage, Green, Utc::now()).await?;
        assert_eq!(deliver(&stage, &alarm).await?, "flipped-back");
        for _ in 0..2 {
            assert_eq!(deliver(&stage, &alarm).await?, "already-back");
        }
        let end = first.quiet_end().await?;
        assert_eq!(word(&end), "ReleaseRolledBack", "{end:?}");
        let before = settled(&stage, Blue).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "already-back",
            "after the rollback"
        );
        assert_eq!(settled(&stage, Blue).await?.record, before.record);

        let newer = release(&stage, "v1.2.0").await?;
        assert_eq!(word(&newer), "released", "{newer:?}");
        let before = settled(&stage, Green).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "ignored",
            "after a newer release"
        );
        assert_eq!(settled(&stage, Green).await?.record, before.record);
        // The standing rollback: the newer release is over, and an alarm of its own still returns traffic.
        assert_eq!(goes_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}
