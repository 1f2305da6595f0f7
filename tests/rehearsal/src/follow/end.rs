//! The end of an execution, and how it came to it.

use super::entry::Entry;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// How an execution ended.
#[derive(Clone, Debug)]
pub struct End {
    /// ARN of the execution.
    pub execution: String,
    pub status: ExecutionStatus,
    pub error: String,
    pub cause: String,
    pub output: Value,
    /// The states it entered, in order.
    pub states: Vec<String>,
    pub(super) entries: Vec<Entry>,
    /// How long it was followed, which is from its start.
    pub seconds: f64,
}

impl End {
    /// The id of its release.
    pub fn release(&self) -> &str {
        self.execution.rsplit(':').next().unwrap_or_default()
    }

    /// Whether the execution entered a state.
    pub fn entered(&self, state: &str) -> bool {
        self.states.iter().any(|entered| entered == state)
    }

    /// How often the execution entered a state after `since`.
    pub fn entered_since(&self, state: &str, since: DateTime<Utc>) -> usize {
        let later = self.entries.iter().filter(|entry| entry.at > since);
        later.filter(|entry| entry.state == state).count()
    }

    /// The shares that the new environment got, one after the other, and when: in per cent.
    pub fn shares(&self) -> Vec<(u64, DateTime<Utc>)> {
        let entries = self.entries.iter();
        let shares = entries.filter_map(|entry| Some((entry.share?, entry.at)));
        shares.collect()
    }

    /// The last verdict of its watch, with the reason.
    pub fn last_verdict(&self) -> &str {
        let mut verdicts = self.entries.iter().filter_map(|it| it.verdict.as_deref());
        verdicts.next_back().unwrap_or_default()
    }

    /// The end in one line.
    pub fn describe(&self) -> String {
        let (status, output) = (&self.status, &self.output);
        format!("{status} {}: {} {output}", self.error, self.cause)
    }
}
