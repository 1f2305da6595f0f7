//! Why a request gets no answer of its own: it is refused, or something could not be found out.

use shared::{Error, Refusal};

pub(crate) enum Halt {
    /// The answer is a refusal.
    Refused(Refusal),
    /// There is no answer.
    Failed(Error),
}

impl From<Refusal> for Halt {
    fn from(reason: Refusal) -> Halt {
        Halt::Refused(reason)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        Halt::Failed(error)
    }
}
