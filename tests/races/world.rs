//! What the stories here have in common.

use anyhow::{Result, ensure};
use rehearsal::follow::{End, Follow};
use rehearsal::relay;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment;

/// Pushes a build and delivers the event of it.
pub async fn push<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    Ok(Follow::new(stage, relay::push(stage, build).await?))
}

/// Pushes a build and waits for the end of its execution.
pub async fn release(stage: &Stage, build: &str) -> Result<End> {
    push(stage, build).await?.quiet_end().await
}

/// The end's result, or its error.
pub fn word(end: &End) -> &str {
    end.output["result"].as_str().unwrap_or(&end.error)
}

/// The state after an end; it must keep the promises, and traffic must be in `active`.
pub async fn settled(stage: &Stage, active: Environment) -> Result<State> {
    let state = State::read(stage).await?;
    let violations = state.violations();
    ensure!(violations.is_empty(), "{violations:?}");
    ensure!(state.active == Ok(active), "{:?}", state.active);
    Ok(state)
}

/// The version that answers the public.
pub async fn live(stage: &Stage) -> Result<String> {
    let client = reqwest::Client::new();
    let answer = stage.request(&client, "/api/v1/ping", None).send().await?;
    let version = answer.headers().get("x-version");
    Ok(version.map_or_else(String::new, |it| {
        String::from_utf8_lossy(it.as_bytes()).into_owned()
    }))
}
