//! A gate before what changes the schema: a migration of a release, and a contract step.

use super::{AT_GATE, taken, word};
use crate::common::{COMMANDS_IN_REQUESTS, execute, live, on_a_stage, put, result};
use anyhow::{Result, ensure};
use rehearsal::follow::Follow;
use rehearsal::notices::Event;
use rehearsal::relay;
use rehearsal::run::{CONTRACT, EXPAND};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::{Value, json};
use std::sync::Arc;

const COMMANDS: [(&str, &str); 3] = [
    COMMANDS_IN_REQUESTS,
    ("ApprovalBefore", "commands"),
    ("StableReleasesBeforeContract", "1"),
];

/// Given a stack in which commands wait for an approval
/// When a release brings one, and is approved
/// Then it runs; a release without one waits for nobody.
/// When a contract is rejected, and requested again and approved
/// Then only the second one runs.
#[test]
fn commands_wait_for_an_approval() {
    on_a_stage(&COMMANDS, async |stage: Arc<Stage>| {
        expand(&stage).await?;
        put(&stage, "v3.0.0").await?;
        let end = execute(&stage, json!({"tag": "v3.0.0"})).await?;
        ensure!(
            result(&end) == "released" && !end.entered(AT_GATE),
            "{end:?}"
        );
        let end = contract(&stage, "reject", "rejected").await?;
        ensure!(result(&end) == "ReleaseRefused", "{end:?}");
        ensure!(end.cause.contains("ada has looked"), "{}", end.cause);
        ensure!(State::read(&stage).await?.record.contract.is_none());
        let end = contract(&stage, "approve", "approved").await?;
        ensure!(result(&end) == "contracted", "{end:?}");
        ensure!(live(&stage).await? == "v3.0.0");
        Ok(())
    });
}

async fn expand(stage: &Stage) -> Result<()> {
    put(stage, "v2.0.0").await?;
    let migration = json!({"command": ["migrate", EXPAND], "sql": EXPAND});
    let mut release = start(stage, &json!({"tag": "v2.0.0", "migration": migration})).await?;
    release.wait(AT_GATE).await?;
    taken(stage, word("approve", release.release()), "approved").await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    let log = end.output["migration"].to_string();
    ensure!(log.contains("note TEXT"), "{log}");
    Ok(())
}

/// A contract up to its gate, what is said there, and its end.
async fn contract(stage: &Stage, action: &str, expect: &str) -> Result<rehearsal::follow::End> {
    let request = json!({"action": "contract", "command": ["migrate", CONTRACT], "sql": CONTRACT});
    let step = start(stage, &request).await?;
    let is_gate = |it: &Event| it.what() == "awaits-approval" && it.is_of(step.execution());
    let event = stage.inbox.events.wait(is_gate).await?;
    ensure!(
        event.detail["ask"]["approve"]["gate"] == "commands",
        "{event:#?}"
    );
    taken(stage, word(action, step.release()), expect).await?;
    step.quiet_end().await
}

async fn start<'a>(stage: &'a Stage, request: &Value) -> Result<Follow<'a>> {
    Ok(Follow::new(stage, relay::request(stage, request).await?))
}
