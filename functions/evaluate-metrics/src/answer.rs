//! What evaluate-metrics answers to the state machine.

use crate::decide::Judgement;
use crate::due::LastRead;
use crate::look_back::LookBack;
use crate::traffic::TrafficCheck;
use serde::Serialize;
use shared::alarms::PreFlipCheck;
use shared::{Target, Time};

/// The answer to a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    PreFlipCheck(PreFlipCheck),
    Traffic(TrafficCheck),
    LookBack(LookBack),
    #[serde(rename_all = "camelCase")]
    Verdict {
        #[serde(flatten)]
        judgement: Judgement,
        /// What a person should know about a release that goes on all the same.
        warnings: Vec<String>,
        /// Whether too many targets fail: the next poll's `failedBefore`.
        failed: bool,
        /// Since when the polls are inconclusive: the next poll's `inconclusiveSince`. Null where this one is not.
        inconclusive_since: Option<Time>,
        /// When the rules and the alarms were last read, and since when the targets fail: the next poll's `lastRead`.
        last_read: LastRead,
        /// How many steps have been measured at their end: the next poll's `measured`.
        measured: usize,
        /// In shadow, why the release would have been flipped back, at this poll or an earlier one: the next poll's
        /// `wouldFlipBack`.
        would_flip_back: Option<String>,
        /// The healthy targets for the next probe, as many as an answer holds. None where they could not be read.
        targets: Option<Vec<Target>>,
    },
}
