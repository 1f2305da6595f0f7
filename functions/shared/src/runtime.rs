//! What every `main.rs` needs around its handler: logging, and a task's input read with a named error.

use crate::{Error, excerpt, sentence};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The crates that write our log lines.
const OUR_CRATES: [&str; 8] = [
    "deploy",
    "detect",
    "evaluate_metrics",
    "flip",
    "migrations",
    "record",
    "shared",
    "smoke",
];

/// Starts JSON logging to standard output, at the level of `AWS_LAMBDA_LOG_LEVEL` (INFO when it is not set).
pub fn start_logging() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL")
        .ok()
        .and_then(|level| level.parse().ok());
    subscriber(level.unwrap_or(Level::INFO), std::io::stdout).init();
}

/// Writes log lines as JSON. `timestamp` and `level` are the fields by which Lambda filters them.
///
/// Libraries write nothing below INFO: there the SDK prints whole requests and answers, and with them every variable of
/// a task definition.
pub fn subscriber<W>(level: Level, sink: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = OUR_CRATES.map(|name| (name, level));
    let targets = Targets::new()
        .with_default(level.min(Level::INFO))
        .with_targets(ours);
    let lines = tracing_subscriber::fmt().json().flatten_event(true);
    let lines = lines.with_max_level(level).with_writer(sink);
    lines.finish().with(targets)
}

/// Reads a task's input here and not in the runtime, so that a wrong shape reaches the state machine by name.
///
/// # Errors
/// `InvalidInput` with the field's path.
pub fn read_input<T: DeserializeOwned>(payload: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(payload).map_err(|error| misfit(&error.to_string()))
}

/// Reads the input of a function that knows several tasks, told apart by `action`.
///
/// The action becomes the name of the enum's variant around the other fields: serde's own tag inside an object would
/// lose the path to a wrong field.
///
/// # Errors
/// `InvalidInput` with the field's path.
pub fn read_task<T: DeserializeOwned>(mut payload: Value) -> Result<T, Error> {
    let fields = payload.as_object_mut();
    match fields.and_then(|fields| fields.remove("action")) {
        Some(Value::String(action)) => read_input(json!({ action: payload })),
        Some(other) => Err(misfit(&format!("action: expected text, found {other}"))),
        None => Err(misfit("expected an object with an action, found none")),
    }
}

fn misfit(reason: &str) -> Error {
    Error::InvalidInput(format!(
        "the task's input does not fit: {} Check the state machine's Arguments.",
        sentence(&excerpt(reason))
    ))
}

#[cfg(test)]
#[path = "runtime_tests.rs"]
mod tests;
