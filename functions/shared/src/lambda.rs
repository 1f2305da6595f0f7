//! What every `main.rs` needs around its handler: logging, and a task's input read with a named error.

use crate::{Error, excerpt};
use serde::Deserialize;
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

/// The one HTTP client of all AWS clients of a process: connections and certificates are shared.
#[cfg(feature = "aws")]
pub fn http_client() -> aws_smithy_runtime_api::client::http::SharedHttpClient {
    use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
    aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

/// Reads a small file from an address that AWS has signed, within the time that an AWS call gets; or says why not.
#[cfg(feature = "aws")]
pub async fn download(url: &str) -> Result<Vec<u8>, String> {
    use aws_smithy_http_client::{Connector, tls};
    use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
    use aws_smithy_types::byte_stream::ByteStream;
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(std::time::Duration::from_secs(2))
        .read_timeout(std::time::Duration::from_secs(5));
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let connector = Connector::builder().connector_settings(settings.build());
    let request = http::Request::get(url).body(aws_smithy_types::body::SdkBody::empty());
    let request = request.map_err(|error| error.to_string())?;
    let request = request
        .try_into()
        .map_err(|_| "no address that can be asked".to_owned())?;
    let answer = connector.tls_provider(ring).build().call(request).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("status {}", answer.status().as_u16()));
    }
    let body = ByteStream::new(answer.into_body()).collect().await;
    Ok(body.map_err(|error| error.to_string())?.to_vec())
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
/// `InvalidInput` with the field's path.
pub fn read_input<T: DeserializeOwned>(payload: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(payload).map_err(|error| misfit(&error.to_string()))
}

/// Reads the input of a function that knows several tasks, told apart by `action`.
///
/// The action becomes the name of the enum's variant around the other fields: serde's own tag inside an object would
/// lose the path to a wrong field.
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

/// Why a state machine asks for something: its own words, or the error that a state caught.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected text, or an object with Error and Cause"
)]
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
