//! The processes: a single try of a task or of an alarm's delivery each, and the steps it does.

use crate::execution::Stage;
use crate::health::Health;
use crate::item::Item;
use crate::names::arn;
use crate::write::{Direction, Write};
use record::Phase;
use shared::{Environment, LeaseOwner};

/// Whose task a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Execution(usize),
    Alarm(usize),
}

impl Who {
    /// The owner of its leases.
    pub fn owner(self) -> LeaseOwner {
        match self {
            Who::Execution(index) => LeaseOwner::from(arn(index)),
            Who::Alarm(index) => format!("a{index}").into(),
        }
    }
}

/// One process: a single try of a task, or of one delivery of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Try {
    pub who: Who,
    /// Somebody awaits its answer.
    pub awaited: bool,
    pub began: u8,
    /// Nobody wrote the record since this process read it.
    pub fresh: bool,
    pub step: Step,
}

/// What a process does next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// detect: enqueue the request.
    Enqueue,
    /// detect: decide the admission, with the record as it was read, and read the rules.
    Admit(Item),
    /// detect: claim.
    Claim {
        dead_holder: Option<usize>,
        from: Environment,
    },
    /// detect: take what smoke answered about this release.
    TakeSmoke(usize),
    /// detect: write into the record that it passed.
    PassSmoke(usize),
    /// detect: read the record to end the release.
    Finish(Stage),
    /// detect: write it, if nobody did in between.
    Store(Stage, Item),
    /// flip: ask the record without effect.
    Ask(Task),
    /// flip: ask it again, and write that the release ends without a flip.
    Close(Task),
    /// flip: read targets and rules.
    Read(Task, Environment),
    /// flip: ask the record again, with effect.
    Begin(Task, Environment, Vec<usize>, Health),
    /// flip: send the next ModifyRule.
    Send(Movement, Vec<usize>),
    /// flip: wait for its answer; the rest follows.
    Sent(Movement, Write, Vec<usize>),
    ReadBack(Movement),
    End(Movement),
    /// flip: it was overtaken; read the environment where the record wants traffic.
    Repair(Movement),
}

impl Step {
    pub fn is_of_flip(&self) -> bool {
        match self {
            Step::Enqueue
            | Step::Admit(_)
            | Step::Claim { .. }
            | Step::TakeSmoke(_)
            | Step::PassSmoke(_)
            | Step::Finish(_)
            | Step::Store(..) => false,
            Step::Ask(_)
            | Step::Close(_)
            | Step::Read(..)
            | Step::Begin(..)
            | Step::Send(..)
            | Step::Sent(..)
            | Step::ReadBack(_)
            | Step::End(_)
            | Step::Repair(_) => true,
        }
    }
}

/// What flip has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Of this release, with the revision of that one: they differ only where the task went astray.
    Flip(usize, usize),
    FlipBack(usize),
    Alarm(usize),
}

impl Task {
    pub fn direction(self) -> Direction {
        match self {
            Task::Flip(..) => Direction::Forward,
            Task::FlipBack(_) | Task::Alarm(_) => Direction::Back,
        }
    }
}

/// Traffic that flip moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Movement {
    pub task: Task,
    pub direction: Direction,
    pub to: Environment,
    pub release: usize,
    /// What was read of the targets there.
    pub health: Health,
}

/// What a step leads to.
pub enum Next {
    Step(Step),
    Answer(Answer),
}

/// What a try answers the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Release {
        from: Environment,
    },
    Wait,
    Skip,
    Refuse,
    Rollback(usize),
    /// Whether the record says now what passed.
    SmokeTaken(bool),
    Finished(Option<Phase>),
    /// Flipped or flipped back, now or before.
    Moved,
    NothingToFlipBack,
    /// Fewer targets are healthy than a flip needs to begin.
    NotReady,
    Refused,
    /// An error of ours that says: try again later.
    Blocked,
    /// Any other error, a timeout, a lost answer.
    Lost,
}
