//! Names a failed SDK call by what can be done about it.

use super::Error;
use crate::{excerpt, sentence};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::iter::successors;

impl Error {
    /// Names a failed SDK call by what can be done about it.
    ///
    /// `call` is the API's name as IAM writes it, such as `elasticloadbalancing:DescribeRules`.
    pub fn from_sdk<E>(call: &str, error: SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        Error::from_sdk_masked(call, error, str::to_owned)
    }

    /// As [`Error::from_sdk`], for a call whose message may quote what must not be shown: `mask` takes it out.
    pub fn from_sdk_masked<E>(
        call: &str,
        error: SdkError<E, HttpResponse>,
        mask: impl Fn(&str) -> String,
    ) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let Some(service_error) = error.as_service_error() else {
            let context = excerpt(&unanswered(&error, status));
            return Error::AwsUnavailable(format!("{call} got no answer: {context}"));
        };
        let code = service_error.code().unwrap_or("unnamed error").to_owned();
        let message = mask(service_error.message().unwrap_or("no message"));
        let text = format!("{call} failed: {}: {}", excerpt(&code), excerpt(&message));
        classify(&code, status.unwrap_or_default(), text)
    }
}

/// What kept an answer from being read; never the answer itself, in which a task definition's secrets may stand.
fn unanswered(error: &(dyn std::error::Error + 'static), status: Option<u16>) -> String {
    if let Some(status) = status {
        return format!("what came with status {status} cannot be read");
    }
    let causes = successors(Some(error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}

/// Parts of the error codes that mean: the same call may go through a moment later.
const TRANSIENT: [&str; 7] = [
    "Throttl",
    "RequestLimitExceeded",
    "TooManyRequests",
    "ThroughputExceeded",
    "TransactionInProgress",
    "RequestTimeout",
    "SlowDown",
];

fn classify(code: &str, status: u16, text: String) -> Error {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    if has(&["AccessDenied", "Unauthorized", "UnrecognizedClient"]) {
        Error::AccessDenied(format!(
            "{} Check the policies of the function's role.",
            sentence(&text)
        ))
    } else if has(&TRANSIENT) || status >= 500 {
        Error::AwsUnavailable(text)
    } else if has(&["NotFound"]) {
        Error::NotFound(format!("{} Check the stack's parameters.", sentence(&text)))
    } else {
        Error::UnexpectedAnswer(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, status: u16, expect: &str) {
        assert_eq!(
            classify(code, status, String::new()).name(),
            expect,
            "{code} {status}"
        );
    }

    #[test]
    fn what_aws_says_ends_its_sentence_once() {
        let said = |text: &str| classify("ClusterNotFoundException", 400, text.to_owned());
        for text in ["Cluster not found", "Cluster not found."] {
            let expect = "Cluster not found. Check the stack's parameters.";
            assert_eq!(said(text).to_string(), expect);
        }
    }

    #[test]
    fn a_failed_call_is_named_by_what_can_be_done() {
        check("AccessDeniedException", 400, "AccessDenied");
        check("ThrottlingException", 400, "AwsUnavailable");
        check(
            "ProvisionedThroughputExceededException",
            400,
            "AwsUnavailable",
        );
        check("InternalFailure", 500, "AwsUnavailable");
        check("RuleNotFound", 400, "NotFound");
        check("ServiceNotFoundException", 400, "NotFound");
        check("InvalidParameterException", 400, "UnexpectedAnswer");
    }
}
