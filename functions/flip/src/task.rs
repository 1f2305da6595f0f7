//! The tasks that the state machine gives to flip.

use serde::Deserialize;
use shared::{ExecutionArn, FailureReason, ReleaseId, ReleasePlan};

/// A task of the state machine. `read_task` takes the variant from the field `action`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    Flip {
        plan: Box<ReleasePlan>,
        /// The execution that asks.
        execution: ExecutionArn,
        /// How many tasks were deployed for this release.
        wanted: i32,
        /// ARN of the revision that was deployed for it. None: the execution began before flip asked for it.
        task_definition: Option<String>,
    },
    FlipBack {
        release: ReleaseId,
        /// The execution that asks.
        execution: ExecutionArn,
        reason: FailureReason,
    },
    /// What the flip of this plan would change; without a plan, only whether the recorded release can be flipped back.
    Preview {
        plan: Option<Box<ReleasePlan>>,
        /// The request is a rollback: show what its flip back would change. Default: false.
        #[serde(default)]
        flip_back: bool,
    },
}
