//! Who may do what: whose commands run, what a CI job can cause, and what the record keeps of who asked.

mod commands;
mod job;
mod origin;

use anyhow::{Context, Result};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::Value;

/// Who asked for the release in the record.
async fn origin(stage: &Stage) -> Result<Value> {
    let release = State::read(stage).await?.record.release;
    let release = serde_json::to_value(release.context("no release")?)?;
    Ok(release["origin"].clone())
}
