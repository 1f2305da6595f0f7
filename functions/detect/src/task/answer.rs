//! What detect answers.

use super::heeded::Heeded;
use crate::decisions::Overview;
use crate::preflight::Finding;
use record::{Before, Phase, Time};
use serde::Serialize;
use shared::{MigrationTask, Refusal, ReleaseId, ReleasePlan};

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
    /// The release may begin, and the verifier is to be asked about its image; the request asks again. Nothing is claimed
    /// yet.
    VerifyImage {
        plan: Box<ReleasePlan>,
        reason: String,
    },
    #[serde(rename_all = "camelCase")]
    Wait {
        reason: String,
        /// When to ask again, in seconds from now.
        seconds: i64,
        /// Nothing is in progress: a freeze, or the hour, keeps it from beginning.
        held_back: bool,
        /// The gate at which a contract step waits.
        gate: Option<Before>,
        /// The requests that decide that gate, one on each line.
        ask: Option<String>,
        /// Until when at most, where that is known.
        until: Option<Time>,
    },
    /// A push that does not begin, since releases are frozen.
    HeldBack {
        reason: String,
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
        /// The name that the execution ends with.
        error: RefusedAs,
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
        /// What is to be known of its SQL.
        warnings: Vec<String>,
        /// The same, for its preview.
        #[serde(skip)]
        findings: Vec<Finding>,
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
        /// Not yet: people want the release to wait.
        waits: bool,
        reason: String,
    },
    Finished {
        /// None: the record speaks of no release, or of another one.
        phase: Option<Phase>,
        /// The name that a failed execution ends with. None where the machine gave words as the reason.
        error: Option<String>,
        /// Not yet: people want the release to wait.
        waits: bool,
        reason: String,
    },
    /// A person's word counts.
    #[serde(rename_all = "camelCase")]
    Decided {
        decided: DecidedAs,
        /// None: it is about all releases.
        release: Option<ReleaseId>,
        reason: String,
        /// Somebody else said the same before, and that was told then.
        before: bool,
        /// With the end of a freeze: the push that it has held back, and how to release it.
        held_back: Option<String>,
        /// When a hold or a freeze ends by itself.
        until: Option<Time>,
    },
    /// The execution of this release is stopped: what it has flipped is to be flipped back, and the request asks again.
    Stop {
        release: ReleaseId,
        reason: String,
        /// When to ask again after that, in seconds.
        seconds: i64,
    },
    Status {
        status: Box<Overview>,
        reason: String,
    },
    /// What people say to a release that asks.
    #[serde(untagged)]
    Heed(Heeded),
}

/// What a person's word has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedAs {
    Approved,
    Rejected,
    Held,
    Resumed,
    Finished,
    Frozen,
    Unfrozen,
    Stopped,
}

/// The name of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RefusedAs {
    ReleaseRefused,
    /// A person's word has no effect.
    DecisionRefused,
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

    pub(crate) fn refuse(reason: Refusal) -> Answer {
        let error = RefusedAs::ReleaseRefused;
        Answer::Refuse { reason, error }
    }

    /// An execution that began before an update of the stack shows the reason to people: its machine knows no such answer. Any
    /// other one has words of its own, where the tag has moved too often.
    pub(crate) fn verify_image(plan: ReleasePlan) -> Answer {
        let image = &plan.image.uri;
        Answer::VerifyImage {
            reason: format!(
                "the verifier has not been asked about {image} yet. If this execution began before the stack was updated, \
                 request the release again"
            ),
            plan: Box::new(plan),
        }
    }

    /// It asks again after so many seconds.
    pub(crate) fn wait(reason: impl Into<String>, seconds: i64) -> Answer {
        Answer::Wait {
            reason: reason.into(),
            seconds: seconds.max(1),
            held_back: false,
            gate: None,
            ask: None,
            until: None,
        }
    }

    /// It asks again when that is over.
    pub(crate) fn wait_until(reason: String, until: Time, now: Time) -> Answer {
        Answer::wait(reason, (until - now).num_seconds() + 1)
    }

    /// Step Functions may tell flip and detect different things about an execution for a moment, so the request does not
    /// ask again at once.
    pub(crate) fn end_stopped(reason: String) -> Answer {
        let seconds = 1;
        Answer::EndStopped { reason, seconds }
    }

    /// As [`Answer::end_stopped`].
    pub(crate) fn stop(release: ReleaseId, reason: String) -> Answer {
        Answer::Stop {
            release,
            reason,
            seconds: 1,
        }
    }
}
