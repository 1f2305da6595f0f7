//! What follows a verdict: the step goes on, is passed, or the release is flipped back. What AWS did not let read shows
//! nothing about the release, so it is waited for longer than for silence.

use crate::inconclusive::{Kind, OpenQuestion};
use crate::policy::{OnInconclusive, OnSuspicion, Policy};
use crate::snapshot::Snapshot;
use crate::verdict::{Decision, Verdict};
use crate::watch::{UNREAD_SECONDS, Watch};
use shared::{Refusal, listed};

/// A verdict without its numbers.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    /// None where the release is healthy.
    pub(crate) reason: Option<String>,
    pub(crate) is_suspicious: bool,
    is_unknown: bool,
    /// Nothing is open but what AWS did not let read.
    is_unread: bool,
}

impl Judged {
    pub(crate) fn of(
        check: Result<(), Refusal>,
        open: impl FnOnce() -> Vec<OpenQuestion>,
    ) -> Judged {
        let open = match check {
            Err(refusal) => return Judged::unhealthy(refusal),
            Ok(()) => open(),
        };
        let verdict = if open.is_empty() {
            Verdict::Healthy
        } else {
            Verdict::Inconclusive
        };
        let texts = open.iter().map(|question| question.text.as_str());
        let is = |kind: Kind| move |question: &OpenQuestion| question.kind == kind;
        Judged {
            verdict,
            reason: (!open.is_empty()).then(|| listed(texts, "; ")),
            is_suspicious: open.iter().any(is(Kind::Suspicion)),
            is_unknown: !open.iter().all(is(Kind::Suspicion)),
            is_unread: open.iter().all(is(Kind::Unread)),
        }
    }

    fn unhealthy(refusal: Refusal) -> Judged {
        Judged {
            verdict: Verdict::Unhealthy,
            reason: Some(refusal.into_reason()),
            is_suspicious: false,
            is_unknown: false,
            is_unread: false,
        }
    }

    /// What comes next, and the rule that says so where it is not the verdict alone. The grace begins at `open_from`.
    pub(crate) fn decide(
        &self,
        watched: i64,
        open_from: i64,
        watch: &Watch,
        policy: &Policy,
    ) -> (Decision, &'static str) {
        let end = match self.verdict {
            Verdict::Unhealthy => return (Decision::FlipBack, ""),
            Verdict::Healthy => i64::from(watch.step.seconds),
            Verdict::Inconclusive => open_from + self.grace(policy),
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

    fn grace(&self, policy: &Policy) -> i64 {
        let is_unread = self.verdict == Verdict::Inconclusive && self.is_unread;
        policy.inconclusive_grace_seconds + if is_unread { UNREAD_SECONDS } else { 0 }
    }

    /// The usual grace is over, and the longer one is not.
    pub(crate) fn waits_for_reads(&self, watched: i64, open_from: i64, policy: &Policy) -> bool {
        let usual = open_from + policy.inconclusive_grace_seconds;
        (usual..open_from + self.grace(policy)).contains(&watched)
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
pub(crate) fn open_from(snapshot: &Snapshot, watch: &Watch) -> i64 {
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
pub(crate) fn by_time(decided: Decision, watched: i64, watch: &Watch) -> Decision {
    let is_over = watched >= i64::from(watch.step.seconds);
    match decided {
        Decision::FlipBack if !is_over => Decision::Watch,
        Decision::Watch if !is_over || !watch.is_concurrent() => Decision::Watch,
        Decision::FlipBack | Decision::Watch => passed(watch),
        Decision::Advance | Decision::Keep => decided,
    }
}
