//! What every `main.rs` needs around its handler: logging, and a task's input read with a named error.

use crate::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Starts JSON logging to standard output, at the level of `AWS_LAMBDA_LOG_LEVEL` (INFO when it is not set).
pub fn start_logging() {
    lambda_runtime::tracing::init_default_subscriber();
}

/// Reads a task's input here and not in the runtime, so that a wrong shape reaches the state machine as
/// `InvalidInput` with the field's name.
pub fn read_input<T: DeserializeOwned>(payload: Value) -> Result<T, Error> {
    serde_json::from_value(payload).map_err(|error| {
        Error::InvalidInput(format!(
            "the task's input does not fit: {error}. Check the state machine's Arguments."
        ))
    })
}
