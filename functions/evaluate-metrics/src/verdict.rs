//! The words of a verdict.

use serde::Serialize;

/// What the release is, as far as it was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Healthy,
    Inconclusive,
    Unhealthy,
}

/// What the state machine does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Watch,
    /// The next step may begin.
    Advance,
    Keep,
    FlipBack,
}
