//! What every `main.rs` needs around its handler: logging, and a task's input read with a named error.

use crate::{Error, excerpt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Starts JSON logging to standard output, at the level of `AWS_LAMBDA_LOG_LEVEL` (INFO when it is not set).
///
/// `timestamp` and `level` are the fields by which Lambda filters JSON logs.
pub fn start_logging() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL")
        .ok()
        .and_then(|level| level.parse().ok());
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(level.unwrap_or(tracing::Level::INFO))
        .init();
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
        "the task's input does not fit: {}. Check the state machine's Arguments.",
        excerpt(reason)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// Two tasks, as a function's enum has them.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Task {
        Finish { outcome: Outcome },
        Look {},
    }

    #[derive(Debug, Deserialize)]
    struct Outcome {
        count: i32,
    }

    #[test]
    fn a_task_is_read_and_a_wrong_field_is_named_by_its_path() {
        let task = json!({"action": "finish", "outcome": {"count": 1}, "more": null});
        assert!(matches!(read_task(task), Ok(Task::Finish { outcome }) if outcome.count == 1));
        assert!(matches!(
            read_task(json!({"action": "look"})),
            Ok(Task::Look {})
        ));
        let refused = |input: Value, expect: &str| {
            let error = read_task::<Task>(input).expect_err("not a task");
            assert_eq!(error.name(), "InvalidInput");
            assert!(error.to_string().contains(expect), "{error}");
        };
        refused(
            json!({"action": "finish", "outcome": {"count": "1"}}),
            "finish.outcome.count: invalid type: string \"1\", expected i32",
        );
        refused(
            json!({"action": "finish", "outcome": {}}),
            "finish.outcome: missing field `count`",
        );
        refused(json!({"action": "toggle"}), "unknown variant `toggle`");
        refused(json!({"action": 1}), "action: expected text, found 1");
        refused(json!([]), "expected an object with an action");
    }

    #[test]
    fn a_wrong_value_of_any_length_is_told_shortly() {
        let long = json!({"action": "finish", "outcome": {"count": "x".repeat(200_000)}});
        let error = read_task::<Task>(long).expect_err("no number").to_string();
        assert!(
            error.len() < 600 && error.contains("expected i32"),
            "{error}"
        );
    }
}
