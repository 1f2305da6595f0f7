//! The numbers of a verdict: every count, window, limit and p-value behind it, for a person and for the log.

use crate::compare::{Comparison, Signal, compare};
use crate::policy::Policy;
use crate::snapshot::{Metrics, MinuteMetrics, Snapshot, minute_of};
use crate::statistics::{Sample, error_rate_upper_bound, significance_level};
use crate::targets::TargetSummary;
use chrono::TimeDelta;
use serde::Serialize;
use shared::Time;
use shared::alarms::AlarmState;
use std::iter::repeat_n;

/// With fewer requests than this before the flip there is no baseline for errors of requests.
const MIN_BASELINE_REQUESTS: f64 = 100.0;

/// With fewer minutes than this before the flip there is no baseline for the load balancer's own errors.
const MIN_BASELINE_MINUTES: f64 = 10.0;

/// What a poll observed, and the comparisons made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// From the flip to this poll, in seconds; 0 where the clock went backwards.
    pub watched_seconds: i64,
    /// Of the new target group since the flip. None where CloudWatch reported nothing, which is not zero.
    pub requests: Option<f64>,
    /// The end of the last minute of which CloudWatch reported anything.
    pub covered_until: Option<Time>,
    /// The new target group's minutes since the flip.
    pub minutes: Vec<MinuteMetrics>,
    pub baseline: Option<Baseline>,
    /// Per request, against the previous target group before the flip.
    pub target_5xx: Comparison,
    /// Per request, against the previous target group before the flip.
    pub connection_errors: Comparison,
    /// Per whole minute after the flip's, against the same load balancer before the flip.
    pub load_balancer_5xx: Comparison,
    /// The upper bound of the rate of target 5xx with 95 % confidence, from 0 to 1.
    #[serde(rename = "worstRate")]
    pub error_rate_upper_bound: Option<f64>,
    pub targets: Option<TargetSummary>,
    pub alarms: Option<Vec<AlarmState>>,
}

/// The previous target group before the flip.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    pub from: Time,
    pub until: Time,
    /// Minutes with a point.
    pub minutes: usize,
    pub requests: f64,
    pub target_5xx: f64,
    /// The highest p99 response time of the minutes, in seconds.
    pub p99_seconds: Option<f64>,
}

impl Numbers {
    pub(crate) fn of(snapshot: &Snapshot, policy: &Policy) -> Numbers {
        let none = Metrics::default();
        let metrics = snapshot.metrics.as_ref().unwrap_or(&none);
        let flip = minute_of(snapshot.flipped_at);
        let since: Vec<MinuteMetrics> = metrics.since(snapshot.flipped_at).cloned().collect();
        let covered_until = metrics.new.iter().map(end).filter(|end| *end > flip).max();
        let level = significance_level(covered_until.map_or(0, |end| minutes(flip, end)));
        let compare_by_requests = |errors: fn(&MinuteMetrics) -> Option<f64>| {
            let sample = |minute: &MinuteMetrics| by_requests(minute, errors(minute));
            let before: Vec<Sample> = metrics.baseline(snapshot.flipped_at).map(sample).collect();
            let after = since.iter().map(sample).sum();
            let limit = policy.max_target_5xx;
            compare(after, &before, MIN_BASELINE_REQUESTS, limit, level)
        };
        let target_5xx = compare_by_requests(|minute| minute.target_5xx);
        let (errors, exposure) = (target_5xx.errors, target_5xx.exposure);
        let reported = since.iter().filter_map(|minute| minute.requests);
        Numbers {
            watched_seconds: (snapshot.now - snapshot.flipped_at).num_seconds().max(0),
            requests: reported.reduce(|sum, requests| sum + requests),
            covered_until,
            baseline: Baseline::of(metrics, snapshot.flipped_at),
            error_rate_upper_bound: error_rate_upper_bound(Sample { errors, exposure }),
            target_5xx,
            connection_errors: compare_by_requests(|minute| minute.connection_errors),
            load_balancer_5xx: compare(
                load_balancer_since(&since, flip, covered_until),
                &load_balancer_before(metrics, snapshot.flipped_at),
                MIN_BASELINE_MINUTES,
                policy.max_target_5xx,
                level,
            ),
            minutes: since,
            targets: snapshot.targets.clone().ok(),
            alarms: snapshot.alarms.clone().ok(),
        }
    }

    /// Every comparison with the baseline.
    pub(crate) fn comparisons(&self) -> [(Signal, &Comparison); 3] {
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
        let sum = |value: fn(&MinuteMetrics) -> Option<f64>| minutes().filter_map(value).sum();
        let p99 = minutes().filter_map(|minute| minute.p99_seconds);
        Some(Baseline {
            from: minutes().map(|minute| minute.at).min()?,
            until: minute_of(flipped_at),
            minutes: minutes().count(),
            requests: sum(|minute| minute.requests),
            target_5xx: sum(|minute| minute.target_5xx),
            p99_seconds: p99.reduce(f64::max),
        })
    }
}

/// A minute without a count of requests gives no rate. Connection errors may be more than the requests: the load
/// balancer tries again.
fn by_requests(minute: &MinuteMetrics, errors: Option<f64>) -> Sample {
    let errors = errors.unwrap_or(0.0);
    let sample = minute.requests.map(|requests| Sample {
        errors,
        exposure: requests.max(errors),
    });
    sample.unwrap_or_default()
}

/// The flip's minute holds errors of both environments and is left out.
fn load_balancer_since(since: &[MinuteMetrics], flip: Time, covered_until: Option<Time>) -> Sample {
    let whole = since.iter().filter(|minute| minute.at > flip);
    Sample {
        errors: whole.filter_map(|minute| minute.load_balancer_5xx).sum(),
        exposure: covered_until.map_or(0, |end| minutes(flip, end).saturating_sub(1)) as f64,
    }
}

/// One sample for each minute since the first that has a point: no point means no error.
fn load_balancer_before(metrics: &Metrics, flipped_at: Time) -> Vec<Sample> {
    let reported = || metrics.baseline(flipped_at);
    let first = reported().map(|minute| minute.at).min();
    let all = first.map_or(0, |first| minutes(first, minute_of(flipped_at)));
    let silent = all.saturating_sub(reported().count());
    let errors = reported().map(|minute| minute.load_balancer_5xx.unwrap_or(0.0));
    let sample = |errors| Sample {
        errors,
        exposure: 1.0,
    };
    errors.chain(repeat_n(0.0, silent)).map(sample).collect()
}

fn end(minute: &MinuteMetrics) -> Time {
    minute.at + TimeDelta::minutes(1)
}

/// Whole minutes from `from` until `until`, none when that lies before.
fn minutes(from: Time, until: Time) -> usize {
    usize::try_from((until - from).num_minutes()).unwrap_or(0)
}
