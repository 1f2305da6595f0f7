//! The tasks that the state machine gives to evaluate-metrics.

use crate::due::LastRead;
use crate::probe::Probe;
use serde::{Deserialize, Deserializer};
use shared::{ReleasePlan, Time};

/// A task of the state machine. `read_task` takes the variant from the field `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Before a flip: may the alarms judge the release?
    CheckAlarms { plan: ReleasePlan },
    /// Before the release: has the service the traffic by which its steps can be judged?
    CheckTraffic { plan: ReleasePlan },
    /// After a flip: the verdict.
    Judge(Poll),
    /// After a flip back: do the errors go on in the previous environment?
    #[serde(rename_all = "camelCase")]
    LookBack { plan: ReleasePlan, flipped_at: Time },
}

/// One poll of the watch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    pub plan: ReleasePlan,
    /// The first flip of the release.
    pub flipped_at: Time,
    /// Which of the plan's steps is judged; 0 for the first.
    #[serde(default)]
    pub step: usize,
    /// When the flip to that step's share began. None in executions that began before there were steps: the first flip.
    pub share_since: Option<Time>,
    /// What the smoke checks found on the healthy targets just now. None where no probe was made, or smoke failed.
    pub probe: Option<Probe>,
    /// What the poll before this one answered as `failed`; false where there was none.
    #[serde(default)]
    pub failed_before: bool,
    /// What the poll before this one answered as `inconclusiveSince`: null where that was not inconclusive. None where the
    /// machine does not remember it.
    #[serde(default, deserialize_with = "remembered")]
    pub inconclusive_since: Option<Option<Time>>,
    /// What the poll before this one answered as `measured`; 0 where there was none.
    #[serde(default)]
    pub measured: usize,
    /// What a poll before this one answered as `wouldFlipBack`.
    pub would_flip_back: Option<String>,
    /// What the poll before this one answered as `lastRead`; empty where there was none. None where the machine does not
    /// remember it, and where the release may go on by this poll whatever the clock says: then everything is read.
    pub last_read: Option<LastRead>,
    /// Names of the alarms that were in ALARM before the flip: they do not judge the release.
    pub ignored_alarms: Vec<String>,
}

/// A field that is there, be it null.
fn remembered<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<Time>>, D::Error> {
    Option::deserialize(field).map(Some)
}
