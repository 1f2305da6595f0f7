//! What a try answers.

use crate::heeded::{Ending, Heard};
use record::Phase;
use shared::Environment;

/// What a try answers the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Release {
        from: Environment,
        /// The scan of its image is to be decided before the flip.
        scan_pends: bool,
    },
    /// The verifier is to be asked about this build, and the request asks again.
    VerifyImage(u8),
    Wait,
    Skip,
    /// Releases are frozen: this push is named when they are not any more.
    HeldBack,
    Refuse,
    Rollback(usize),
    /// The holder was stopped past its flip: end its release first.
    EndStopped,
    /// Whether the record says now what passed.
    SmokeTaken(bool),
    StepTaken(bool),
    Finished(Option<Phase>),
    /// What people say.
    Heard(Heard),
    /// People end the release.
    Ended(Ending),
    /// People keep the release from this step forward.
    Held,
    /// Flipped or flipped back, now or before.
    Moved,
    NothingToFlipBack,
    /// The release of an execution that was stopped has ended.
    Closed,
    /// Fewer targets are healthy than a flip needs to begin.
    NotReady,
    Refused,
    /// An error of ours that says: try again later.
    Blocked,
    /// Any other error, a timeout, a lost answer.
    Lost,
}
