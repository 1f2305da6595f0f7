//! The verdict: healthy, unhealthy or inconclusive, from what was observed since the flip to a step's share.
//!
//! What is bad decides at once; what is good, only at the end of the step. What could not be found out is neither: the
//! step then goes on through its grace. After that a share never grows: below 100 % the release is flipped back, at 100 %
//! the policies decide, and the reason says so.
//!
//! In shadow the verdict is the same and changes nothing: the step ends as if it had been healthy. Only an alarm acts, and
//! rules that do not forward as the step says.

use crate::inconclusive::{OpenQuestion, open_questions};
use crate::numbers::Numbers;
use crate::policy::{OnInconclusive, OnSuspicion, Policy};
use crate::snapshot::Snapshot;
use crate::unhealthy;
use crate::watch::Watch;
use serde::Serialize;
use shared::{Refusal, VerdictMode, listed};

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
        slow: slow.filter(|_| judged.verdict != Verdict::Unhealthy),
        would_flip_back,
        numbers,
    }
}

/// A verdict without its numbers.
struct Judged {
    verdict: Verdict,
    /// None where the release is healthy.
    reason: Option<String>,
    is_suspicious: bool,
    is_unknown: bool,
}

impl Judged {
    fn of(check: Result<(), Refusal>, open: impl FnOnce() -> Vec<OpenQuestion>) -> Judged {
        let open = match check {
            Err(refusal) => {
                return Judged {
                    verdict: Verdict::Unhealthy,
                    reason: Some(refusal.into_reason()),
                    is_suspicious: false,
                    is_unknown: false,
                };
            }
            Ok(()) => open(),
        };
        let verdict = if open.is_empty() {
            Verdict::Healthy
        } else {
            Verdict::Inconclusive
        };
        let texts = open.iter().map(|question| question.text.as_str());
        Judged {
            verdict,
            reason: (!open.is_empty()).then(|| listed(texts, "; ")),
            is_suspicious: open.iter().any(|question| question.is_suspicion),
            is_unknown: open.iter().any(|question| !question.is_suspicion),
        }
    }

    /// What comes next, and the rule that says so where it is not the verdict alone. The grace begins at `open_from`.
    fn decide(
        &self,
        watched: i64,
        open_from: i64,
        watch: &Watch,
        policy: &Policy,
    ) -> (Decision, &'static str) {
        let seconds = i64::from(watch.step.seconds);
        let end = match self.verdict {
            Verdict::Unhealthy => return (Decision::FlipBack, ""),
            Verdict::Healthy => seconds,
            Verdict::Inconclusive => open_from + policy.inconclusive_grace_seconds,
        };
        match self.verdict {
            _ if watched < end => (Decision::Watch, ""),
            Verdict::Healthy | Verdict::Unhealthy => (passed(watch), ""),
            Verdict::Inconclusive if watch.is_concurrent() => (
                Decision::FlipBack,
                "; a share grows only after a healthy verdict",
            ),
            Verdict::Inconclusive => self.by_policy(policy),
        }
    }

    fn by_policy(&self, policy: &Policy) -> (Decision, &'static str) {
        if self.is_suspicious && policy.on_suspicion == OnSuspicion::FlipBack {
            return (Decision::FlipBack, "; OnSuspicion says flip-back");
        }
        if self.is_unknown && policy.on_inconclusive == OnInconclusive::FlipBack {
            return (Decision::FlipBack, "; OnInconclusive says flip-back");
        }
        match (self.is_suspicious, self.is_unknown) {
            (true, true) => (Decision::Keep, "; OnSuspicion and OnInconclusive say keep"),
            (true, false) => (Decision::Keep, "; OnSuspicion says keep"),
            (false, _) => (Decision::Keep, "; OnInconclusive says keep"),
        }
    }
}

/// When the grace begins, in seconds after the flip: at the step's end, or later where the step was healthy at its end and
/// became inconclusive while people had not decided yet.
fn open_from(snapshot: &Snapshot, watch: &Watch) -> i64 {
    let seconds = i64::from(watch.step.seconds);
    let since = snapshot.inconclusive_since;
    let since = since.map(|since| (since - snapshot.share_since).num_seconds());
    since.map_or(seconds, |since| since.max(seconds))
}

/// What follows a step that nothing speaks against.
fn passed(watch: &Watch) -> Decision {
    if watch.is_concurrent() {
        Decision::Advance
    } else {
        Decision::Keep
    }
}

/// What a shadow makes of a decision: nothing flips back, and below 100 % nothing is waited for.
fn by_time(decided: Decision, watched: i64, watch: &Watch) -> Decision {
    let is_over = watched >= i64::from(watch.step.seconds);
    match decided {
        Decision::FlipBack if !is_over => Decision::Watch,
        Decision::Watch if !is_over || !watch.is_concurrent() => Decision::Watch,
        Decision::FlipBack | Decision::Watch => passed(watch),
        Decision::Advance | Decision::Keep => decided,
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
