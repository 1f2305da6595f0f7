//! "No, and why": an answer, not an error.

use crate::excerpt;
use serde::Serialize;

/// Why something must not be done. It is worded as the comparison that decided, with what to do, for a person to read.
///
/// It travels by `?` like an error; whoever answers the state machine turns it into an answer. It is on one line, and
/// bounded, whatever it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_reason(self) -> String {
        self.0
    }
}

impl<T: Into<String>> From<T> for Refusal {
    fn from(reason: T) -> Refusal {
        Refusal(excerpt::reason(&reason.into()))
    }
}
