//! What a person says: an execution of its own, whose task in detect may be late, and may come twice.

use crate::clock::at;
use crate::names::{id, word};
use record::{Before, Decision};
use shared::{ExecutionArn, Share};

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speech {
    Approve,
    Reject,
    Hold,
    Resume,
    Finish,
    Stop,
    Freeze,
    Unfreeze,
}

/// A word that has been said, and that detect has not taken for the last time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// Which one it is, in the order in which they were said.
    pub number: usize,
    pub speech: Speech,
    /// The release that it names; of a freeze, none.
    pub release: Option<usize>,
    /// The gate that it names.
    pub gate: Option<Before>,
    /// The tick at which its execution started.
    pub at: u8,
    pub saw: Saw,
    /// It has changed the record.
    pub acted: bool,
    /// A stop that is in the record: the execution is aborted next.
    pub halts: bool,
}

/// What its person saw, and may mean. The code under test does not know it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Saw {
    Nothing,
    Gate(Before),
    Share(Share),
    /// A hold, or a freeze: of the execution that began it.
    Begun(ExecutionArn),
}

impl Word {
    /// As detect hands it to the record.
    pub fn decision(&self) -> Decision {
        Decision {
            execution: word(self.number).clone(),
            by: None,
            reason: String::new(),
            at: at(self.at),
        }
    }

    /// Whether it may act on the hold or freeze that this execution began: its person saw it, or spoke after that one.
    pub fn may_end(&self, begun: &ExecutionArn) -> bool {
        self.saw == Saw::Begun(begun.clone()) || (0..self.number).any(|it| word(it) == begun)
    }

    /// Whether it names this release.
    pub fn is_about(&self, release: &shared::ReleaseId) -> bool {
        self.release.is_some_and(|it| id(it) == release)
    }
}
