//! "Could not find out": the only errors a function gives to Step Functions.
//!
//! Everything that was found out, good or bad, is an answer. The names are fixed, because the state machine
//! routes by them: `lambda_runtime` would otherwise show the name of a boxed Rust type that nothing can match.

use lambda_runtime::Diagnostic;

/// An error with a fixed name. Each message says what was expected, what was found and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The task's input does not have the agreed shape.
    #[error("{0}")]
    InvalidInput(String),
    /// A variable of the function is missing or wrong.
    #[error("{0}")]
    InvalidConfiguration(String),
    /// AWS throttled, failed or did not answer in time: worth another try.
    #[error("{0}")]
    AwsUnavailable(String),
    /// The function's role lacks a permission.
    #[error("{0}")]
    AccessDenied(String),
    /// Something the configuration names does not exist.
    #[error("{0}")]
    NotFound(String),
    /// AWS refused the call, or its answer lacks something the API promises.
    #[error("{0}")]
    UnexpectedAnswer(String),
    /// Others kept changing the release record: worth another try.
    #[error("{0}")]
    RecordContention(String),
    /// Another writer of the rule may still be at work: worth another try when its lease has ended.
    #[error("{0}")]
    WriterMayBeAlive(String),
    /// An alarm's flip back was refused; CloudWatch's delivery is repeated, and then goes to the queue.
    #[error("{0}")]
    FlipBackRefused(String),
    /// The rule does not yet read back as it was written: worth another try.
    #[error("{0}")]
    FlipNotVerified(String),
}

impl Error {
    /// Every name, for the contract test between this enum and the state machine.
    pub const NAMES: [&'static str; 10] = [
        "InvalidInput",
        "InvalidConfiguration",
        "AwsUnavailable",
        "AccessDenied",
        "NotFound",
        "UnexpectedAnswer",
        "RecordContention",
        "WriterMayBeAlive",
        "FlipBackRefused",
        "FlipNotVerified",
    ];

    /// The name that `ErrorEquals` sees.
    pub fn name(&self) -> &'static str {
        match self {
            Error::InvalidInput(_) => "InvalidInput",
            Error::InvalidConfiguration(_) => "InvalidConfiguration",
            Error::AwsUnavailable(_) => "AwsUnavailable",
            Error::AccessDenied(_) => "AccessDenied",
            Error::NotFound(_) => "NotFound",
            Error::UnexpectedAnswer(_) => "UnexpectedAnswer",
            Error::RecordContention(_) => "RecordContention",
            Error::WriterMayBeAlive(_) => "WriterMayBeAlive",
            Error::FlipBackRefused(_) => "FlipBackRefused",
            Error::FlipNotVerified(_) => "FlipNotVerified",
        }
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Diagnostic {
        Diagnostic {
            error_type: error.name().to_owned(),
            error_message: error.to_string(),
        }
    }
}

#[cfg(feature = "aws")]
mod aws {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_functions_sees_the_fixed_name() {
        let diagnostic = Diagnostic::from(Error::FlipNotVerified("read back blue".to_owned()));
        assert_eq!(diagnostic.error_type, "FlipNotVerified");
        assert_eq!(diagnostic.error_message, "read back blue");
    }
}
