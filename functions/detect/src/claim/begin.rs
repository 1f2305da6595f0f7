//! Whether a request for a release or a sync goes on, by its admission. Pure.

use super::admission::{Admission, Skipped};
use super::queue::Placed;
use super::unfinished::to_flip_back;
use crate::decisions::{Bar, DecisionPolicy, behind, overridden};
use crate::request::ExecutionRequest;
use crate::task::Answer;
use record::{Record, Time};
use shared::{ExecutionArn, Refusal, WhenStopped};
use std::ops::ControlFlow;

/// Who asks to begin, and what the stack says about that.
pub(super) struct Asking<'a> {
    pub requested: &'a ExecutionRequest,
    /// When its execution started.
    pub since: Time,
    pub policy: &'a DecisionPolicy,
    pub when_stopped: WhenStopped,
    pub now: Time,
}

/// What a request that goes on has met.
#[derive(Default)]
pub(super) struct Begin {
    /// A holder whose execution has ended.
    pub dead_holder: Option<ExecutionArn>,
    /// What the release would wait for, which a preview does not.
    pub waits: Option<String>,
    /// It would be refused, and only a preview goes on.
    pub refused: bool,
    /// What it overrides, and why: a person should know that.
    pub overridden: Option<String>,
}

/// Whether the request goes on, or the answer that ends this try.
pub(super) fn begin(asking: &Asking<'_>, placed: &Placed) -> ControlFlow<Answer, Begin> {
    let (record, bar) = (&placed.record, placed.bar.as_ref());
    match placed.admission.clone() {
        Admission::Begin { dead_holder } => {
            match to_flip_back(record, dead_holder.as_ref(), asking.when_stopped) {
                Some(reason) => ControlFlow::Break(Answer::end_stopped(reason)),
                None if placed.held_back => ControlFlow::Break(asking.ends(bar)),
                None => asking.past(placed, dead_holder),
            }
        }
        Admission::Skip(Skipped { reason, superseded }) => {
            ControlFlow::Break(Answer::Skip { reason, superseded })
        }
        Admission::Wait { .. } if placed.held_back => ControlFlow::Break(asking.ends(bar)),
        Admission::Wait { reason, until } => match bar.and_then(|bar| asking.previews(bar)) {
            Some(begin) => ControlFlow::Continue(begin),
            None => asking.behind(record, &reason, until),
        },
    }
}

impl Asking<'_> {
    /// Nothing is in progress: goes on, unless a freeze or the hour bars it.
    fn past(
        &self,
        placed: &Placed,
        dead_holder: Option<ExecutionArn>,
    ) -> ControlFlow<Answer, Begin> {
        let (bar, requested) = (placed.bar.as_ref(), self.requested);
        let overrides = requested.overrides.as_ref();
        let Some(bar) = bar.filter(|_| overrides.is_none()) else {
            let overridden = |reason: &String| overridden(bar, placed.has_begun, reason);
            return ControlFlow::Continue(Begin {
                dead_holder,
                overridden: overrides.and_then(overridden),
                ..Begin::default()
            });
        };
        match self.previews(bar) {
            Some(begin) => ControlFlow::Continue(begin),
            None if bar.lets_wait(requested.is_push()) => {
                ControlFlow::Break(self.waits(bar, &placed.record))
            }
            None => ControlFlow::Break(Answer::refuse(bar.refuses())),
        }
    }

    /// A preview goes on, and says what the bar would do to its request.
    fn previews(&self, bar: &Bar) -> Option<Begin> {
        let requested = self.requested;
        if !requested.preview || requested.overrides.is_some() {
            return None;
        }
        let refused = !bar.lets_wait(requested.is_push());
        let then = if refused {
            "it would be refused without an override"
        } else {
            "it would be held back"
        };
        Some(Begin {
            waits: Some(format!("{}, so {then}", bar.why())),
            refused,
            ..Begin::default()
        })
    }

    /// Something is in progress.
    fn behind(
        &self,
        record: &Record,
        reason: &str,
        until: Option<Time>,
    ) -> ControlFlow<Answer, Begin> {
        if self.requested.is_sync() {
            let remedy = "a sync would end its flip back. Request it again when that has ended.";
            let refusal = Refusal::from(format!("{reason}: {remedy}"));
            return ControlFlow::Break(Answer::refuse(refusal));
        }
        if self.requested.preview {
            return ControlFlow::Continue(Begin {
                waits: Some(format!("{reason}, so it would wait")),
                ..Begin::default()
            });
        }
        ControlFlow::Break(match until {
            Some(until) => Answer::wait_until(reason.to_owned(), until, self.now),
            None => Answer::wait(reason, self.seconds(record)),
        })
    }

    /// The end of a push that a freeze has held back.
    fn ends(&self, bar: Option<&Bar>) -> Answer {
        let frozen = bar.filter(|bar| bar.ends_push(self.policy));
        let reason = frozen.map_or_else(
            || "this push was held back while releases were frozen".to_owned(),
            |bar| bar.holds_back(self.policy),
        );
        Answer::HeldBack { reason }
    }

    /// The wait of a request for the end of the bar.
    fn waits(&self, bar: &Bar, record: &Record) -> Answer {
        let paced = match bar {
            // Somebody may end it before its time.
            Bar::Frozen { .. } => self.seconds(record),
            Bar::Closed { .. } | Bar::Unusable { .. } => i64::MAX,
        };
        waits_for(bar, self.policy, paced, self.now)
    }

    fn seconds(&self, record: &Record) -> i64 {
        behind(self.policy, record, self.since, self.now)
    }
}

/// The wait for the end of a bar; `paced` is when the request asks again at the latest, in seconds.
pub(super) fn waits_for(bar: &Bar, policy: &DecisionPolicy, paced: i64, now: Time) -> Answer {
    let until = bar.until();
    let left = until.map_or(paced, |until| (until - now).num_seconds() + 1);
    Answer::Wait {
        reason: bar.holds_back(policy),
        seconds: paced.min(left).max(1),
        held_back: true,
        gate: None,
        ask: None,
        until,
    }
}
