//! What keeps a request from beginning while nothing is in progress: a freeze, or the hour. Pure.

use super::policy::{AfterFreeze, DecisionPolicy};
use super::window::ReleaseWindow;
use record::{Record, Time};
use shared::{ExecutionArn, Refusal, sentence};

/// Nothing is to begin now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bar {
    /// People have frozen releases.
    Frozen { why: Refusal, until: Option<Time> },
    /// It is not the time for releases.
    Closed { why: Refusal, opens: Time },
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
        Ok(window) => Some(closed(window, now)),
    }
}

fn closed(window: &ReleaseWindow, now: Time) -> Bar {
    let closed = format!("the release window {window} is closed");
    match window.opens(now) {
        Some(opens) => Bar::Closed {
            why: format!("{closed}, and opens at {opens}").into(),
            opens,
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

    /// Whether a push ends here: it is named when the freeze ends. Any other one waits, and begins by itself.
    pub(crate) fn ends_push(&self, policy: &DecisionPolicy) -> bool {
        matches!(self, Bar::Frozen { .. }) && policy.after_freeze == AfterFreeze::Name
    }

    /// What a push that it holds back learns.
    pub(crate) fn holds_back(&self, policy: &DecisionPolicy) -> String {
        let then = if self.ends_push(policy) {
            "This push is held back: whoever ends the freeze learns of the newest one, and may request it (parameter \
             AfterFreeze)."
        } else {
            "The newest push waits, and begins then by itself."
        };
        format!("{} {then}", sentence(self.why().as_str()))
    }

    /// The refusal of a request that neither waits nor overrides it.
    pub(crate) fn refuses(&self) -> Refusal {
        let why = sentence(self.why().as_str());
        let remedy = "To begin all the same, add \"override\": \"REASON\" to the request.";
        format!("{why} {remedy}").into()
    }

    /// What an operator's request that overrides it leaves in its plan.
    pub(crate) fn overridden(&self, reason: &str) -> String {
        format!("begun although {}: {reason}", self.why())
    }
}

#[cfg(test)]
#[path = "bar_tests.rs"]
mod tests;
