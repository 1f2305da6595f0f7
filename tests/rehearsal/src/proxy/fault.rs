//! What can happen to a call on a bad day.

use super::place::Target;

/// One fault: what happens, and to which call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub target: Target,
    pub kind: Kind,
}

/// What happens to every try of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// AWS asks for patience
    Throttled,
    /// AWS fails with status 500
    ServerError,
    /// AWS denies this one call
    Refused,
    /// the function's role lacks the permission for every call of this operation
    Denied,
    /// the connection ends before the call has an effect
    CutBefore,
    /// the connection ends after the effect, so that the answer is lost
    CutAfter,
    /// the effect is there at once, the answer only when the function is long dead
    Slow,
    /// the function's process is killed right after the effect
    Killed,
    /// the effect comes when the function has given the call up
    LateEffect,
    /// the effect comes when the test lets it; further calls of this operation wait as well
    Held,
    /// AWS fails with status 500 at every call of this operation
    Down,
    /// CloudWatch marks every series as incomplete, at every call of this operation
    Partial,
}

impl Kind {
    /// The kinds of the sweep, in the order of its table.
    pub const SWEPT: [Kind; 9] = [
        Kind::Throttled,
        Kind::ServerError,
        Kind::Refused,
        Kind::Denied,
        Kind::CutBefore,
        Kind::CutAfter,
        Kind::Slow,
        Kind::Killed,
        Kind::LateEffect,
    ];

    /// Whether it strikes every call of the function's operation.
    pub fn strikes_all(self) -> bool {
        matches!(self, Kind::Denied | Kind::Down | Kind::Partial)
    }
}
