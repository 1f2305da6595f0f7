//! What runs in an environment, and what may still be on its way to one.

/// What an environment runs. Code and proof are named by the release that brought them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tasks {
    pub healthy: u8,
    /// How many the service wants.
    pub wants: u8,
    pub code: Option<usize>,
    /// The smoke test of this release has passed on the code that runs here.
    pub proven: bool,
}

/// An update of the idle service that may be on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leftover {
    pub execution: usize,
    /// The tick at which the execution ended.
    pub ended: u8,
    /// It has not arrived. It need not arrive at all.
    pub flies: bool,
}
