//! The tasks that the state machine gives to flip.

use serde::Deserialize;
use shared::{ExecutionArn, FailureReason, Refusal, ReleaseId, ReleasePlan, Share};

/// A task of the state machine. `read_task` takes the variant from the field `action`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    Flip(FlipTask),
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
    /// An execution may have ended without its own end: who asks says nothing more, and need not be believed.
    EndStopped {},
}

/// Gives the release of a plan a share of the traffic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlipTask {
    pub plan: Box<ReleasePlan>,
    /// The execution that asks.
    pub execution: ExecutionArn,
    /// How many tasks were deployed for this release.
    pub wanted: i32,
    /// ARN of the revision that was deployed for it. None: the execution began before flip asked for it.
    pub task_definition: Option<String>,
    /// The share of the traffic. None: the execution began before the stack shifted traffic in steps.
    pub share: Option<Share>,
}

impl FlipTask {
    /// The share that is asked for; without one, all of the traffic, unless the plan wants steps.
    pub(crate) fn share(&self) -> Result<Share, Refusal> {
        let steps = self.plan.steps.len();
        match self.share {
            Some(share) => Ok(share),
            None if steps <= 1 => Ok(Share::ALL),
            None => Err(Refusal::from(format!(
                "expected a share, since the plan has {steps} steps; found none: this execution began before the stack \
                 shifted traffic in steps, and would give the release all of it. Request the release again"
            ))),
        }
    }
}
