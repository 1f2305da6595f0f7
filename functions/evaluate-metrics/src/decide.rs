//! The verdict: healthy, unhealthy or inconclusive, from what was observed since the flip.
//!
//! What is bad decides at once; what is good, only at the end of the watch. What could not be found out is neither: the
//! watch then goes on through its grace, after which the policy decides, and the reason says so.

use crate::inconclusive::open_questions;
use crate::numbers::Numbers;
use crate::policy::{OnInconclusive, Policy};
use crate::snapshot::Snapshot;
use crate::unhealthy;
use serde::Serialize;
use shared::{Environment, listed};

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
    Keep,
    FlipBack,
}

/// The verdict with the comparison that decided it, and all the numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    pub verdict: Verdict,
    pub decision: Decision,
    pub reason: String,
    pub numbers: Numbers,
}

impl Judgement {
    /// What a person should know although the release is kept.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let unproven = self.verdict == Verdict::Inconclusive && self.decision == Decision::Keep;
        let warning = || format!("kept without a verdict: {}", self.reason);
        unproven.then(warning).into_iter().collect()
    }
}

/// Judges the release to `to`.
pub fn judge(snapshot: &Snapshot, to: Environment, policy: &Policy) -> Judgement {
    let numbers = Numbers::of(snapshot, policy);
    let (verdict, reason) = match unhealthy::check(snapshot, &numbers, to, policy) {
        Err(refusal) => (Verdict::Unhealthy, refusal.into_reason()),
        Ok(()) => match open_questions(snapshot, &numbers, policy) {
            open if open.is_empty() => (Verdict::Healthy, healthy(&numbers)),
            open => (Verdict::Inconclusive, listed(open, "; ")),
        },
    };
    let watched = numbers.watched_seconds;
    let decision = next(verdict, watched, policy);
    let by_policy = match (verdict, decision) {
        (Verdict::Inconclusive, Decision::Keep) => "; OnInconclusive says keep",
        (Verdict::Inconclusive, Decision::FlipBack) => "; OnInconclusive says flip-back",
        _ => "",
    };
    Judgement {
        verdict,
        decision,
        reason: format!("{reason}, {watched} s after the flip{by_policy}"),
        numbers,
    }
}

fn next(verdict: Verdict, watched_seconds: i64, policy: &Policy) -> Decision {
    let end = match verdict {
        Verdict::Unhealthy => return Decision::FlipBack,
        Verdict::Healthy => policy.watch_seconds,
        Verdict::Inconclusive => policy.watch_seconds + policy.inconclusive_grace_seconds,
    };
    match (watched_seconds >= end, verdict, policy.on_inconclusive) {
        (false, _, _) => Decision::Watch,
        (true, Verdict::Inconclusive, OnInconclusive::FlipBack) => Decision::FlipBack,
        (true, _, _) => Decision::Keep,
    }
}

fn healthy(numbers: &Numbers) -> String {
    let found = &numbers.target_5xx;
    let upper_bound = numbers.error_rate_upper_bound.unwrap_or(1.0) * 100.0;
    let targets = numbers.targets.as_ref().filter(|it| it.unasked() > 0);
    let unasked = targets.map(|it| {
        format!(
            "; the probe asked {} of {} targets",
            it.asked, it.registered
        )
    });
    format!(
        "target 5xx {} of {} requests ({:.1} explained by the baseline); with 95 % certainty fewer than \
         {upper_bound:.2} % fail{}",
        found.errors,
        found.exposure,
        found.expected,
        unasked.unwrap_or_default()
    )
}
