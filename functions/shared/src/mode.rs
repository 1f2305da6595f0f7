//! What the stack's parameters say to several functions at once.

use serde::Deserialize;

/// Whether probes and the verdict act on a release, or only say what they would do. Default: decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictMode {
    Decide,
    /// They never flip back, and a share grows by time alone.
    Shadow,
}

/// What becomes of traffic where an execution ends without its own end: stopped, timed out or lost. Default: flip back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenStopped {
    FlipBack,
    /// Traffic stays where it is.
    Leave,
}
