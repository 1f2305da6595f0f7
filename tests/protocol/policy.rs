//! What people may decide in a setting, and what a release keeps of that at its claim.

use crate::clock::TICK_SECONDS;
use crate::word::Speech;
use record::{Approval, ApprovalBefore, Before, WhenNewerPushed, WhenNotApproved};

/// What the stack leaves to people.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Where gates stand.
    pub before: &'static [ApprovalBefore],
    pub when_not_approved: WhenNotApproved,
    pub when_newer_pushed: WhenNewerPushed,
    pub freeze_after_rollback: bool,
    /// For how many ticks a gate stays open, and one release may be held in all. In the first one nothing can be said about
    /// it yet: a word of the same moment may have been said before.
    pub ticks: u32,
    /// A push that finds releases frozen waits; otherwise it ends, and is named later.
    pub waits_while_frozen: bool,
    /// What somebody may say.
    pub speeches: &'static [Speech],
    /// The state machine does not ask what people say: the record alone stands before every step forward.
    pub is_deaf: bool,
}

impl Policy {
    /// Nobody decides anything.
    pub const NOBODY: Policy = Policy {
        before: &[],
        when_not_approved: WhenNotApproved::Reject,
        when_newer_pushed: WhenNewerPushed::Keep,
        freeze_after_rollback: false,
        ticks: 2,
        waits_while_frozen: false,
        speeches: &[],
        is_deaf: false,
    };

    /// How long, in seconds.
    pub fn seconds(&self) -> u32 {
        self.ticks * u32::try_from(TICK_SECONDS).expect("a few seconds")
    }

    /// What a release keeps at its claim; none where nobody approves anything.
    pub fn approval(&self) -> Option<Approval> {
        (!self.before.is_empty()).then(|| Approval {
            before: self.before.to_vec(),
            seconds: self.seconds(),
            when_not_approved: self.when_not_approved,
            when_newer_pushed: self.when_newer_pushed,
        })
    }

    /// Whether a gate stands there, judged without the code under test. `first` says that nothing has flipped yet.
    pub fn wants(&self, before: Before, first: bool) -> bool {
        let each = self.before.contains(&ApprovalBefore::EachStep);
        match before {
            Before::Flip(_) => each || first && self.before.contains(&ApprovalBefore::Flip),
            Before::Finish => self.before.contains(&ApprovalBefore::Finish),
            Before::Commands => false,
        }
    }

    /// An execution asks what people say. Where they may say nothing about a release, it would always go on.
    pub fn is_heeded(&self) -> bool {
        let of_release = |it: &Speech| !matches!(it, Speech::Freeze | Speech::Unfreeze);
        !self.before.is_empty() || self.speeches.iter().any(of_release)
    }

    /// When a share began matters to somebody.
    pub fn minds_shares(&self) -> bool {
        self.speeches.contains(&Speech::Finish)
    }
}
