//! A fact that speaks for or against a release, or why it could not be looked up.

use std::fmt::Display;
use std::time::Duration;

/// How long one fact is waited for; four of them may be looked up one after the other, and the function has 30 s in all.
const PATIENCE: Duration = Duration::from_secs(6);

/// A fact, or why it is not known.
pub(crate) type Fact<T> = Result<T, Unknown>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown(pub String);

impl<T: Display> From<T> for Unknown {
    fn from(reason: T) -> Unknown {
        Unknown(reason.to_string())
    }
}

/// Gives up in time: looking must not use up the time of deciding.
pub(super) async fn patiently<T, E: Into<Unknown>>(
    look: impl Future<Output = Result<T, E>>,
) -> Fact<T> {
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs()).into()),
    }
}
