//! What the state machine asks smoke to do.

use serde::Deserialize;
use shared::{ReleasePlan, Target};

/// Checks the environment that the release of `plan` makes active: before the flip, and as a probe after it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub plan: ReleasePlan,
    /// Where the environment's tasks listen: as many as an answer holds.
    pub targets: Vec<Target>,
    /// How many there are in all, where whoever lists them says it.
    #[serde(default)]
    pub registered: Option<usize>,
    /// For a probe: seconds after which all results are there, so that it does not hold up the verdict. The function's
    /// own limit where they are absent.
    pub within_seconds: Option<u64>,
    /// For a probe: which one of the watch it is. Each begins at other targets, so that the next one asks those for which
    /// this one has no time.
    #[serde(default)]
    pub poll: usize,
}

impl Task {
    /// How many targets there are in all: no fewer than are listed.
    pub(crate) fn registered(&self) -> usize {
        let listed = self.targets.len();
        self.registered.map_or(listed, |all| all.max(listed))
    }
}
