//! What a check found.

use super::checks::{Check, Severity};
use crate::look::Unknown;
use serde::Serialize;

/// One thing that was found, or could not be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of its check: what the parameter RefuseOnWarnings lists.
    pub name: &'static str,
    pub severity: Severity,
    pub found: String,
    pub matters: &'static str,
    pub remedy: &'static str,
}

impl Finding {
    /// With the severity of its check.
    pub(super) fn new(check: &'static Check, found: String) -> Finding {
        Finding {
            name: check.name,
            severity: check.severity,
            found,
            matters: check.matters,
            remedy: check.remedy,
        }
    }

    /// It refuses, whatever the severity of its check.
    pub(super) fn refusal(check: &'static Check, found: String) -> Finding {
        Finding {
            severity: Severity::Refusal,
            ..Finding::new(check, found)
        }
    }

    pub(super) fn unknown(check: &'static Check, reason: &Unknown) -> Finding {
        Finding {
            severity: Severity::Unknown,
            ..Finding::new(check, format!("could not be looked up: {}", reason.0))
        }
    }

    pub(crate) fn describe(&self) -> String {
        format!(
            "{}: {}. {} {}",
            self.name, self.found, self.matters, self.remedy
        )
    }
}
