//! Names a failed SDK call by what can be done about it.

use super::Error;
use crate::excerpt;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

impl Error {
    /// Names a failed SDK call by what can be done about it.
    ///
    /// `call` is the API's name as IAM writes it, such as `elasticloadbalancing:DescribeRules`.
    pub fn from_sdk<E>(call: &str, error: SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let Some(service_error) = error.as_service_error() else {
            // It may quote the whole answer that could not be read.
            let context = DisplayErrorContext(&error).to_string();
            let context = excerpt(&context);
            return Error::AwsUnavailable(format!("{call} got no answer: {context}"));
        };
        let code = service_error.code().unwrap_or("unnamed error").to_owned();
        let message = service_error.message().unwrap_or("no message");
        let text = format!("{call} failed: {}: {}", excerpt(&code), excerpt(message));
        let status = error
            .raw_response()
            .map_or(0, |response| response.status().as_u16());
        classify(&code, status, text)
    }
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
            "{text}. Check the policies of the function's role."
        ))
    } else if has(&TRANSIENT) || status >= 500 {
        Error::AwsUnavailable(text)
    } else if has(&["NotFound"]) {
        Error::NotFound(format!("{text}. Check the stack's parameters."))
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
