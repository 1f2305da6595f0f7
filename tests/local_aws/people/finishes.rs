//! Watches that a person ends; and the freeze that a rollback begins by itself.

use super::{refused, status, taken, word};
use crate::common::{deployed, go_off, let_go, live, on_a_stage, push, result, settled};
use anyhow::{Result, ensure};
use rehearsal::stage::Stage;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Steps of ten minutes, whose verdicts flip nothing back.
const STEPS: [(&str, &str); 3] = [
    ("TrafficSteps", "10:600,100:600"),
    ("VerdictMode", "shadow"),
    ("FreezeAfterRollback", "on"),
];

/// Given a release in two steps of ten minutes each
/// When a person ends its watch: before there is one, at the first step, again, at the second, and after the end
/// Then each step ends by one word for it, and the release says who ended it.
/// When an alarm flips it back after that
/// Then the service is frozen: the next push is held back, until somebody says that it is over.
#[test]
fn a_watch_ends_by_a_word_and_a_rollback_freezes() {
    on_a_stage(&STEPS, async |stage: Arc<Stage>| {
        finished(&stage).await?;
        ensure!(go_off(&stage, Green).await? == "flipped-back");
        settled(&stage, Blue).await?;
        let end = push(&stage, "v1.2.0").await?.quiet_end().await?;
        ensure!(result(&end) == "held back", "{end:?}");
        let found = status(&stage).await?;
        ensure!(found["freeze"]["by"] == "FreezeAfterRollback", "{found:#}");
        let end = taken(&stage, json!({"action": "unfreeze"}), "unfrozen").await?;
        ensure!(end.output.to_string().contains("v1.2.0"), "{end:?}");
        ensure!(live(&stage).await? == "v1.0.0");
        Ok(())
    });
}

async fn finished(stage: &Stage) -> Result<()> {
    let mut release = deployed(stage, "v1.1.0").await?;
    let name = release.release().to_owned();
    refused(stage, word("finish", &name), "").await?;
    let_go(stage);
    release.wait_for_share(10).await?;
    taken(stage, word("finish", &name), "finished").await?;
    release.wait_for_share(100).await?;
    taken(stage, word("finish", &name), "finished").await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    refused(stage, word("finish", &name), "").await?;
    let state = settled(stage, Green).await?;
    let finished = state.record.release.and_then(|it| it.finished);
    let by = finished.and_then(|it| it.decision.by);
    ensure!(by.as_deref() == Some("ada"), "{by:?}");
    Ok(())
}
