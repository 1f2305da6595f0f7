//! The reason that a state machine gives for an end or a flip back.

use crate::excerpt::{CUT, cut};
use serde::Deserialize;
use serde_json::Value;

/// Characters of a reason: Step Functions takes 32,768 of the cause that an execution fails with.
const MOST: usize = 32_000;

/// Characters kept from the end of a longer one, where the last thing said stands.
const TAIL: usize = 2_000;

/// Why a state machine asks for something: its own words, or the error that a state caught.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected text, or an object with Error and Cause"
)]
pub enum FailureReason {
    Words(String),
    #[serde(rename_all = "PascalCase")]
    Failure {
        error: String,
        /// The state that failed. None where the machine gives its own error.
        #[serde(default)]
        state: Option<String>,
        /// What happened: text, or the failure that a state caught. AWS gives errors of its own, such as
        /// `States.Timeout`, an empty cause, which is none.
        #[serde(default)]
        cause: Option<Box<FailureReason>>,
        /// Why that was asked for which has failed.
        #[serde(default)]
        because: Option<Box<FailureReason>>,
    },
}

impl From<&str> for FailureReason {
    fn from(words: &str) -> FailureReason {
        FailureReason::Words(words.to_owned())
    }
}

impl FailureReason {
    /// An error with its cause.
    pub fn failure(error: &str, cause: &str) -> FailureReason {
        FailureReason::Failure {
            error: error.to_owned(),
            state: None,
            cause: Some(Box::new(cause.into())),
            because: None,
        }
    }

    /// The same reason, with something more to say.
    pub fn with_note(&self, note: &str) -> FailureReason {
        let noted = format!("{self}; {note}");
        match self {
            FailureReason::Words(_) => FailureReason::Words(noted),
            FailureReason::Failure { error, .. } => FailureReason::failure(error, &noted),
        }
    }

    /// The name that an execution ends with; none for words. AWS keeps names that begin with `States.` for itself, and
    /// no Fail state may report one.
    pub fn error_name(&self) -> Option<&str> {
        let FailureReason::Failure { error, .. } = self else {
            return None;
        };
        Some(match error.trim() {
            "States.Timeout" | "States.HeartbeatTimeout" => "TaskTimedOut",
            "" => "StateFailed",
            of_aws if of_aws.starts_with("States.") => "StateFailed",
            ours => ours,
        })
    }

    fn text(&self) -> String {
        match self {
            FailureReason::Words(words) if is_blank(words) => "no reason was given".to_owned(),
            FailureReason::Words(words) => words.clone(),
            FailureReason::Failure {
                error,
                state,
                cause,
                because,
            } => {
                let cause = cause.as_deref().and_then(|cause| cause.of(error));
                let happened = cause.unwrap_or_else(|| without_cause(error, state.as_deref()));
                match because {
                    Some(because) => format!("{happened} (requested because: {because})"),
                    None => happened,
                }
            }
        }
    }

    /// What this says as the cause of an error; none if it is blank.
    fn of(&self, error: &str) -> Option<String> {
        let FailureReason::Words(cause) = self else {
            return Some(self.text());
        };
        let report: Value = serde_json::from_str(cause).unwrap_or_default();
        let is_report = report["errorType"].is_string() || report["errorMessage"].is_string();
        match report["errorMessage"].as_str() {
            Some(message) if !is_blank(message) => Some(format!("{error}: {message}")),
            _ => (!is_report && !is_blank(cause)).then(|| cause.clone()),
        }
    }
}

fn without_cause(error: &str, state: Option<&str>) -> String {
    let state = state.filter(|state| !is_blank(state));
    let state = state.map_or_else(String::new, |state| format!("{state}: "));
    match error.trim() {
        "States.Timeout" => format!("{state}no answer within its timeout"),
        "States.HeartbeatTimeout" => format!("{state}no heartbeat within its timeout"),
        "" => format!("{state}failed, and gave neither an error nor a cause"),
        error => format!("{state}{error}, without a cause"),
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

impl std::fmt::Display for FailureReason {
    /// A function's error arrives as JSON text around its message; a person wants the message. Never blank, and never
    /// longer than a cause may be.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&cut(self.text(), MOST - TAIL - CUT.len(), TAIL))
    }
}

#[cfg(test)]
#[path = "failure_reason_tests.rs"]
mod tests;
