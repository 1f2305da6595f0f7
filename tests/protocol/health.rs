//! How healthy an environment is, in steps that matter to whoever moves traffic there.

/// Targets of a whole environment: as many as are deployed. One fewer may be too few for a flip to begin.
pub const ALL: u8 = 2;

/// The healthy targets of an environment, by what traffic needs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    None,
    /// Some, and fewer than a flip must find to begin.
    TooFew,
    Enough,
}
