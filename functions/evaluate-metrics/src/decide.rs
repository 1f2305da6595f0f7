//! The verdict: healthy, unhealthy or inconclusive, from what was observed since the flip to a step's share.
//!
//! What is bad decides at once; what is good, only at the end of the step. What could not be found out is neither: the
//! step then goes on through its grace. After that a share never grows: below 100 % the release is flipped back, at 100 %
//! the policies decide, and the reason says so.
//!
//! In shadow the verdict is the same and changes nothing: the step ends as if it had been healthy. Only an alarm acts, and
//! rules that do not forward as the step says.

use crate::course::{Judged, by_time, open_from};
use crate::inconclusive::open_questions;
use crate::numbers::Numbers;
use crate::policy::Policy;
use crate::snapshot::Snapshot;
use crate::unhealthy;
pub use crate::verdict::{Decision, Verdict};
use crate::watch::Watch;
use serde::Serialize;
use shared::VerdictMode;

/// The verdict with the comparison that decided it, and all the numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    pub verdict: Verdict,
    pub decision: Decision,
    pub reason: String,
    pub numbers: Numbers,
    /// Errors leave the verdict open, too many to be healthy and too few to be sure.
    #[serde(skip)]
    pub is_suspicious: bool,
    /// The grace is over, and the step goes on only because AWS could not be read: the next poll may come later.
    #[serde(rename = "unread")]
    pub(crate) is_unread: bool,
    /// What a person is warned of: the release is slower than the limit allows.
    #[serde(skip)]
    pub(crate) slow: Option<String>,
    /// In shadow, why the release would have been flipped back.
    #[serde(skip)]
    pub would_flip_back: Option<String>,
}

impl Judgement {
    /// What a person should know although the release goes on; `would_flip_back` is this poll's or an earlier one's.
    pub(crate) fn warnings(&self, would_flip_back: Option<&str>) -> Vec<String> {
        let goes_on = match self.decision {
            Decision::Keep => "kept",
            Decision::Advance => "advanced",
            Decision::Watch | Decision::FlipBack => return Vec::new(),
        };
        let shadow = would_flip_back.map(shadow);
        let is_open = self.verdict == Verdict::Inconclusive && self.would_flip_back.is_none();
        let unproven = is_open.then(|| format!("{goes_on} without a verdict: {}", self.reason));
        [shadow, unproven, self.slow.clone()]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Judges a release at a step of its watch.
pub fn judge(snapshot: &Snapshot, watch: &Watch, policy: &Policy) -> Judgement {
    let numbers = Numbers::of(snapshot, watch, policy);
    let slow = unhealthy::slow(&numbers, policy);
    let rules = unhealthy::check_rules(snapshot, watch);
    let alarm = unhealthy::check_alarms(snapshot);
    // An alarm flips back by itself, and where the rules were changed there is nothing left to watch: in shadow too.
    let acts = rules.is_err() || alarm.is_err();
    let check = rules.and_then(|()| unhealthy::check(snapshot, &numbers, watch, policy));
    let check = check.and(alarm);
    let judged = Judged::of(check, || open_questions(snapshot, &numbers, watch, policy));
    let open_from = open_from(snapshot, watch);
    let (decided, why) = judged.decide(numbers.watched_seconds, open_from, watch, policy);
    let is_unread = judged.waits_for_reads(numbers.watched_seconds, open_from, policy);
    let found = judged.reason.unwrap_or_else(|| healthy(&numbers));
    let reason = format!("{found}, {}{why}", watched(&numbers, watch));
    let is_shadow = policy.mode == VerdictMode::Shadow && !acts;
    let decision = if is_shadow {
        by_time(decided, numbers.watched_seconds, watch)
    } else {
        decided
    };
    let would_flip_back = (is_shadow && decided == Decision::FlipBack).then(|| reason.clone());
    Judgement {
        verdict: judged.verdict,
        decision,
        reason: would_flip_back.as_deref().map_or(reason, shadow),
        is_suspicious: judged.is_suspicious,
        is_unread,
        slow: slow.filter(|_| judged.verdict != Verdict::Unhealthy),
        would_flip_back,
        numbers,
    }
}

fn shadow(reason: &str) -> String {
    format!("shadow: would have flipped back: {reason}")
}

/// The time since the flip, which in a release of several steps has its share.
fn watched(numbers: &Numbers, watch: &Watch) -> String {
    let seconds = numbers.watched_seconds;
    let share = if watch.steps > 1 {
        format!(" to {}", watch.step.share)
    } else {
        String::new()
    };
    let judged_from = numbers.judged_from;
    let from = judged_from.map(|from| format!(" (judged from {} on)", from.format("%H:%M")));
    format!(
        "{seconds} s after the flip{share}{}",
        from.unwrap_or_default()
    )
}

fn healthy(numbers: &Numbers) -> String {
    let upper_bound = numbers.error_rate_upper_bound.unwrap_or(1.0) * 100.0;
    let targets = numbers.targets.as_ref().filter(|it| it.unasked() > 0);
    let unasked = targets.map(|it| {
        format!(
            "; the probe asked {} of {} targets",
            it.asked, it.registered
        )
    });
    format!(
        "target 5xx {}; with 95 % certainty fewer than {upper_bound:.2} % fail{}",
        numbers.target_5xx.describe_expected(),
        unasked.unwrap_or_default()
    )
}
