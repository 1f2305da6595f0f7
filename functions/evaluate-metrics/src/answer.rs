//! What evaluate-metrics answers to the state machine.

use crate::decide::Judgement;
use serde::Serialize;
use shared::Target;
use shared::alarms::PreFlipCheck;

/// The answer to a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    PreFlipCheck(PreFlipCheck),
    Verdict {
        #[serde(flatten)]
        judgement: Judgement,
        /// What a person should know about a release that is kept all the same.
        warnings: Vec<String>,
        /// Whether too many targets fail: the next poll's `failedBefore`.
        failed: bool,
        /// The healthy targets for the next probe, as many as an answer holds. None where they could not be read.
        targets: Option<Vec<Target>>,
    },
}
