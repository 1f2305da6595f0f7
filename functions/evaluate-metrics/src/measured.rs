//! What the end of a step measures: the verdict, and the numbers by which it judged. Pure.

use crate::decide::{Decision, Judgement, Verdict};
use serde::Serialize;
use shared::emf::Metric;
use shared::{ReleaseId, Share, excerpt};

/// How many steps have been measured after the judgement of this one, where so many had been before it.
pub(crate) fn measured_steps(judgement: &Judgement, step: usize, before: usize) -> usize {
    if judgement.decision == Decision::Watch {
        before
    } else {
        before.max(step + 1)
    }
}

/// The measurements of a judgement; none while the watch goes on. A step that waits for people is judged again and again:
/// what was healthy at its end `has_been` measured then, and only a flip back is news.
pub(crate) fn measured(judgement: &Judgement, has_been: bool) -> Vec<(Metric, f64)> {
    match judgement.decision {
        Decision::Watch => return Vec::new(),
        Decision::Advance | Decision::Keep if has_been => return Vec::new(),
        Decision::Advance | Decision::Keep | Decision::FlipBack => {}
    }
    let verdict = match judgement.verdict {
        Verdict::Healthy => Metric::VerdictHealthy,
        Verdict::Inconclusive => Metric::VerdictInconclusive,
        Verdict::Unhealthy => Metric::VerdictUnhealthy,
    };
    let numbers = &judgement.numbers;
    let requests = numbers.requests.unwrap_or(0.0);
    let (errors, of) = (numbers.target_5xx.errors, numbers.target_5xx.exposure);
    let percent = (of > 0.0).then(|| 100.0 * errors / of);
    let seconds = u32::try_from(numbers.watched_seconds).unwrap_or(u32::MAX);
    let mut measured = vec![
        (verdict, 1.0),
        (Metric::VerdictRequests, requests),
        (Metric::VerdictTime, seconds.into()),
    ];
    measured.extend(percent.map(|it| (Metric::VerdictErrorPercent, it)));
    measured
}

/// What the log says beside the metrics.
#[derive(Debug, Serialize)]
pub(crate) struct About<'a> {
    release: &'a ReleaseId,
    share: Share,
    verdict: Verdict,
    decision: Decision,
    reason: String,
}

impl<'a> About<'a> {
    pub fn of(release: &'a ReleaseId, judgement: &Judgement) -> About<'a> {
        About {
            release,
            share: judgement.numbers.share,
            verdict: judgement.verdict,
            decision: judgement.decision,
            reason: excerpt(&judgement.reason),
        }
    }
}
