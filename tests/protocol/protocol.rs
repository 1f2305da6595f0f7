//! A setting of the model, and the steps that somebody can take in it.

use crate::decisions::Decisions;
use crate::execution::{Execution, Kind, Stage};
use crate::images::{Check, Said};
use crate::mutation::Mutation;
use crate::policy::Policy;
use crate::verdict::Verdict;
use crate::word::Speech;
use crate::world::Budget;
use crate::write::Write;
use record::Before;
use shared::{Environment, Share, Traffic, WhenStopped};

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
    /// The steps of every release. The last one has all of the traffic.
    pub shares: Vec<Share>,
    pub when_stopped: WhenStopped,
    /// Flip is notified of executions that were stopped.
    pub notified: bool,
    /// An execution that is aborted while it deploys leaves that at work.
    pub leaves_work: bool,
    /// The stack lets in only images that are signed, scanned and verified.
    pub checks_images: bool,
    pub policy: Policy,
    pub mutation: Option<Mutation>,
}

impl Protocol {
    /// The decisions that hold in this setting.
    pub fn decisions(&self) -> Decisions {
        Decisions {
            mutation: self.mutation,
            when_stopped: self.when_stopped,
            policy: self.policy,
        }
    }

    /// The step of a release that a write belongs to.
    pub fn step_of(&self, write: &Write) -> usize {
        let mut shares = self.shares.iter();
        shares
            .position(|share| *share == write.share)
            .unwrap_or_default()
    }

    /// The share that an execution flips to, or has flipped to.
    pub fn share_of(&self, execution: &Execution) -> Share {
        self.shares[execution.step]
    }

    /// What an execution comes to next, as far as people decide about it.
    pub fn before(&self, execution: &Execution) -> Before {
        let flips = matches!(execution.at, Stage::HeedFlip | Stage::WaitForApproval);
        let next = if flips { 0 } else { execution.step + 1 };
        self.shares
            .get(next)
            .map_or(Before::Finish, |share| Before::Flip(*share))
    }

    /// What a stopped execution has flipped is flipped back, in the end.
    pub fn flips_back_stopped(&self) -> bool {
        self.notified && self.when_stopped == WhenStopped::FlipBack
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
    /// Flip is notified that an execution was stopped, by its event or by the schedule: which of two deliveries it is.
    Look(usize),
    /// A process does its next step.
    Step(usize),
    /// A ModifyRule takes effect; its answer reaches the process that waits for it.
    Land(usize),
    Tick,
    Deploy(usize),
    Smoke(usize, bool),
    Judge(usize, Verdict),
    /// Something is decided about a build.
    Decide(u8, Check, bool),
    /// The verifier is asked, or fails to answer.
    Verify(usize, Said),
    /// deploy says what became of the scan.
    Check(usize),
    /// The wait for the release in progress is over.
    DetectAgain(usize),
    /// The wait for people is over.
    HeedAgain(usize),
    /// detect takes a person's word.
    Hear(usize),
    /// The execution of a release is aborted, as a person said.
    Halt(usize),
    /// The wait for targets is over: flip is asked again.
    LookAgain(usize),
    /// The time of the deployment is over, and targets are still missing; or the time for a signature or a scan.
    GiveUp(usize),
    // Mishaps.
    Die(usize),
    /// The process goes on, but nobody awaits its answer.
    Abandon(usize),
    /// The SDK did not get an answer to a ModifyRule and sends it again.
    Resend(usize, usize),
    /// AWS rejects a ModifyRule of those that have no answer, and says so.
    Reject(usize, usize),
    RunOut(usize),
    Abort(usize),
    Alarm(Option<Environment>),
    Hand(Option<Traffic>),
    Sicken(Environment),
    /// An environment keeps one healthy target of several.
    Thin(Environment),
    /// It has all of them again.
    Recover(Environment),
    /// The active environment wants fewer tasks from now on.
    ScaleIn(Environment),
    /// An operator removes from the database what older versions need.
    Contract,
    /// What an aborted execution had at work reaches the idle environment.
    DeployLate,
    /// The flip of a release is asked for once more, to a share, with the revision of another one or its own.
    StrayFlip(usize, usize, Share),
    /// An execution says to detect once more that this share was healthy.
    StrayStep(usize, Share),
    /// An execution tells detect once more what smoke answered, to itself or to another one.
    StraySmoke(usize, usize),
    /// Somebody lets the tag name the other build.
    MoveTag,
    /// The stack begins to check images.
    CheckImages,
    /// A person says something, about a release and a gate.
    Say(Speech, Option<usize>, Option<Before>),
    /// detect takes a person's word, and its answer is lost.
    HearAgain(usize),
    /// Whoever brings a person's word dies.
    Forget(usize),
}
