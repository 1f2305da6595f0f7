//! What the stack's parameters say to several functions at once.

use std::str::FromStr;

/// Whether probes and the verdict act on a release, or only say what they would do. Default: decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictMode {
    Decide,
    /// They never flip back, and a share grows by time alone.
    Shadow,
}

impl FromStr for VerdictMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "decide" => Ok(VerdictMode::Decide),
            "shadow" => Ok(VerdictMode::Shadow),
            other => Err(format!("expected decide or shadow, found {other}")),
        }
    }
}

/// What becomes of traffic where an execution ends without its own end: stopped, timed out or lost. Default: flip back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenStopped {
    FlipBack,
    /// Traffic stays where it is.
    Leave,
}

impl FromStr for WhenStopped {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "flip-back" => Ok(WhenStopped::FlipBack),
            "leave" => Ok(WhenStopped::Leave),
            other => Err(format!("expected flip-back or leave, found {other}")),
        }
    }
}
