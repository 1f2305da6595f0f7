//! "No, and why": an answer, not an error.

use serde::Serialize;

/// Why something must not be done. It is worded as the comparison that decided, with what to do, for a person to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Refusal(String);

impl Refusal {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_reason(self) -> String {
        self.0
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Refusal {
        Refusal(reason)
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Refusal {
        Refusal(reason.to_owned())
    }
}
