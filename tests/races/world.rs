//! What the stories here have in common.

use anyhow::{Context, Result, ensure};
use aws_sdk_lambda::primitives::Blob;
use chrono::{DateTime, Utc};
use rehearsal::follow::{End, Follow};
use rehearsal::relay::{self, alarm_event};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::Value;
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

/// The event of an alarm of the stack that changed at `changed`, as CloudWatch would give it to the function.
pub async fn event(stage: &Stage, side: Environment, changed: DateTime<Utc>) -> Result<Value> {
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
