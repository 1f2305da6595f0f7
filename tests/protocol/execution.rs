//! The state machine: which task an execution is at, and where an answer leads it.
//!
//! The routes are those of `statemachine/blue_green.asl.json`; register, migrate, update and check are one step.

use crate::fact::Fact;
use crate::world::World;
use shared::Environment;
use shared::record::{Phase, Request};

/// What an execution was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A push, by its place in the order of pushes. Two of one place are one push, delivered twice.
    Push(u8),
    /// An operator's wish to go back.
    Rollback,
}

/// The states in which an execution can stand for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Unborn,
    Detect,
    Wait,
    Deploy,
    Smoke,
    Flip,
    Watch,
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
                | Stage::Flip
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
        self != Stage::Unborn && !self.has_ended()
    }
}

/// One execution with its variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Execution {
    pub kind: Kind,
    pub at: Stage,
    /// Tries of this task that may still begin.
    pub tries: u8,
    /// The last try found a writer who may be alive.
    pub blocked: bool,
    /// A try is running whose answer is waited for.
    pub busy: bool,
    /// The plan: where traffic was.
    pub from: Option<Environment>,
    /// The release that a flip back concerns.
    pub release: usize,
    pub arrived: bool,
    /// What ran on the old side when the record was claimed.
    pub from_code: Option<usize>,
    pub claimed: bool,
    /// When the first try took the lease for the flip.
    pub flipped_at: Option<u8>,
    /// Which rules moved for this release, forward and back, a bit each.
    pub moved: [u8; 2],
    /// A flip or a flip back was refused, or the retries of a task ran out.
    pub let_down: bool,
}

/// What a try tells the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Release {
        from: Environment,
    },
    Wait,
    Skip,
    Refuse,
    Rollback(usize),
    Finished(Option<Phase>),
    /// Flipped or flipped back, now or before.
    Moved,
    NothingToReturn,
    Refused,
    /// An error of ours that says: try again later.
    Blocked,
    /// Any other error, a timeout, a lost answer.
    Lost,
}

/// Starts of one task. The real state machine allows more; two are enough to see what a second one does, and let
/// all of them run out.
const TRIES: u8 = 2;

impl Execution {
    pub fn new(kind: Kind, index: usize) -> Execution {
        Execution {
            kind,
            at: Stage::Unborn,
            tries: TRIES,
            blocked: false,
            busy: false,
            from: None,
            release: index,
            arrived: false,
            from_code: None,
            claimed: false,
            flipped_at: None,
            moved: [0; 2],
            let_down: false,
        }
    }

    pub fn go(&mut self, stage: Stage) {
        self.at = stage;
        self.tries = TRIES;
        self.blocked = false;
    }
}

/// Names as Step Functions gives them: a release's id is the end of its execution's ARN.
pub const IDS: [&str; 3] = ["r0", "r1", "r2"];
pub const ARNS: [&str; 3] = ["x:r0", "x:r1", "x:r2"];

/// The execution that has this id, or this ARN.
pub fn index_of(name: &str) -> usize {
    let found = (0..IDS.len()).find(|&index| name == IDS[index] || name == ARNS[index]);
    found.expect("a name of the model")
}

/// The request of an execution. Which push is newer has nothing to do with when its execution starts.
pub fn request(kind: Kind, index: usize) -> Request {
    let order = match kind {
        Kind::Push(order) => order,
        Kind::Rollback => 0,
    };
    let made_at = crate::clock::at(order);
    Request {
        made_at,
        started_at: made_at,
        execution: ARNS[index].to_owned(),
        pushed_digest: Some(format!("sha256:{order}")),
    }
}

/// Follows the route of an answer.
pub fn hear(world: &mut World, index: usize, answer: &Answer) {
    let execution = &mut world.executions[index];
    execution.busy = false;
    match (execution.at, answer) {
        (_, Answer::Blocked) => {
            execution.blocked = true;
            execution.tries += 1;
        }
        (_, Answer::Lost) if execution.tries > 0 => {}
        (_, Answer::Lost) => run_out(world, index),
        (Stage::Detect, answer) => detected(world, index, answer),
        (Stage::Flip, Answer::Moved) => execution.go(Stage::Watch),
        (Stage::RecordRelease, Answer::Finished(phase)) => {
            if matches!(phase, Some(Phase::RollingBack | Phase::RolledBack)) {
                execution.go(Stage::FlipBack);
            } else {
                execution.go(Stage::Succeeded);
                world.note(Fact::Released);
            }
        }
        (Stage::FlipBack, Answer::Moved) => execution.go(Stage::RecordRollback),
        (Stage::FlipBack, answer) => {
            execution.let_down |= *answer == Answer::Refused;
            execution.go(Stage::RecordFailure);
        }
        (Stage::Flip, _) => execution.go(Stage::FlipBack),
        (Stage::RecordRollback, _) if execution.kind == Kind::Rollback => {
            execution.go(Stage::Succeeded);
        }
        (Stage::RecordRollback | Stage::RecordFailure, _) => execution.go(Stage::Failed),
        (stage, answer) => unreachable!("{stage:?} does not get {answer:?}"),
    }
}

fn detected(world: &mut World, index: usize, answer: &Answer) {
    let execution = &mut world.executions[index];
    match answer {
        Answer::Release { from } => {
            execution.from = Some(*from);
            execution.go(Stage::Deploy);
        }
        Answer::Wait => execution.go(Stage::Wait),
        Answer::Skip => execution.go(Stage::Succeeded),
        Answer::Rollback(release) => {
            execution.release = *release;
            execution.go(Stage::FlipBack);
        }
        _ => execution.go(Stage::RecordFailure),
    }
}

/// The route of the task's Catch.
pub fn run_out(world: &mut World, index: usize) {
    world.note(Fact::GaveUp);
    let execution = &mut world.executions[index];
    execution.let_down = true;
    execution.go(match execution.at {
        Stage::Flip | Stage::RecordRelease => Stage::FlipBack,
        Stage::RecordRollback if execution.kind == Kind::Rollback => Stage::Succeeded,
        Stage::RecordRollback | Stage::RecordFailure => Stage::Failed,
        _ => Stage::RecordFailure,
    });
}
