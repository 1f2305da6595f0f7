//! What smoke answers to the state machine.

use serde::Serialize;
use shared::CheckResult;

/// Whether the environment may get traffic, with every result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub passed: bool,
    pub reason: String,
    pub results: Vec<CheckResult>,
}
