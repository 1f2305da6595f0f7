//! The processes: a single try of a task or of an alarm's delivery each, and the steps it does.

use crate::answer::Answer;
use crate::execution::Stage;
use crate::health::Health;
use crate::images::Wanted;
use crate::item::Item;
use crate::look::Look;
use crate::names::arn;
use crate::premise::Premise;
use crate::premise::{Own, Rules};
use crate::write::{Direction, Write, Writing};
use record::Before;
use shared::{Environment, LeaseOwner, Share, Traffic};

/// Whose task a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Execution(usize),
    Alarm(usize),
    /// A delivery of the news that an execution was stopped.
    Stop(usize),
}

impl Who {
    /// The owner of its leases.
    pub fn owner(self) -> LeaseOwner {
        match self {
            Who::Execution(index) => LeaseOwner::from(arn(index)),
            Who::Alarm(index) => format!("a{index}").into(),
            Who::Stop(index) => format!("s{index}").into(),
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
    /// detect: decide the admission, with the record as it was read, read the rules, and judge the image.
    Admit(Item, Wanted),
    /// detect: claim.
    Claim(Claiming),
    /// detect: take the question what people say.
    TakeHeed(Before),
    /// detect: answer it, and open a gate or end its time.
    Heed(Before),
    /// detect: take what smoke answered about this release.
    TakeSmoke(usize),
    /// detect: write into the record that it passed.
    PassSmoke(usize),
    /// detect: take the verdict on this share.
    TakeVerdict(Share),
    /// detect: write into the record that it was healthy.
    PassShare(Share),
    /// detect: read the record to end the release.
    Finish(Stage),
    /// detect: write it, if nobody did in between.
    Store(Stage, Item),
    /// flip: read targets and rules, as another call asks the record.
    Ahead(Task),
    /// flip: the record answers that call, after they were read.
    AskAhead(Task, Look),
    /// flip: ask the record without effect.
    Ask(Task),
    /// flip: ask it again, and write that the release ends without a flip.
    Close(Task),
    /// flip: read targets and rules.
    Read(Task, Traffic, Premise),
    /// flip: ask the record again, with effect.
    Begin(Task, Traffic, Snapshot),
    /// flip: send the next ModifyRule, and wait for the answers once all are sent.
    Write(Movement, Writing),
    /// flip: AWS has answered every ModifyRule, and turned one away: release the lease.
    Release(Movement),
    ReadBack(Movement),
    End(Movement),
    /// flip: it was overtaken; read the environment where the record wants traffic.
    Repair(Movement, Own),
    /// flip: look whether the holder was stopped.
    Look,
    /// flip: close the release of this execution, which was stopped.
    CloseStopped(Stopped),
}

/// What a try of detect has found before it claims.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claiming {
    pub dead_holder: Option<usize>,
    pub from: Environment,
    pub wanted: Wanted,
    pub scan_pends: bool,
}

/// What flip read of targets and rules before it decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// The rules to write.
    pub writes: Vec<usize>,
    /// The rules as they were, where the first share is about to split them.
    pub unsplit: Rules,
    pub health: Health,
}

impl Step {
    pub fn is_of_flip(&self) -> bool {
        match self {
            Step::Enqueue
            | Step::Admit(..)
            | Step::Claim(_)
            | Step::TakeHeed(_)
            | Step::Heed(_)
            | Step::TakeSmoke(_)
            | Step::PassSmoke(_)
            | Step::TakeVerdict(_)
            | Step::PassShare(_)
            | Step::Finish(_)
            | Step::Store(..) => false,
            Step::Ahead(_)
            | Step::AskAhead(..)
            | Step::Ask(_)
            | Step::Close(_)
            | Step::Read(..)
            | Step::Begin(..)
            | Step::Write(..)
            | Step::Release(_)
            | Step::ReadBack(_)
            | Step::End(_)
            | Step::Repair(..)
            | Step::Look
            | Step::CloseStopped(_) => true,
        }
    }
}

impl Step {
    /// Every write is sent, and some have no answer.
    pub fn waits(&self) -> bool {
        matches!(self, Step::Write(_, writing) if writing.unsent.is_empty())
    }

    /// What follows where this much is written: the rest of the writes, or what comes once every one has its answer.
    pub fn after(movement: Movement, writing: Writing) -> Step {
        let answered = writing.unsent.is_empty() && writing.unanswered.is_empty();
        match (answered, writing.rejected) {
            (false, _) => Step::Write(movement, writing),
            (true, false) => Step::ReadBack(movement),
            (true, true) => Step::Release(movement),
        }
    }

    /// What follows the answer to this write; none where nobody waits for it here.
    pub fn answered(&self, write: &Write, rejected: bool) -> Option<Step> {
        let Step::Write(movement, writing) = self else {
            return None;
        };
        let at = writing.unanswered.iter().position(|it| it == write)?;
        let mut writing = writing.clone();
        writing.unanswered.remove(at);
        writing.rejected |= rejected;
        Some(Step::after(*movement, writing))
    }

    /// The task of flip that it belongs to; none before that is known.
    pub fn task(&self) -> Option<Task> {
        match self {
            Step::Ahead(task)
            | Step::AskAhead(task, _)
            | Step::Ask(task)
            | Step::Close(task)
            | Step::Read(task, ..)
            | Step::Begin(task, ..) => Some(*task),
            Step::Write(it, _)
            | Step::Release(it)
            | Step::ReadBack(it)
            | Step::End(it)
            | Step::Repair(it, _) => Some(it.task),
            _ => None,
        }
    }
}

/// What flip has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Of this release to a share, with the revision of that one: they differ only where the task went astray.
    Flip(usize, usize, Share),
    FlipBack(usize),
    Alarm(usize),
    /// Of the release that this execution held when it was stopped.
    EndStopped(Stopped),
}

/// An execution that was stopped while it held the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stopped {
    pub execution: usize,
    /// Its flip back was refused before, and nobody waits for it any longer.
    pub is_late: bool,
    /// What it had flipped was flipped back, or that was refused.
    pub settled: bool,
}

impl Task {
    pub fn direction(self) -> Direction {
        match self {
            Task::Flip(..) => Direction::Forward,
            Task::FlipBack(_) | Task::Alarm(_) | Task::EndStopped(_) => Direction::Back,
        }
    }
}

/// Traffic that flip moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Movement {
    pub task: Task,
    pub direction: Direction,
    pub to: Traffic,
    pub release: usize,
    /// What was read of the targets there.
    pub health: Health,
    pub own: Own,
}

/// What a step leads to.
pub enum Next {
    Step(Step),
    Answer(Answer),
}
