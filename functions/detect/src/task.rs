//! The tasks that the state machine gives detect, and detect's answers.

use crate::preflight::Finding;
use record::{Outcome, Phase, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    Digest, ExecutionArn, FailureReason, MigrationTask, Refusal, ReleaseId, ReleasePlan, Share,
};

/// Seconds between two polls of a release in progress.
const POLL_SECONDS: i64 = 15;

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
}

/// The execution whose task it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    #[serde(rename = "id")]
    pub arn: ExecutionArn,
    pub name: ReleaseId,
    pub start_time: Time,
}

/// What smoke answered, as far as the record is to say it.
#[derive(Clone, Debug, Deserialize)]
pub struct SmokeAnswer {
    pub passed: bool,
    /// The release and the image of the plan that smoke was given.
    pub release: ReleaseId,
    pub digest: Digest,
}

/// What is to be done about a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Answer {
    Release {
        plan: Box<ReleasePlan>,
        release: ReleaseId,
        reason: String,
    },
    /// The release has several steps, and may begin: whether they can be judged is to be asked, and the request asks
    /// again. Nothing is claimed yet, so that a no costs the live release nothing.
    CheckTraffic {
        plan: Box<ReleasePlan>,
        reason: String,
    },
    Wait {
        reason: String,
        /// When to poll again, in seconds from now.
        seconds: i64,
    },
    Skip {
        reason: String,
        /// A newer request takes its place.
        superseded: bool,
    },
    Rollback {
        release: ReleaseId,
        reason: String,
    },
    Refuse {
        reason: Refusal,
    },
    /// The release in the record was left by its execution: it is to be flipped back and closed, and the request asks
    /// again.
    EndStopped {
        reason: String,
        /// When to ask again after that, in seconds.
        seconds: i64,
    },
    Sync {
        plan: Box<ReleasePlan>,
        release: ReleaseId,
        reason: String,
    },
    #[serde(rename_all = "camelCase")]
    Contract {
        migration: MigrationTask,
        /// The revision that the active environment runs: so does the step.
        task_definition: String,
        reason: String,
    },
    /// The environments are not as the pipeline left them.
    Drifted {
        reason: String,
        findings: Vec<Finding>,
    },
    Preview {
        would: PreviewedAction,
        reason: String,
        findings: Vec<Finding>,
        /// None where nothing would be deployed.
        plan: Option<Box<ReleasePlan>>,
        /// A contract step's task.
        migration: Option<MigrationTask>,
    },
    /// Whether the record says that the release passed its smoke test; if not, its flip will be refused.
    SmokeTest {
        recorded: bool,
        reason: String,
    },
    /// Whether the record says that the release passed the watch at this share; if not, its share will not grow.
    Step {
        recorded: bool,
        reason: String,
    },
    Finished {
        /// None: the record speaks of no release, or of another one.
        phase: Option<Phase>,
        /// The name that a failed execution ends with. None where the machine gave words as the reason.
        error: Option<String>,
        reason: String,
    },
}

/// What a request would do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreviewedAction {
    Release,
    Sync,
    Contract,
    Rollback,
    Report,
    Skip,
    Refuse,
}

impl Answer {
    /// There is nothing to do, and no newer request is why.
    pub(crate) fn skip(reason: impl Into<String>) -> Answer {
        let (reason, superseded) = (reason.into(), false);
        Answer::Skip { reason, superseded }
    }

    /// The end of a lease is known; how long a release takes is not.
    pub(crate) fn wait(reason: String, until: Option<Time>, now: Time) -> Answer {
        let seconds = until.map_or(POLL_SECONDS, |until| (until - now).num_seconds() + 1);
        Answer::Wait { reason, seconds }
    }

    /// Step Functions may tell flip and detect different things about an execution for a moment, so the request does not
    /// ask again at once.
    pub(crate) fn end_stopped(reason: String) -> Answer {
        let seconds = 1;
        Answer::EndStopped { reason, seconds }
    }
}
