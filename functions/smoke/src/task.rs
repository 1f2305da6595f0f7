//! What the state machine asks smoke to do.

use serde::Deserialize;
use shared::{ReleasePlan, Target};

/// Checks the environment that the release of `plan` makes active: before the flip, and as a probe after it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub plan: ReleasePlan,
    /// Where the environment's tasks listen.
    pub targets: Vec<Target>,
    /// Seconds after which no attempt begins any more, so that a probe does not hold up the verdict; the function's own
    /// limit where they are absent.
    pub within_seconds: Option<u64>,
}
