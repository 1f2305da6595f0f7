//! People against the verdict: nobody keeps a version that fails its customers (I4).

use super::{IN_WATCH, is_told, refused, taken, word};
use crate::common::{held, hold, let_go, live, on_a_stage, push, result, settled};
use anyhow::{Result, ensure};
use rehearsal::follow::{End, Follow};
use rehearsal::metrics::publish_errors;
use rehearsal::stage::Stage;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// All of the traffic at once, and a gate before the end.
const GATE: [(&str, &str); 1] = [("ApprovalBefore", "finish")];

/// Given a release that waits for an approval before its end, with all of the traffic
/// When its metrics go bad
/// Then it is flipped back, and the approval that comes after that is refused.
/// When the next ones are held, or their watch is ended by a person, while the verdict on them is on its way
/// Then they are flipped back all the same.
#[test]
fn nobody_keeps_a_version_that_fails_its_customers() {
    on_a_stage(&GATE, async |stage: Arc<Stage>| {
        let mut release = push(&stage, "v1.1.0").await?;
        release.wait(IN_WATCH).await?;
        let name = release.release().to_owned();
        ensure!(live(&stage).await? == "v1.1.0");
        is_told(&stage, &name, "finish").await?;
        refused(&stage, word("finish", &name), "approve").await?;
        publish_errors(&stage, Green).await?;
        let end = flipped_back(&stage, release).await?;
        ensure!(end.cause.contains("target 5xx"), "{}", end.cause);
        refused(&stage, word("approve", &name), "").await?;
        for (build, action, expect) in
            [("v1.2.0", "hold", "held"), ("v1.3.0", "finish", "finished")]
        {
            hold(&stage, "EvaluateMetrics", 1, "DescribeTargetHealth", 0);
            let release = push(&stage, build).await?;
            held(&stage).await?;
            taken(&stage, word(action, release.release()), expect).await?;
            let_go(&stage);
            flipped_back(&stage, release).await?;
        }
        Ok(())
    });
}

async fn flipped_back(stage: &Stage, release: Follow<'_>) -> Result<End> {
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "ReleaseRolledBack", "{end:?}");
    settled(stage, Blue).await?;
    ensure!(live(stage).await? == "v1.0.0");
    Ok(end)
}
