//! "Could not find out": the only errors a function gives to Step Functions.
//!
//! Everything that was found out, good or bad, is an answer. The names are fixed, because the state machine
//! routes by them: `lambda_runtime` would otherwise show the name of a boxed Rust type that nothing can match.

#[cfg(feature = "aws")]
mod sdk;

use crate::excerpt;
use lambda_runtime::Diagnostic;

macro_rules! errors {
    ($($(#[$doc:meta])+ $name:ident, $retryable:literal;)+) => {
        /// An error with a fixed name. Each message says what was expected, what was found and what to do.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Error {
            $($(#[$doc])+ #[error("{0}")] $name(String),)+
        }

        impl Error {
            /// Every name with whether the state machine tries again, for the tests that hold both together.
            pub const ALL: &'static [(&'static str, bool)] = &[$((stringify!($name), $retryable),)+];

            /// The name that `ErrorEquals` sees.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Error::$name(_) => stringify!($name),)+
                }
            }

            /// The same task may succeed a moment later.
            pub fn is_retryable(&self) -> bool {
                match self {
                    $(Error::$name(_) => $retryable,)+
                }
            }
        }
    };
}

errors! {
    /// The task's input does not have the agreed shape.
    InvalidInput, false;
    /// A variable of the function is missing or wrong.
    InvalidConfiguration, false;
    /// AWS throttled, failed or did not answer in time.
    AwsUnavailable, true;
    /// The function's role lacks a permission.
    AccessDenied, false;
    /// Something the configuration names does not exist.
    NotFound, false;
    /// AWS refused the call, or its answer lacks something the API promises.
    UnexpectedAnswer, false;
    /// Others kept changing the release record.
    RecordContention, true;
    /// Another lease owner may still write the rules until its lease ends, or a task of a dead holder may be at work.
    LeaseHeld, true;
    /// The flip back that an alarm or the end of an execution asked for was refused; the delivery is repeated, and then
    /// goes to the dead-letter queue.
    FlipBackRefused, false;
    /// The rules do not yet read back as they were written, or AWS failed after a flip had begun.
    FlipNotVerified, true;
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Diagnostic {
        Diagnostic {
            error_type: error.name().to_owned(),
            error_message: excerpt::reason(&error.to_string()),
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
