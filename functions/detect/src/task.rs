//! The tasks that the state machine gives detect, and detect's answers.

mod answer;
mod heeded;

pub use answer::{Answer, DecidedAs, PreviewedAction, RefusedAs};
pub use heeded::{Failure, HeedDecision, Heeded};

use record::{Outcome, Time};
use serde::Deserialize;
use serde_json::Value;
use shared::{Digest, ExecutionArn, FailureReason, ReleaseId, Share};

/// A task of the state machine; `shared::runtime::read_task` takes the variant from its `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    Detect {
        request: Value,
        execution: Execution,
        /// Whether the steps of its release can be judged was asked, and answered with yes. Default: false.
        #[serde(default)]
        traffic_checked: bool,
        /// People were told of the gate of its contract step. Default: false.
        #[serde(default)]
        gate_opened: bool,
        /// The image that the verifier has let in for this execution. Default: none.
        #[serde(default)]
        verified: Option<Digest>,
    },
    /// The release has passed its smoke test with this revision.
    PassSmoke {
        execution: Execution,
        release: ReleaseId,
        smoke: SmokeAnswer,
        task_definition: String,
    },
    /// The watch at this share has found the release healthy.
    PassStep {
        execution: Execution,
        release: ReleaseId,
        share: Share,
    },
    Finish {
        execution: Execution,
        outcome: Outcome,
        reason: FailureReason,
    },
    /// The release's own execution asks what people say, before its next step forward.
    Heed(HeedTask),
    /// The time of the freeze is over that this execution has begun.
    EndFreeze { execution: Execution },
}

/// What has become of earlier answers to the same execution.
#[derive(Clone, Debug)]
pub(crate) struct EarlierAnswers {
    pub traffic_checked: bool,
    pub gate_opened: bool,
    pub verified: Option<Digest>,
}

/// What a release's execution asks people for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeedTask {
    pub execution: Execution,
    pub release: ReleaseId,
    /// What it would do next; none: it goes on watching.
    pub before: Option<NextStep>,
    /// With a flip: the share that it gives the new environment.
    pub share: Option<Share>,
    /// It would do it now, so a gate may open.
    pub ready: bool,
    /// When it began to wait for people; none: it has not waited.
    pub since: Option<Time>,
    /// Steps of the release's plan. Default: 1.
    #[serde(default = "one")]
    pub steps: u32,
}

/// What a release comes to next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// The migration of its request.
    Commands,
    Flip,
    /// Its end as stable.
    Finish,
}

fn one() -> u32 {
    1
}

/// The execution whose task it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    #[serde(rename = "id")]
    pub arn: ExecutionArn,
    pub name: ReleaseId,
    pub start_time: Time,
    /// It asks what people say. Default: false, as an execution that began before an update, which runs the older
    /// definition of the machine to its end.
    #[serde(default)]
    pub heeds: bool,
}

/// What smoke answered, as far as the record is to say it.
#[derive(Clone, Debug, Deserialize)]
pub struct SmokeAnswer {
    pub passed: bool,
    /// The release and the image of the plan that smoke was given.
    pub release: ReleaseId,
    pub digest: Digest,
}
