//! The tasks that the state machine gives to evaluate-metrics.

use crate::probe::Probe;
use serde::Deserialize;
use shared::{ReleasePlan, Time};

/// A task of the state machine. `read_task` takes the variant from the field `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Before the flip: may the alarms judge the release?
    CheckAlarms { plan: ReleasePlan },
    /// After the flip: the verdict.
    Judge(Poll),
}

/// One poll of the watch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    pub plan: ReleasePlan,
    pub flipped_at: Time,
    /// What the smoke checks found on the healthy targets just now. None where no probe was made, or smoke failed.
    pub probe: Option<Probe>,
    /// What the poll before this one answered as `failed`; false where there was none.
    #[serde(default)]
    pub failed_before: bool,
    /// Names of the alarms that were in ALARM before the flip: they do not judge the release.
    pub ignored_alarms: Vec<String>,
}
