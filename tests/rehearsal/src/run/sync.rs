//! After a release the idle environment gets the image of the active one, and the older version is gone for good.

use super::operator::Operator;
use crate::follow::Follow;
use crate::relay;
use anyhow::Result;
use serde_json::{Value, json};

/// The listener of the example environment that always forwards to blue.
const BLUE_LISTENER: u16 = 8081;

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    let sync = json!({"action": "sync"});
    show.say("pushing v1.1.0");
    let mut release = Follow::new(stage, relay::push(stage, "v1.1.0").await?);
    release
        .until(Some("Watch"), show, &operator.traffic)
        .await?;
    let early = operator.request(&sync).await?;
    let expected = "a sync during the watch is refused";
    let cause = "would end its flip back";
    operator.failed(expected, &early, "ReleaseRefused", cause);
    stage.end_watch().await?;
    let end = operator.end("a push of v1.1.0", release).await?;
    operator.succeeded("v1.1.0 is released to green", &end, "released");
    synced(operator, &sync).await?;
    let rollback = json!({"action": "rollback", "reason": "too late"});
    let end = operator.request(&rollback).await?;
    let expected = "a rollback is refused, with the reason";
    operator.failed(expected, &end, "RollbackRefused", "did not move traffic");
    let end = operator.request(&json!({"action": "report-drift"})).await?;
    operator.succeeded("nothing has drifted", &end, "nothing to release");
    operator.nobody_noticed();
    Ok(())
}

async fn synced(operator: &mut Operator<'_>, sync: &Value) -> Result<()> {
    let end = operator.request(sync).await?;
    operator.succeeded("the sync SUCCEEDED", &end, "synced");
    let warnings = end.output["warnings"].to_string();
    let warned = warnings.contains("ends-flip-back")
        && warnings.contains("traffic cannot be flipped back to sha256:");
    operator
        .report
        .check("it says that it ends the flip back", warned, &warnings);
    operator.never_flipped(&end);
    let idle = operator.stage.version(BLUE_LISTENER).await?;
    operator
        .report
        .check("blue runs v1.1.0 as well", idle == "v1.1.0", &idle);
    operator.answers("v1.1.0 answers customers", "v1.1.0").await;
    Ok(())
}
