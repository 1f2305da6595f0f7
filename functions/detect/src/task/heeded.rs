//! What people say to a release whose execution asks.

use record::{Before, Time};
use serde::Serialize;

/// The answer to a release that asks before its next step; every field is always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heeded {
    pub decision: HeedDecision,
    /// A person has ended the watch at this share.
    pub finish: bool,
    /// A person holds the release.
    pub held: bool,
    pub reason: String,
    /// The gate that is open.
    pub gate: Option<Before>,
    /// The requests that end the wait, one on each line.
    pub ask: Option<String>,
    /// When it ends by itself.
    pub until: Option<Time>,
    /// When to ask again, in seconds from now.
    pub seconds: i64,
    /// Why the release is to end.
    pub failure: Option<Failure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeedDecision {
    GoOn,
    Wait,
    End,
}

/// An error as the state machine writes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Failure {
    pub error: String,
    pub cause: String,
}
