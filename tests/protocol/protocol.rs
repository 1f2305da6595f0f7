//! A setting of the model, and the steps that somebody can take in it.

use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::mutation::Mutation;
use crate::world::Budget;
use shared::Environment;

/// One setting of the model: who takes part and what may go wrong.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub kinds: Vec<Kind>,
    pub rules: usize,
    pub budget: Budget,
    /// What alarms may watch; none is an alarm of which nobody knows it.
    pub watched: Vec<Option<Environment>>,
    /// Step Functions may begin a try while one whose answer it does not await any more still goes on.
    pub overlap: bool,
    /// Ticks that a process may live beyond its deadline. More than none breaks what the lease relies on.
    pub outlives: u8,
    pub mutation: Option<Mutation>,
}

impl Protocol {
    /// The decisions that hold in this setting.
    pub fn decisions(&self) -> Decisions {
        Decisions {
            mutation: self.mutation,
        }
    }
}

/// One step of somebody.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Start(usize),
    /// Step Functions starts a try of the execution's task.
    Begin(usize),
    /// An alarm is delivered.
    Deliver(usize),
    /// A process does its next step.
    Step(usize),
    /// A ModifyRule takes effect; its answer reaches the process that waits for it.
    Land(usize),
    Tick,
    Deploy(usize),
    Smoke(usize, bool),
    Judge(usize, bool),
    /// The wait for the release in progress is over.
    DetectAgain(usize),
    /// The wait for targets is over: flip is asked again.
    LookAgain(usize),
    /// The time of the deployment is over, and targets are still missing.
    GiveUp(usize),
    // Mishaps.
    Die(usize),
    /// The process goes on, but nobody awaits its answer.
    Abandon(usize),
    /// The SDK did not get an answer to a ModifyRule and sends it again.
    Resend(usize),
    /// AWS rejects a ModifyRule, and says so.
    Reject(usize),
    RunOut(usize),
    Abort(usize),
    Alarm(Option<Environment>),
    Hand(Option<Environment>),
    Sicken(Environment),
    /// An environment keeps one healthy target of several.
    Thin(Environment),
    /// It has all of them again.
    Recover(Environment),
    /// The active environment wants fewer tasks from now on.
    ScaleIn(Environment),
    /// An operator removes from the database what older versions need.
    Contract,
    /// The flip of a release is asked for once more, with the revision of another one or its own.
    StrayFlip(usize, usize),
    /// An execution tells detect once more what smoke answered, to itself or to another one.
    StraySmoke(usize, usize),
}
