//! What flip answers, to a task and to an alarm alike.

use crate::plan::Preview;
use chrono::Utc;
use serde::Serialize;
use shared::Environment;
use shared::record::{Release, Time};

/// What was done, or why nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Flipped,
    AlreadyThere,
    FlippedBack,
    AlreadyBack,
    /// The release did not move traffic, so there is nothing to return.
    NothingToReturn,
    /// The alarm does not concern the release that is recorded.
    Ignored,
    Refused,
    /// Nothing was done: it was to be told only.
    Planned,
}

/// The answer of one invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub decision: Decision,
    pub reason: String,
    pub release: Option<String>,
    pub from: Option<Environment>,
    pub to: Option<Environment>,
    /// When the new side may have seen traffic first.
    pub flipped_at: Option<Time>,
    /// From the invocation to this answer, in milliseconds.
    pub duration_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Preview>,
}

impl Answer {
    pub fn new(decision: Decision, reason: String, began: Time) -> Answer {
        let duration_ms = (Utc::now() - began).num_milliseconds();
        Answer {
            decision,
            reason,
            release: None,
            from: None,
            to: None,
            flipped_at: None,
            duration_ms,
            plan: None,
        }
    }

    pub fn about(self, release: &Release) -> Answer {
        Answer {
            release: Some(release.id.clone()),
            from: Some(release.from),
            to: Some(release.to),
            flipped_at: release.flipped_at,
            ..self
        }
    }
}
