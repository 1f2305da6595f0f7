//! The numbers of a verdict: every count, window, limit and p-value behind it, for a person and for the log.

use crate::compare::Limits;
use crate::comparison::Comparison;
use crate::judged::JudgedMinutes;
use crate::latency::LatencyComparison;
use crate::policy::Policy;
use crate::sample::Sample;
use crate::snapshot::{Metrics, MinuteMetrics, Snapshot, minute_of};
use crate::statistics::{error_rate_upper_bound, significance_level, suspicion_level};
use crate::targets::TargetSummary;
use crate::watch::Watch;
use chrono::TimeDelta;
use serde::{Serialize, Serializer};
use shared::alarms::AlarmState;
use shared::{Share, Time};

/// What a poll observed, and the comparisons made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// The share of the traffic that the new environment gets.
    pub share: Share,
    /// From the flip to that share to this poll, in seconds; 0 where the clock went backwards.
    pub watched_seconds: i64,
    /// Of the new target group in the minutes that judge. None where CloudWatch reported nothing, which is not zero.
    pub requests: Option<f64>,
    /// The end of the last minute of which CloudWatch reported anything, of both environments where both serve.
    pub covered_until: Option<Time>,
    /// The first minute that judges, where the step goes on beyond its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_from: Option<Time>,
    /// The new target group's minutes since the flip to the share, or since `judged_from`. The last ones are shown.
    #[serde(serialize_with = "shown")]
    pub minutes: Vec<MinuteMetrics>,
    /// The previous target group's in the minutes that judge, where both serve.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "shown")]
    pub previous_minutes: Vec<MinuteMetrics>,
    pub baseline: Option<Baseline>,
    /// Per request, against the previous target group.
    pub target_5xx: Comparison,
    /// Per request, against the previous target group.
    pub connection_errors: Comparison,
    /// Per request, against the same load balancer before the flip.
    pub load_balancer_5xx: Comparison,
    pub latency: LatencyComparison,
    /// The upper bound of the rate of target 5xx with 95 % confidence, from 0 to 1.
    #[serde(rename = "worstRate")]
    pub error_rate_upper_bound: Option<f64>,
    pub targets: Option<TargetSummary>,
    pub alarms: Option<Vec<AlarmState>>,
}

/// So many minutes of an environment are shown: more than the longest steps have. An answer has a limit.
const SHOWN: usize = 180;

fn shown<S: Serializer>(minutes: &[MinuteMetrics], serializer: S) -> Result<S::Ok, S::Error> {
    let first = minutes.len().saturating_sub(SHOWN);
    minutes[first..].serialize(serializer)
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
    pub(crate) fn of(snapshot: &Snapshot, watch: &Watch, policy: &Policy) -> Numbers {
        let none = Metrics::default();
        let metrics = snapshot.metrics.iter().flatten().next().unwrap_or(&none);
        let judged = JudgedMinutes::of(metrics, snapshot, watch, policy);
        let limits = limits(&judged, snapshot.share_since, watch, policy);
        let target_5xx = judged.compare(|minute| minute.target_5xx, limits);
        let (errors, exposure) = (target_5xx.errors, target_5xx.exposure);
        let reported = judged.pairs.iter().filter_map(|pair| pair.new.requests);
        let previous = judged.pairs.iter().filter(|_| watch.is_concurrent());
        Numbers {
            share: watch.step.share,
            watched_seconds: (snapshot.now - snapshot.share_since).num_seconds().max(0),
            requests: reported.reduce(|sum, requests| sum + requests),
            covered_until: judged.covered_until,
            judged_from: judged.recent_from,
            previous_minutes: previous.map(|pair| pair.previous.clone()).collect(),
            baseline: Baseline::of(&judged.before),
            error_rate_upper_bound: error_rate_upper_bound(Sample { errors, exposure }),
            target_5xx,
            connection_errors: judged.compare(|minute| minute.connection_errors, limits),
            load_balancer_5xx: judged.compare_load_balancer(limits),
            latency: LatencyComparison::of(&judged, policy.min_requests),
            minutes: judged.since,
            targets: snapshot.targets.clone().ok(),
            alarms: snapshot.alarms.clone().and_then(Result::ok),
        }
    }

    /// Every comparison of errors, with their name.
    pub(crate) fn comparisons(&self) -> [(&'static str, &Comparison); 3] {
        [
            ("target 5xx", &self.target_5xx),
            ("target connection errors", &self.connection_errors),
            ("load balancer 5xx", &self.load_balancer_5xx),
        ]
    }
}

fn limits(judged: &JudgedMinutes, share_since: Time, watch: &Watch, policy: &Policy) -> Limits {
    let flip = minute_of(share_since);
    let covered = judged.covered_until.map_or(0, |end| minutes(flip, end));
    Limits {
        max_excess: policy.max_target_5xx,
        significance_level: significance_level(covered, watch.steps),
        suspicion_level: suspicion_level(watch.is_concurrent(), watch.steps),
    }
}

impl Baseline {
    fn of(before: &[MinuteMetrics]) -> Option<Baseline> {
        let sum = |value: fn(&MinuteMetrics) -> Option<f64>| {
            before
                .iter()
                .filter_map(value)
                .fold(0.0, |sum, it| sum + it)
        };
        let p99 = before.iter().filter_map(|minute| minute.p99_seconds);
        Some(Baseline {
            from: before.iter().map(|minute| minute.at).min()?,
            until: before.iter().map(|minute| minute.at).max()? + TimeDelta::minutes(1),
            minutes: before.len(),
            requests: sum(|minute| minute.requests),
            target_5xx: sum(|minute| minute.target_5xx),
            p99_seconds: p99.reduce(f64::max),
        })
    }
}

/// Whole minutes from `from` until `until`, none when that lies before.
fn minutes(from: Time, until: Time) -> usize {
    usize::try_from((until - from).num_minutes()).unwrap_or(0)
}
