//! A ModifyRule on its way.

use shared::{Environment, Share, Traffic};

/// A ModifyRule that was sent and has not taken effect yet. Nothing can stop it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Write {
    pub rule: usize,
    pub to: Environment,
    pub share: Share,
    /// The release for which traffic moves, and the direction.
    pub release: usize,
    pub direction: Direction,
    /// The alarm for which it was sent, if there was one.
    pub alarm: Option<usize>,
    /// The tick at which it has landed for certain.
    pub until: u8,
}

impl Write {
    /// Where the rule sends traffic once it has taken effect.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            to: self.to,
            share: self.share,
        }
    }
}

/// To the release's new environment, back to its previous one, or to where the record says after a flip was overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    Forward,
    Back,
    Repair,
}

/// The ModifyRules of one try, which are on their way side by side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Writing {
    /// The rules that come next.
    pub unsent: Vec<usize>,
    /// What was sent and has no answer so far.
    pub unanswered: Vec<Write>,
    /// AWS has turned one of them away.
    pub rejected: bool,
}
