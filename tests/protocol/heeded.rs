//! What an execution has heard from people, and what they have said about its release.

use record::{Before, Heed};
use shared::{FailureReason, Share};

/// What people have said to one execution, and about its release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Heeded {
    /// The answer to its latest question.
    pub heard: Heard,
    /// It has waited before its first flip: everything is looked at anew.
    pub waited: bool,
    /// A flip was tried before it waited.
    pub tried: bool,
    /// The watch at the present share has come to a good end, so a gate may open.
    pub ready: bool,
    /// How a person's word, or a silence, ends it.
    pub ends: Option<Ending>,
    /// The gates that were approved for it.
    pub approved: Vec<Before>,
    /// The latest share at which a person has ended the watch.
    pub finished_at: Option<Share>,
    /// A person has stopped it.
    pub stopped: bool,
}

impl Heeded {
    /// What it has heard leads to nothing any more: another share follows, or the end.
    pub fn forget(&mut self) {
        self.heard = Heard::default();
        self.waited = false;
        self.tried = false;
        self.ready = false;
    }
}

/// An answer to the question what people say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Heard {
    pub goes_on: bool,
    pub held: bool,
    pub finish: bool,
}

/// Nobody has said anything that keeps it.
impl Default for Heard {
    fn default() -> Heard {
        Heard {
            goes_on: true,
            held: false,
            finish: false,
        }
    }
}

impl Heard {
    /// The question had no answer: nothing goes forward, and nothing is known to hold it.
    pub const UNKNOWN: Heard = Heard {
        goes_on: false,
        held: false,
        finish: false,
    };
}

/// Why people end a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    Rejected,
    TimedOut,
    Superseded,
    Stopped,
}

impl Ending {
    pub fn of(reason: &FailureReason) -> Ending {
        let FailureReason::Failure { error, .. } = reason else {
            unreachable!("people end a release with an error's name")
        };
        let all = [
            ("ApprovalRejected", Ending::Rejected),
            ("ApprovalTimedOut", Ending::TimedOut),
            ("ReleaseSuperseded", Ending::Superseded),
            ("StopRequested", Ending::Stopped),
        ];
        let found = all.iter().find(|(name, _)| name == error);
        found.expect("an end by people").1
    }

    /// Whether it speaks against the build.
    pub fn is_bad(self) -> bool {
        self != Ending::Superseded
    }
}

/// What the record answers, as the execution hears it.
pub fn heard(heed: &Heed) -> Result<Heard, Ending> {
    match heed {
        Heed::GoOn { finish } => Ok(Heard {
            goes_on: true,
            held: false,
            finish: *finish,
        }),
        Heed::Waits {
            held_until, finish, ..
        } => Ok(Heard {
            goes_on: false,
            held: held_until.is_some(),
            finish: *finish,
        }),
        Heed::Ends(reason) => Err(Ending::of(reason)),
    }
}
