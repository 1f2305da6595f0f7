//! The three that judge the same release: this project's verdict, the article's rule, and a fixed rate.

use crate::world::{AFTER, Count, Release};
use chrono::TimeDelta;
use evaluate_metrics::decide::{Decision, judge};
use evaluate_metrics::policy::{Ceilings, OnInconclusive, Policy};
use shared::Environment;

/// The parameters' defaults (`template.yaml`).
pub const WATCH: f64 = 120.0;
const GRACE: f64 = 180.0;
const POLL: f64 = 15.0;

pub fn policy() -> Policy {
    Policy {
        watch_seconds: WATCH as i64,
        inconclusive_grace_seconds: GRACE as i64,
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        on_inconclusive: OnInconclusive::Keep,
    }
}

/// How a release ended, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    pub flipped_back: bool,
    /// After the flip.
    pub seconds: f64,
}

/// Watches as the state machine does: asks for a verdict at every poll, until it says that the watch is over.
pub fn verdict(release: &Release, delay: f64, policy: &Policy) -> Ending {
    let mut snapshot = release.snapshot();
    let (flipped_at, mut known) = (snapshot.flipped_at, 0);
    for poll in 1.. {
        let seconds = f64::from(poll) * POLL;
        let reported = release.reported(seconds, delay);
        // The same points give the same verdict; what it means changes at the ends of the watch and of its grace.
        if reported == known && ![WATCH, WATCH + GRACE].contains(&seconds) {
            continue;
        }
        snapshot.now = flipped_at + TimeDelta::seconds(seconds as i64);
        if let Ok(metrics) = &mut snapshot.metrics {
            metrics
                .new
                .extend((known..reported).map(|number| release.minute(number)));
        }
        known = reported;
        let flipped_back = match judge(&snapshot, Environment::Green, policy).decision {
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

/// More than 10 5xx of the whole load balancer, asked once at the end of the watch.
pub fn article(release: &Release, delay: f64) -> bool {
    let reported = release.reported(WATCH, delay);
    // The flip's minute is reported whole, with the errors of the previous environment.
    let previous = release.before.last().filter(|_| reported > 0);
    let new: f64 = release.after[..reported].iter().map(|it| it.errors).sum();
    new + previous.map_or(0.0, |it| it.errors) > 10.0
}

/// More than 1 % 5xx of the new environment, asked once at the end of the watch.
pub fn fixed_rate(release: &Release, delay: f64) -> bool {
    let reported = release.reported(WATCH, delay).min(AFTER);
    let sum = |value: fn(&Count) -> f64| release.after[..reported].iter().map(value).sum::<f64>();
    sum(|it| it.errors) > 0.01 * sum(|it| it.requests)
}
