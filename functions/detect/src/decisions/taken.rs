//! Whether a word counts, and whether it has counted before. Pure.

use record::{Decided, Decision};
use shared::Refusal;

/// A word that counts.
pub(super) struct Taken {
    /// The word that counted first.
    pub decision: Decision,
    /// Somebody else said the same before, and that was told then. An earlier try of this execution is nobody else.
    pub before: bool,
}

/// The word that counts; refused where none does.
pub(super) fn taken(decided: Decided, own: &Decision) -> Result<Taken, Refusal> {
    match decided {
        Decided::Taken(_) => Ok(Taken {
            decision: own.clone(),
            before: false,
        }),
        Decided::TakenBefore(decision) => Ok(Taken {
            before: decision.execution != own.execution,
            decision,
        }),
        Decided::Refused(reason) => Err(reason),
    }
}
