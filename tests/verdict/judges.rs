//! The three that judge the same release: this project's verdict, the article's rule, and a fixed rate.

use crate::defaults::{POLL, Steps, WATCH};
use crate::release::{Counts, Release};
use crate::watching::Watching;
use evaluate_metrics::decide::{Decision, Judgement, Verdict};
use evaluate_metrics::policy::Policy;

/// What the last verdict was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Healthy,
    Unhealthy,
    /// Inconclusive: too many errors to be healthy, too few to be sure.
    Suspicious,
    /// Inconclusive for any other reason: here, too few requests.
    Unknown,
}

impl Found {
    fn of(judgement: &Judgement) -> Found {
        match judgement.verdict {
            Verdict::Healthy => Found::Healthy,
            Verdict::Unhealthy => Found::Unhealthy,
            Verdict::Inconclusive if judgement.is_suspicious => Found::Suspicious,
            Verdict::Inconclusive => Found::Unknown,
        }
    }
}

/// How a release ended, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    pub flipped_back: bool,
    pub found: Found,
    /// After the first flip.
    pub seconds: f64,
    /// Requests that failed for the fault alone, on average.
    pub failed: f64,
}

/// Watches step after step as the state machine does: asks for a verdict at every poll, until the release has ended.
pub fn verdict(release: &Release, fault: f64, steps: Steps, delay: f64, policy: &Policy) -> Ending {
    let mut watching = Watching::begin(release, fault, steps, delay);
    for seconds in (1..).map(|poll| poll * POLL) {
        let Some(judgement) = watching.poll(seconds, policy) else {
            continue;
        };
        let flipped_back = match judgement.decision {
            Decision::Watch => continue,
            Decision::Advance => {
                watching.advance(seconds);
                continue;
            }
            Decision::Keep => false,
            Decision::FlipBack => true,
        };
        return Ending {
            flipped_back,
            found: Found::of(&judgement),
            seconds: seconds.into(),
            failed: watching.failed(seconds),
        };
    }
    unreachable!("a release has an end")
}

/// The minutes that are reported at the end of the watch, all at once.
pub fn at_end_of_watch(release: &Release, fault: f64, delay: f64) -> Vec<Counts> {
    let mut rollout = release.roll_out(fault);
    rollout.flip(0.0, 1.0);
    rollout.report(WATCH.into(), delay);
    rollout.minutes
}

/// More than 10 5xx of both environments, asked once at the end of the watch. The flip's minute is reported whole, with the
/// errors of the previous environment.
pub fn article(minutes: &[Counts]) -> bool {
    let errors = minutes.iter().map(|it| it.previous.errors + it.new.errors);
    errors.sum::<f64>() > 10.0
}

/// More than 1 % 5xx of the new environment, asked once at the end of the watch.
pub fn fixed_rate(minutes: &[Counts]) -> bool {
    let sum = |value: fn(&Counts) -> f64| minutes.iter().map(value).sum::<f64>();
    sum(|it| it.new.errors) > 0.01 * sum(|it| it.new.requests)
}
