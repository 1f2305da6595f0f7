//! What an operator does beside releasing: plans, findings, drift, syncs and migrations, on the local AWS.

mod findings;
mod migrations;
mod plans;
mod raw;
#[path = "../races/world.rs"]
mod world;

use anyhow::Result;
use rehearsal::follow::{End, Follow};
use rehearsal::relay;
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::{Value, json};

/// Asks the state machine for something, and waits for the end.
pub async fn ask(stage: &Stage, request: Value) -> Result<End> {
    let follow = Follow::new(stage, relay::ask(stage, &request).await?);
    follow.quiet_end().await
}

/// The plan of a request.
pub async fn plan(stage: &Stage, request: Value) -> Result<Value> {
    let end = ask(stage, json!({"action": "plan", "request": request})).await?;
    anyhow::ensure!(end.output["result"].is_string(), "no plan: {end:?}");
    Ok(end.output)
}

/// Puts a build into the repository; nobody hears of it.
pub async fn put(stage: &Stage, build: &str) -> Result<String> {
    stage.registry.push(&stage.aws, REPOSITORY, build).await
}
