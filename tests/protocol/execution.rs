//! An execution of the state machine, with its variables.

use crate::clock::at;
use crate::names::{arn, digest};
use record::QueuedRequest;
use shared::{Environment, Share};

/// What an execution was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A push of a build, by its place in the order of pushes. Two of one place are one push, delivered twice.
    Push { order: u8, build: u8 },
    /// An operator's rollback.
    Rollback,
}

/// The states in which an execution can stand for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    NotStarted,
    Detect,
    EndStopped,
    Wait,
    Deploy,
    Smoke,
    RecordSmoke,
    Flip,
    WaitForTargets,
    Watch,
    RecordStep,
    RecordRelease,
    FlipBack,
    RecordRollback,
    RecordFailure,
    Succeeded,
    Failed,
    Aborted,
}

impl Stage {
    /// A Lambda function does this one.
    pub fn is_task(self) -> bool {
        matches!(
            self,
            Stage::Detect
                | Stage::EndStopped
                | Stage::RecordSmoke
                | Stage::Flip
                | Stage::RecordStep
                | Stage::RecordRelease
                | Stage::FlipBack
                | Stage::RecordRollback
                | Stage::RecordFailure
        )
    }

    pub fn has_ended(self) -> bool {
        matches!(self, Stage::Succeeded | Stage::Failed | Stage::Aborted)
    }

    pub fn is_running(self) -> bool {
        self != Stage::NotStarted && !self.has_ended()
    }
}

/// One execution with its variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Execution {
    pub kind: Kind,
    pub at: Stage,
    /// Tries of this task that may still begin.
    pub tries: u8,
    /// A lease of somebody else stopped the last try.
    pub blocked: bool,
    /// A try runs whose answer the state machine awaits.
    pub busy: bool,
    /// The plan: where traffic was.
    pub from: Option<Environment>,
    /// The release that a flip back concerns.
    pub release: usize,
    pub enqueued: bool,
    /// What the active environment ran when the record was claimed.
    pub from_code: Option<usize>,
    pub claimed: bool,
    /// When the first try took the lease for the flip.
    pub flipped_at: Option<u8>,
    /// The latest share at which its watch has found it healthy.
    pub healthy_at: Option<Share>,
    /// Which rules moved for this release, forward and back, a bit each; forward for each step.
    pub moved: [u8; 2],
    /// A flip or a flip back was refused, or the retries of a task ran out.
    pub needs_a_person: bool,
    /// The smoke test failed, or the verdict is unhealthy.
    pub is_bad: bool,
}

/// Starts of one task. The real state machine allows more; two are enough to see what a second one does, and let
/// all of them run out.
const TRIES: u8 = 2;

impl Execution {
    pub fn new(kind: Kind, index: usize) -> Execution {
        Execution {
            kind,
            at: Stage::NotStarted,
            tries: TRIES,
            blocked: false,
            busy: false,
            from: None,
            release: index,
            enqueued: false,
            from_code: None,
            claimed: false,
            flipped_at: None,
            healthy_at: None,
            moved: [0; 2],
            needs_a_person: false,
            is_bad: false,
        }
    }

    pub fn go(&mut self, stage: Stage) {
        self.at = stage;
        self.tries = TRIES;
        self.blocked = false;
    }

    /// Somebody aborted it half-way and nobody else ends what it began, or it ended without what it had to do.
    pub fn left_half_way(&self, others_end_it: bool) -> bool {
        self.at == Stage::Aborted && !others_end_it || self.needs_a_person
    }

    /// Its place in the order of pushes.
    pub fn order(&self) -> u8 {
        match self.kind {
            Kind::Push { order, .. } => order,
            Kind::Rollback => 0,
        }
    }

    /// The build that it was started for; an operator's rollback for none.
    pub fn build(&self) -> u8 {
        match self.kind {
            Kind::Push { build, .. } => build,
            Kind::Rollback => u8::MAX,
        }
    }

    /// Its request. Which push is newer has nothing to do with when its execution starts.
    pub fn request(&self, index: usize) -> QueuedRequest {
        let order = self.order();
        QueuedRequest {
            made_at: at(order),
            started_at: at(order),
            execution: arn(index).clone(),
            pushed_digest: Some(digest(self.build())),
            pushed_members: Vec::new(),
        }
    }
}
