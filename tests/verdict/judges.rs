//! The three that judge the same release: this project's verdict, the article's rule, and a fixed rate.

use crate::world::{AFTER, Count, Release};
use chrono::TimeDelta;
use evaluate_metrics::decide::{Decision, judge};
use evaluate_metrics::policy::{Ceilings, Policy, WhenInconclusive};
use shared::Environment;

/// The parameters' defaults (`template.yaml`).
pub const WATCH: f64 = 120.0;
const GRACE: f64 = 180.0;
const POLL: f64 = 15.0;

pub fn policy() -> Policy {
    Policy {
        watch_seconds: WATCH as i64,
        grace_seconds: GRACE as i64,
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        when_inconclusive: WhenInconclusive::Keep,
    }
}

/// How a release ended, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    pub flipped_back: bool,
    /// After the flip.
    pub seconds: f64,
}

/// Watches as the state machine does: looks every poll, until the verdict says that the watch is over.
pub fn verdict(release: &Release, delay: f64, policy: &Policy) -> Ending {
    let mut seen = release.seen();
    let (flipped_at, mut told) = (seen.flipped_at, 0);
    for look in 1.. {
        let seconds = f64::from(look) * POLL;
        let known = release.told(seconds, delay);
        // The same points give the same verdict; what it means changes at the ends of the watch and of its grace.
        if known == told && ![WATCH, WATCH + GRACE].contains(&seconds) {
            continue;
        }
        seen.now = flipped_at + TimeDelta::seconds(seconds as i64);
        if let Ok(metrics) = &mut seen.metrics {
            metrics
                .new
                .extend((told..known).map(|number| release.minute(number)));
        }
        told = known;
        let flipped_back = match judge(&seen, Environment::Green, policy).decision {
            Decision::Watch => continue,
            Decision::Keep => false,
            Decision::FlipBack => true,
        };
        return Ending {
            flipped_back,
            seconds,
        };
    }
    unreachable!("the watch has an end")
}

/// More than 10 5xx of the whole load balancer, in one look at the end of the watch.
pub fn article(release: &Release, delay: f64) -> bool {
    let told = release.told(WATCH, delay);
    // The flip's minute is told whole, with the errors of the old side.
    let old = release.before.last().filter(|_| told > 0);
    let new: f64 = release.after[..told].iter().map(|it| it.errors).sum();
    new + old.map_or(0.0, |it| it.errors) > 10.0
}

/// More than 1 % 5xx of the new side, in one look at the end of the watch.
pub fn fixed_rate(release: &Release, delay: f64) -> bool {
    let told = release.told(WATCH, delay).min(AFTER);
    let sum = |value: fn(&Count) -> f64| release.after[..told].iter().map(value).sum::<f64>();
    sum(|it| it.errors) > 0.01 * sum(|it| it.requests)
}
