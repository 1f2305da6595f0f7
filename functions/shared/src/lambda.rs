//! What every `main.rs` needs around its handler: logging, and a task's input read with a named error.

use crate::Error;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

/// The one HTTP client of all AWS clients of a process: connections and certificates are shared.
#[cfg(feature = "aws")]
pub fn http_client() -> aws_smithy_runtime_api::client::http::SharedHttpClient {
    use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
    aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

/// The configuration that every AWS client of this process shares.
///
/// A call gets 2 s to connect and 5 s for a try, so that two tries fit into the shortest function's timeout.
#[cfg(feature = "aws")]
pub async fn aws_config() -> aws_config::SdkConfig {
    let timeouts = aws_config::timeout::TimeoutConfig::builder()
        .connect_timeout(std::time::Duration::from_secs(2))
        .operation_attempt_timeout(std::time::Duration::from_secs(5))
        .build();
    aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(timeouts)
        .load()
        .await
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

/// Why a state machine asks for something: its own words, or the error that a state caught.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Reason {
    Words(String),
    #[serde(rename_all = "PascalCase")]
    Failure {
        error: String,
        /// Absent for errors of Step Functions itself, such as `States.Timeout`.
        #[serde(default)]
        cause: Option<String>,
    },
}

impl std::fmt::Display for Reason {
    /// A function's error arrives as JSON text around its message; a person wants the message.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Words(words) => f.write_str(words),
            Reason::Failure { error, cause: None } => f.write_str(error),
            Reason::Failure {
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
    use serde_json::json;

    fn check(reason: Value, expect: &str) {
        let reason: Reason = read_input(reason).expect("a reason");
        assert_eq!(reason.to_string(), expect);
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
