//! What keeps a request from beginning while nothing is in progress: a freeze, or the hour. Pure.

use super::policy::{AfterFreeze, DecisionPolicy};
use super::window::ReleaseWindow;
use record::{Gate, Record, Time};
use shared::{ExecutionArn, Refusal, sentence};

/// Nothing is to begin now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bar {
    /// People have frozen releases.
    Frozen { why: Refusal, until: Option<Time> },
    /// It is not the time for releases.
    Closed {
        why: Refusal,
        opens: Time,
        /// The request has waited for something else before.
        has_waited: bool,
    },
    /// Nobody can say whether it is the time for releases.
    Unusable { why: Refusal },
}

/// What bars the request of `execution` now; none where an earlier try of it has begun before.
pub fn bar(
    record: &Record,
    policy: &DecisionPolicy,
    execution: &ExecutionArn,
    now: Time,
) -> Option<Bar> {
    if record.holder.as_ref() == Some(execution) {
        return None;
    }
    if let Some(freeze) = record.freeze_at(now) {
        return Some(Bar::Frozen {
            why: freeze.described(),
            until: freeze.until,
        });
    }
    match policy.window.as_ref()? {
        Err(why) => Some(Bar::Unusable { why: why.clone() }),
        Ok(window) if window.is_open(now) => None,
        Ok(window) => Some(closed(window, has_waited(record, execution), now)),
    }
}

/// Whether the request has a place in the record: in the order, or at the gate of a contract step.
fn has_waited(record: &Record, execution: &ExecutionArn) -> bool {
    let newest = record.newest.as_ref().map(|newest| &newest.execution);
    let at_gate = |gate: &Gate| execution.is_of(&gate.release);
    newest == Some(execution) || record.gate.as_ref().is_some_and(at_gate)
}

/// What an operator's request overrides, for a person; none where it overrides nothing. An earlier try that has begun has
/// met what nobody knows any more.
pub(crate) fn overridden(bar: Option<&Bar>, has_begun: bool, reason: &str) -> Option<String> {
    match bar {
        Some(bar) => Some(bar.overridden(reason)),
        None => has_begun.then(|| format!("begun with an override: {reason}")),
    }
}

fn closed(window: &ReleaseWindow, has_waited: bool, now: Time) -> Bar {
    let closed = format!("the release window {window} is closed");
    match window.opens(now) {
        Some(opens) => Bar::Closed {
            why: format!("{closed}, and opens at {opens}").into(),
            opens,
            has_waited,
        },
        None => Bar::Unusable {
            why: format!(
                "{closed}, and does not open within a year: correct the parameter ReleaseWindow"
            )
            .into(),
        },
    }
}

impl Bar {
    pub fn why(&self) -> &Refusal {
        match self {
            Bar::Frozen { why, .. } | Bar::Closed { why, .. } | Bar::Unusable { why } => why,
        }
    }

    /// When it ends, where that is known.
    pub fn until(&self) -> Option<Time> {
        match self {
            Bar::Frozen { until, .. } => *until,
            Bar::Closed { opens, .. } => Some(*opens),
            Bar::Unusable { .. } => None,
        }
    }

    /// Whether a request waits for its end, and is not refused. A push does; so does an operator's request that was not
    /// refused when it came.
    pub(crate) fn lets_wait(&self, is_push: bool) -> bool {
        match self {
            Bar::Frozen { .. } => is_push,
            Bar::Closed { has_waited, .. } => is_push || *has_waited,
            Bar::Unusable { .. } => false,
        }
    }

    /// Whether a push ends here: it is named when the freeze ends. Any other one waits, and begins by itself.
    pub(crate) fn ends_push(&self, policy: &DecisionPolicy) -> bool {
        matches!(self, Bar::Frozen { .. }) && policy.after_freeze == AfterFreeze::Name
    }

    /// What a request that it holds back learns.
    pub(crate) fn holds_back(&self, policy: &DecisionPolicy) -> String {
        let then = if self.ends_push(policy) {
            "This push is held back: whoever ends the freeze learns of the newest one, and may request it (parameter \
             AfterFreeze)."
        } else if let Bar::Closed {
            has_waited: true, ..
        } = self
        {
            "This request waits, and begins then by itself."
        } else {
            "The newest push waits, and begins then by itself."
        };
        format!("{} {then}", sentence(self.why().as_str()))
    }

    /// What a report of drift says behind it.
    pub(crate) fn only_reports(&self) -> String {
        format!(
            "This is not put right now: {}",
            sentence(self.why().as_str())
        )
    }

    /// The refusal of a request that neither waits nor overrides it.
    pub(crate) fn refuses(&self) -> Refusal {
        let why = sentence(self.why().as_str());
        let remedy = "To begin all the same, add \"override\": \"REASON\" to the request.";
        format!("{why} {remedy}").into()
    }

    fn overridden(&self, reason: &str) -> String {
        format!("begun although {}: {reason}", self.why())
    }
}

#[cfg(test)]
#[path = "bar_tests.rs"]
mod tests;
