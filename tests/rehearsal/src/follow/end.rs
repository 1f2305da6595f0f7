//! The end of an execution, and how it came to it.

use super::entry::Entry;
use super::phase::{Phase, Span};
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
    pub(crate) entries: Vec<Entry>,
    pub(crate) began: DateTime<Utc>,
    pub(crate) ended: DateTime<Utc>,
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

    /// Its parts, one after the other: a release in steps flips and watches several times.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for entry in &self.entries {
            let begun = Phase::begun_by(&entry.state);
            let last = spans.last().map(|span| span.phase);
            if let Some(phase) = begun.filter(|_| begun != last) {
                spans
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|last| last.to = entry.at);
                spans.push(Span {
                    phase,
                    from: entry.at,
                    to: self.ended,
                    share: None,
                });
            }
            if let Some(span) = spans.last_mut() {
                span.share = entry.share.or(span.share);
            }
        }
        spans
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

    /// The end for a person, and why: the result with its reason, or the error with its cause.
    pub(crate) fn summary(&self) -> (String, Option<String>) {
        let text = |name: &str| self.output[name].as_str().map(str::to_owned);
        match text("result") {
            Some(result) if result == "released" => (self.released(), None),
            Some(result) => (result, text("reason")),
            None if self.error.is_empty() => (self.status.to_string(), None),
            None => (self.error.clone(), Some(self.cause.clone())),
        }
    }

    /// Where a release went, and by which way.
    fn released(&self) -> String {
        let to = self.output["to"].as_str().unwrap_or_default();
        let shares = self.shares();
        let shares: Vec<_> = shares.iter().map(|(share, _)| share.to_string()).collect();
        match shares.as_slice() {
            [] | [_] => format!("released to {to}, all at once"),
            shares => format!("released to {to}, in steps: {} %", shares.join(", ")),
        }
    }
}
