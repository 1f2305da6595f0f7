//! The processes: a single try of a task or of an alarm's delivery each, and the steps it does.

use crate::execution::{ARNS, Answer, Stage};
use crate::world::{Item, Way, Write};
use shared::Environment;

/// Whose task a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Execution(usize),
    Alarm(usize),
}

/// One process: a single try of a task, or of one delivery of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Try {
    pub who: Who,
    /// Somebody waits for its answer.
    pub heard: bool,
    pub began: u8,
    /// Nobody wrote the record since this process read it.
    pub fresh: bool,
    pub step: Step,
}

/// What a process does next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// detect: take the place among the requests.
    Arrive,
    /// detect: ask whose turn it is, with the record as it was read, and look at the rules.
    Turn(Item),
    /// detect: claim.
    Claim {
        gone: Option<usize>,
        from: Environment,
    },
    /// detect: read the record to end the release.
    Finish(Stage),
    /// detect: write it, if nobody did in between.
    Store(Stage, Item),
    /// flip: ask the record without effect.
    Ask(Errand),
    /// flip: look at targets and rules.
    Look(Errand, Environment),
    /// flip: ask the record again, with effect.
    Begin(Errand, Environment, Vec<usize>, bool),
    /// flip: send the next ModifyRule.
    Send(Job, Vec<usize>),
    /// flip: wait for its answer; the rest follows.
    Sent(Job, Write, Vec<usize>),
    ReadBack(Job),
    End(Job),
    /// flip: it was overtaken; look at the side where the record wants traffic.
    LookAgain(Job),
}

impl Step {
    pub fn is_of_flip(&self) -> bool {
        match self {
            Step::Arrive
            | Step::Turn(_)
            | Step::Claim { .. }
            | Step::Finish(_)
            | Step::Store(..) => false,
            Step::Ask(_)
            | Step::Look(..)
            | Step::Begin(..)
            | Step::Send(..)
            | Step::Sent(..)
            | Step::ReadBack(_)
            | Step::End(_)
            | Step::LookAgain(_) => true,
        }
    }
}

/// What flip was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Errand {
    Flip(usize),
    FlipBack(usize),
    Alarm(usize),
}

/// Traffic on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    pub errand: Errand,
    pub way: Way,
    pub to: Environment,
    pub release: usize,
    /// The look found a healthy target.
    pub safe: bool,
}

/// What a step leads to.
pub enum Next {
    Step(Step),
    Answer(Answer),
}

impl Try {
    pub fn writer(&self) -> &'static str {
        match self.who {
            Who::Execution(index) => ARNS[index],
            Who::Alarm(index) => ["a0", "a1", "a2", "a3"][index],
        }
    }
}

impl Errand {
    pub fn way(self) -> Way {
        match self {
            Errand::Flip(_) => Way::Forward,
            Errand::FlipBack(_) | Errand::Alarm(_) => Way::Back,
        }
    }
}
