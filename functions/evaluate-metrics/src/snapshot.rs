//! What one poll of the watch observes: the rules, the targets, the team's alarms, the probe, and CloudWatch's points.

use crate::targets::TargetSummary;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::alarms::AlarmState;
use shared::{Error, Refusal, Time, Traffic};

/// What was read: an error where it could not be, none where this poll did not have to.
pub type Read<T> = Option<Result<T, Error>>;

/// The release at one moment of its watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// When the first flip began; before it the new environment had no public traffic.
    pub flipped_at: Time,
    /// When the flip to the step's share began; at the first step the same.
    pub share_since: Time,
    pub now: Time,
    pub forwarding: Read<Forwarding>,
    pub targets: Result<TargetSummary, Error>,
    /// Whether the poll before this one found the targets failing.
    pub failed_before: bool,
    /// Since when every poll has found them failing. None where that was not so, or nobody remembers.
    pub failing_since: Option<Time>,
    /// Since when every poll was inconclusive, this one included if it is. None where nobody remembers.
    pub inconclusive_since: Option<Time>,
    /// The alarms that judge the release.
    pub alarms: Read<Vec<AlarmState>>,
    pub metrics: Read<Metrics>,
}

impl Snapshot {
    /// Whether this poll found the targets failing; where they could not be read, what the poll before found.
    pub fn failed(&self) -> bool {
        let targets = self.targets.as_ref();
        targets.map_or(self.failed_before, TargetSummary::is_failing)
    }
}

/// Where the rules forward to.
#[derive(Clone, Debug, PartialEq)]
pub enum Forwarding {
    /// All rules alike.
    To(Traffic),
    /// They disagree, or forward elsewhere as well.
    Unclear(Refusal),
}

/// CloudWatch's points of one minute. None where CloudWatch reported no point, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MinuteMetrics {
    /// The beginning of the minute, as CloudWatch gives it.
    pub at: Time,
    pub requests: Option<f64>,
    /// CloudWatch reports this and the next two only where they are not zero.
    pub target_5xx: Option<f64>,
    pub connection_errors: Option<f64>,
    /// Of the whole load balancer: the metric has no target group. Targets that hang up, or an environment without a
    /// healthy target, show only here.
    pub load_balancer_5xx: Option<f64>,
    /// Median response time, in seconds.
    pub p50_seconds: Option<f64>,
    /// 99th percentile of the response time, in seconds.
    pub p99_seconds: Option<f64>,
    /// Reported without requests as well: it shows how far CloudWatch's points reach.
    pub healthy_hosts: Option<f64>,
    pub unhealthy_hosts: Option<f64>,
}

impl MinuteMetrics {
    pub fn new(at: Time) -> MinuteMetrics {
        MinuteMetrics {
            at,
            ..MinuteMetrics::default()
        }
    }

    fn has_target_errors(&self) -> bool {
        self.target_5xx.unwrap_or(0.0) + self.connection_errors.unwrap_or(0.0) > 0.0
    }
}

/// All points of a poll, in any order; no minute is there twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// The previous target group's minutes. The load balancer's own metrics stand here before the minute of the flip.
    pub previous: Vec<MinuteMetrics>,
    /// The new target group's minutes. The load balancer's own metrics stand here from the minute of the flip on.
    pub new: Vec<MinuteMetrics>,
    /// Series that CloudWatch answered in part or not at all.
    pub gaps: Vec<String>,
}

/// The beginning of a time's minute.
pub(crate) fn minute_of(time: Time) -> Time {
    let seconds = time.timestamp().div_euclid(60) * 60;
    Time::from_timestamp(seconds, 0).unwrap_or(time)
}

impl Metrics {
    /// The previous target group's minutes from `from` until the flip. The minute of the flip is no part of the baseline:
    /// both environments had traffic in it.
    pub(crate) fn baseline(&self, from: Time, flipped_at: Time) -> Vec<&MinuteMetrics> {
        let (from, flip) = (minute_of(from), minute_of(flipped_at));
        let minutes = self.previous.iter();
        let within = minutes.filter(|minute| (from..flip).contains(&minute.at));
        within.collect()
    }

    /// The new target group's minutes since `since`, with its minute as a whole.
    pub(crate) fn since(&self, since: Time) -> Vec<&MinuteMetrics> {
        let since = minute_of(since);
        let minutes = self.new.iter();
        minutes.filter(|minute| minute.at >= since).collect()
    }

    /// Whether the new target group answered with errors in the minute before the flip. They belong to an earlier release,
    /// and some of the flip's own minute may as well.
    pub(crate) fn has_errors_of_earlier_release(&self, flipped_at: Time) -> bool {
        let before = minute_of(flipped_at) - TimeDelta::minutes(1);
        let mut minutes = self.new.iter();
        minutes.any(|minute| minute.at == before && minute.has_target_errors())
    }
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
