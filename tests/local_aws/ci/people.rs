//! Releases that wait for people, and decisions, as jobs of a CI.

use super::{Running, Script};
use crate::common::{execute, on_a_stage, put, result};
use anyhow::Result;
use rehearsal::stage::Stage;
use serde_json::json;
use std::sync::Arc;

/// A job that waits at a gate until somebody has decided.
async fn waiting(stage: &Stage, name: &str, build: &str) -> Result<Running> {
    put(stage, build).await?;
    let options = ["--tag", build, "--at-gate", "wait"];
    let running = Script::new(stage, name, &options).await?.start()?;
    running.says("waits for an approval").await?;
    Ok(running)
}

/// Given a stack whose releases wait before their flip, and in which a newer one replaces what waits there
/// When jobs release one build and then another one, and a third approves that
/// Then the first ends with 6; once more and patient, with 5; the others with 0.
/// When the service is frozen, and a job releases, and another one rejects what has ended
/// Then both end with 3.
#[test]
fn a_gate_ends_a_job_with_6_or_keeps_it_until_somebody_decides() {
    let parameters = [("ApprovalBefore", "flip"), ("WhenNewerPushed", "replace")];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let plain = Script::new(&stage, "one", &["--tag", "v1.1.0"]).await?;
        plain.run().await?.assert(6, "waits for a person");
        let one = waiting(&stage, "one", "v1.1.0").await?;
        put(&stage, "v1.2.0").await?;
        let two = Script::new(&stage, "two", &["--tag", "v1.2.0", "--at-gate", "wait"]).await?;
        let two = two.start()?;
        one.end().await?.assert(5, "newer");
        two.says("waits for an approval").await?;
        let approve = [
            "--input",
            r#"{"action": "approve", "release": "two", "by": "ada"}"#,
        ];
        let approved = Script::new(&stage, "approve", &approve)
            .await?
            .run()
            .await?;
        approved.assert(0, "approved");
        two.end().await?.assert(0, "released to green");
        let freeze = json!({"action": "freeze", "reason": "the sale"});
        let end = execute(&stage, freeze).await?;
        assert_eq!(result(&end), "frozen", "{end:?}");
        let frozen = Script::new(&stage, "three", &["--tag", "v1.1.0"]).await?;
        frozen.run().await?.assert(3, "the sale");
        let reject = ["--input", r#"{"action": "reject", "release": "two"}"#];
        let late = Script::new(&stage, "late", &reject).await?.run().await?;
        late.assert(3, "DecisionRefused");
        Ok(())
    });
}
