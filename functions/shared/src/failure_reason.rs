//! The reason that a state machine gives for an end or a flip back.

use serde::Deserialize;
use serde_json::Value;

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
        /// Absent for errors of Step Functions itself, such as `States.Timeout`.
        #[serde(default)]
        cause: Option<String>,
    },
}

impl From<&str> for FailureReason {
    fn from(words: &str) -> FailureReason {
        FailureReason::Words(words.to_owned())
    }
}

impl FailureReason {
    /// The same reason, with something more to say.
    pub fn with_note(&self, note: &str) -> FailureReason {
        let noted = format!("{self}; {note}");
        match self {
            FailureReason::Words(_) => FailureReason::Words(noted),
            FailureReason::Failure { error, .. } => FailureReason::Failure {
                error: error.clone(),
                cause: Some(noted),
            },
        }
    }
}

impl std::fmt::Display for FailureReason {
    /// A function's error arrives as JSON text around its message; a person wants the message.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FailureReason::Words(words) => f.write_str(words),
            FailureReason::Failure { error, cause: None } => f.write_str(error),
            FailureReason::Failure {
                error,
                cause: Some(cause),
            } => {
                let parsed: Option<Value> = serde_json::from_str(cause).ok();
                match parsed
                    .as_ref()
                    .and_then(|value| value["errorMessage"].as_str())
                {
                    Some(message) => write!(f, "{error}: {message}"),
                    None => f.write_str(cause),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::read_input;
    use serde_json::json;

    fn check(reason: Value, expect: &str) {
        let reason: FailureReason = read_input(reason).expect("a reason");
        assert_eq!(reason.to_string(), expect);
        let noted = reason.with_note("with 1 of 10");
        assert_eq!(noted.to_string(), format!("{expect}; with 1 of 10"));
    }

    #[test]
    fn a_reason_reads_as_a_person_would_say_it() {
        check(json!("too slow"), "too slow");
        check(json!({"Error": "States.Timeout"}), "States.Timeout");
        check(
            json!({"Error": "SmokeTestFailed", "Cause": "ping: found false"}),
            "ping: found false",
        );
        let cause = json!({"errorType": "NotFound", "errorMessage": "no such rule"}).to_string();
        check(
            json!({"Error": "NotFound", "Cause": cause}),
            "NotFound: no such rule",
        );
    }
}
