//! An execution of the state machine, with its variables.

use crate::clock::at;
use crate::heeded::Heeded;
use crate::images::Vetted;
use crate::names::{arn, digest};
use record::QueuedRequest;
use shared::{Environment, Share};

/// What an execution was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A push of a build, by its place in the order of pushes. Two of one place are one push, delivered twice.
    Push { order: u8, build: u8 },
    /// An operator's request to release a build although releases are frozen.
    Override { order: u8, build: u8 },
    /// An operator's request to release what the tag names: this build, once it is claimed.
    Tag { order: u8, build: u8 },
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
    /// The verifier is asked about this build.
    Verify(u8),
    Deploy,
    /// The rollout is steady, and the scan of its image is not decided.
    Check,
    Smoke,
    RecordSmoke,
    /// It asks what people say, before its first flip.
    HeedFlip,
    WaitForApproval,
    Flip,
    WaitForTargets,
    /// It asks what people say, during a watch.
    HeedWatch,
    Watch,
    /// The watch goes on while people decide.
    WatchOn,
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
                | Stage::HeedFlip
                | Stage::Flip
                | Stage::HeedWatch
                | Stage::RecordStep
                | Stage::RecordRelease
                | Stage::FlipBack
                | Stage::RecordRollback
                | Stage::RecordFailure
        )
    }

    /// From here it may still go forward.
    pub fn is_forward(self) -> bool {
        !self.has_ended()
            && !matches!(
                self,
                Stage::FlipBack | Stage::RecordRollback | Stage::RecordFailure
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
    /// Its place in the shares.
    pub step: usize,
    /// The latest share at which its watch has found it healthy.
    pub healthy_at: Option<Share>,
    /// Which rules moved for this release, forward and back, a bit each; forward for each step.
    pub moved: [u8; 2],
    /// A flip or a flip back was refused, or the retries of a task ran out.
    pub needs_a_person: bool,
    /// The smoke test failed, the verdict is unhealthy, or a person's word speaks against it.
    pub is_bad: bool,
    pub people: Heeded,
    pub vetted: Vetted,
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
            step: 0,
            healthy_at: None,
            moved: [0; 2],
            needs_a_person: false,
            is_bad: false,
            people: Heeded::default(),
            vetted: Vetted::default(),
        }
    }

    pub fn go(&mut self, stage: Stage) {
        if !stage.is_forward() {
            self.step = 0;
            self.people.forget();
        }
        self.at = stage;
        self.tries = TRIES;
        self.blocked = false;
    }

    /// Somebody aborted it half-way and nobody else ends what it began, or it ended without what it had to do.
    pub fn left_half_way(&self, others_end_it: bool) -> bool {
        self.at == Stage::Aborted && !others_end_it || self.needs_a_person
    }

    /// The latest share after which a larger one may follow: by its verdict, or by a person's word.
    pub fn passed_at(&self) -> Option<Share> {
        self.healthy_at.max(self.people.finished_at)
    }

    /// It may begin although releases are frozen.
    pub fn overrides(&self) -> bool {
        matches!(self.kind, Kind::Override { .. })
    }

    fn is_push(&self) -> bool {
        matches!(self.kind, Kind::Push { .. })
    }

    /// Its place in the order of pushes.
    pub fn order(&self) -> u8 {
        match self.kind {
            Kind::Push { order, .. } | Kind::Override { order, .. } | Kind::Tag { order, .. } => {
                order
            }
            Kind::Rollback => 0,
        }
    }

    /// The build that it was started for; an operator's rollback for none.
    pub fn build(&self) -> u8 {
        match self.kind {
            Kind::Push { build, .. } | Kind::Override { build, .. } | Kind::Tag { build, .. } => {
                build
            }
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
            pushed_digest: self.is_push().then(|| digest(self.build())),
            pushed_members: Vec::new(),
        }
    }
}
