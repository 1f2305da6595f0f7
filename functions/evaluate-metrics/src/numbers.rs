//! The numbers of a verdict: every count, window, limit and p-value behind it, for a person and for the log.

use crate::compare::{Comparison, Sample, compare, p_limit, worst_rate};
use crate::policy::Policy;
use crate::seen::{Metrics, Minute, Seen, Targets, minute_of};
use serde::Serialize;
use shared::alarms::Alarm;
use shared::record::Time;

/// Fewer requests than this in all of the baseline are none.
const BASELINE_REQUESTS: f64 = 100.0;

/// The load balancer's own errors are compared by the minute.
const BASELINE_MINUTES: f64 = 10.0;

/// What was found at a look, and the comparisons made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Since the flip, in seconds.
    pub watched_seconds: i64,
    /// Of the new target group since the flip; none: nothing was reported, which is not zero.
    pub requests: Option<f64>,
    /// The end of the last minute of which CloudWatch has told anything.
    pub covered_until: Option<Time>,
    /// The new target group's minutes since the flip.
    pub minutes: Vec<Minute>,
    pub baseline: Option<Baseline>,
    /// Of requests, against the old target group before the flip.
    pub target_5xx: Comparison,
    /// Of requests, against the old target group before the flip.
    pub connection_errors: Comparison,
    /// Of whole minutes after the flip's, against the same load balancer before the flip.
    pub load_balancer_5xx: Comparison,
    /// With 95 % certainty the true rate of target 5xx is below this.
    pub worst_rate: Option<f64>,
    pub targets: Option<Targets>,
    pub alarms: Option<Vec<Alarm>>,
}

/// The old target group before the flip.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    pub from: Time,
    pub until: Time,
    /// Minutes with a point.
    pub minutes: usize,
    pub requests: f64,
    pub target_5xx: f64,
    /// The highest of the minutes.
    pub p99_seconds: Option<f64>,
}

impl Numbers {
    pub fn of(seen: &Seen, policy: &Policy) -> Numbers {
        let none = Metrics::default();
        let metrics = seen.metrics.as_ref().unwrap_or(&none);
        let flip = minute_of(seen.flipped_at);
        let since: Vec<Minute> = metrics.since(seen.flipped_at).cloned().collect();
        let covered_until = metrics.new.iter().map(end).filter(|end| *end > flip).max();
        let limit = p_limit(covered_until.map_or(0, |end| minutes(flip, end)));
        let per_request = |errors: fn(&Minute) -> Option<f64>| {
            let sample = |it: &Minute| per_request(it, errors(it));
            let before: Vec<Sample> = metrics.baseline(seen.flipped_at).map(sample).collect();
            let now = since
                .iter()
                .map(sample)
                .fold(Sample::default(), Sample::plus);
            compare(
                now,
                &before,
                BASELINE_REQUESTS,
                policy.max_target_5xx,
                limit,
            )
        };
        let target_5xx = per_request(|it| it.target_5xx);
        let reported = since.iter().filter_map(|it| it.requests);
        Numbers {
            watched_seconds: seen.watched_seconds(),
            requests: reported.reduce(|sum, it| sum + it),
            covered_until,
            baseline: Baseline::of(metrics, seen.flipped_at),
            worst_rate: worst_rate(target_5xx.sample()),
            target_5xx,
            connection_errors: per_request(|it| it.connection_errors),
            load_balancer_5xx: compare(
                load_balancer_since(&since, flip, covered_until),
                &load_balancer_before(metrics, seen.flipped_at),
                BASELINE_MINUTES,
                policy.max_target_5xx,
                limit,
            ),
            minutes: since,
            targets: seen.targets.clone().ok(),
            alarms: seen.alarms.clone().ok(),
        }
    }
}

impl Numbers {
    /// What was compared with the baseline: what the errors are, what they came in, and the comparison.
    pub fn compared(&self) -> [((&'static str, &'static str), &Comparison); 3] {
        [
            (("target 5xx", "requests"), &self.target_5xx),
            (
                ("target connection errors", "requests"),
                &self.connection_errors,
            ),
            (
                ("load balancer 5xx", "whole minutes"),
                &self.load_balancer_5xx,
            ),
        ]
    }
}

impl Baseline {
    fn of(metrics: &Metrics, flipped_at: Time) -> Option<Baseline> {
        let minutes = || metrics.baseline(flipped_at);
        let sum = |value: fn(&Minute) -> Option<f64>| minutes().filter_map(value).sum();
        Some(Baseline {
            from: minutes().map(|it| it.at).min()?,
            until: minute_of(flipped_at),
            minutes: minutes().count(),
            requests: sum(|it| it.requests),
            target_5xx: sum(|it| it.target_5xx),
            p99_seconds: minutes().filter_map(|it| it.p99_seconds).reduce(f64::max),
        })
    }
}

/// A minute whose requests are not reported tells no rate. Connection errors may be more than requests: the load
/// balancer tries again.
fn per_request(minute: &Minute, errors: Option<f64>) -> Sample {
    let errors = errors.unwrap_or(0.0);
    minute
        .requests
        .map_or_else(Sample::default, |requests| Sample {
            errors,
            of: requests.max(errors),
        })
}

/// The flip's minute holds errors of both sides and is left out.
fn load_balancer_since(since: &[Minute], flip: Time, covered_until: Option<Time>) -> Sample {
    let whole = since.iter().filter(|it| it.at > flip);
    Sample {
        errors: whole.filter_map(|it| it.load_balancer_5xx).sum(),
        of: covered_until.map_or(0, |end| minutes(flip, end).saturating_sub(1)) as f64,
    }
}

/// One sample for each minute since the first of which anything is known: no point means no error.
fn load_balancer_before(metrics: &Metrics, flipped_at: Time) -> Vec<Sample> {
    let told = metrics.baseline(flipped_at);
    let Some(first) = told.clone().map(|it| it.at).min() else {
        return Vec::new();
    };
    let mut samples: Vec<Sample> = told
        .map(|it| Sample {
            errors: it.load_balancer_5xx.unwrap_or(0.0),
            of: 1.0,
        })
        .collect();
    let quiet = Sample {
        errors: 0.0,
        of: 1.0,
    };
    samples.resize(
        minutes(first, minute_of(flipped_at)).max(samples.len()),
        quiet,
    );
    samples
}

fn end(minute: &Minute) -> Time {
    minute.at + chrono::TimeDelta::minutes(1)
}

/// Whole minutes from `from` until `until`, none when that lies before.
fn minutes(from: Time, until: Time) -> usize {
    usize::try_from((until - from).num_minutes()).unwrap_or(0)
}
