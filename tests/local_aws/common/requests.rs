//! What a person, a push or an alarm asks of a stage, and what comes of it.

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use rehearsal::aws::lambda::invoke;
use rehearsal::follow::{End, Follow};
use rehearsal::relay;
use rehearsal::stage::{REPOSITORY, Stage};
use rehearsal::state::State;
use serde_json::{Value, json};
use shared::Environment;

/// Pushes a build and delivers the event of it.
pub async fn push<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    Ok(Follow::new(stage, relay::push(stage, build).await?))
}

/// Pushes a build and waits for the end of its execution.
pub async fn release(stage: &Stage, build: &str) -> Result<End> {
    push(stage, build).await?.quiet_end().await
}

/// Puts a build into the repository without an event; its digest.
pub async fn put(stage: &Stage, build: &str) -> Result<String> {
    stage.registry.push(&stage.aws, REPOSITORY, build).await
}

/// Starts the state machine with an operator's input, and waits for the end.
pub async fn execute(stage: &Stage, input: Value) -> Result<End> {
    let follow = Follow::new(stage, relay::request(stage, &input).await?);
    follow.quiet_end().await
}

/// The preview of a request.
pub async fn preview(stage: &Stage, of: Value) -> Result<Value> {
    let end = execute(stage, json!({"action": "plan", "request": of})).await?;
    ensure!(end.output["result"].is_string(), "no preview: {end:?}");
    Ok(end.output)
}

/// The end's result, or its error.
pub fn result(end: &End) -> &str {
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
    let answer = stage.request("/api/v1/ping", None).send().await?;
    let version = answer.headers().get("x-version");
    Ok(version.map_or_else(String::new, |it| {
        String::from_utf8_lossy(it.as_bytes()).into_owned()
    }))
}

/// The event of an alarm of the stack that changed at `changed`, as CloudWatch would give it to the function.
pub async fn alarm_event(
    stage: &Stage,
    environment: Environment,
    changed: DateTime<Utc>,
) -> Result<Value> {
    let name = format!("{}-{environment}-5xx", stage.service);
    event_of(stage, &name, changed).await
}

/// The same for an alarm by its name.
pub async fn event_of(stage: &Stage, name: &str, changed: DateTime<Utc>) -> Result<Value> {
    let call = stage.aws.cloudwatch().describe_alarms().alarm_names(name);
    let output = call.send().await?;
    let alarm = output.metric_alarms().first().context("no such alarm")?;
    Ok(relay::alarm_event(stage, alarm, changed))
}

/// What flip answers to an event, or the name of its error.
pub async fn deliver(stage: &Stage, event: &Value) -> Result<String> {
    let function = stage.output("FlipFunctionArn")?;
    let answer = invoke(&stage.aws, function, event).await?.answer;
    let decision = answer["decision"].as_str().or(answer["errorType"].as_str());
    Ok(decision.with_context(|| answer.to_string())?.to_owned())
}

/// Delivers an alarm of an environment that goes off now.
pub async fn go_off(stage: &Stage, environment: Environment) -> Result<String> {
    deliver(stage, &alarm_event(stage, environment, Utc::now()).await?).await
}
