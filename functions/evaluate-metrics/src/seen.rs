//! What one look found: the rules, the targets, the team's alarms, the probe, and CloudWatch's points.

use serde::{Deserialize, Serialize};
use shared::Environment;
use shared::alarms::Alarm;
use shared::record::Time;

/// What was looked for, or why it could not be found out.
pub type Found<T> = Result<T, String>;

/// Where the rules forward to now: an environment, or why that cannot be said.
pub type Active = Result<Environment, String>;

/// The release at one moment of its watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub flipped_at: Time,
    pub now: Time,
    pub active: Found<Active>,
    pub targets: Found<Targets>,
    pub alarms: Found<Vec<Alarm>>,
    pub metrics: Found<Metrics>,
}

impl Seen {
    /// Seconds from the flip to now; a clock that went back counts as none.
    pub fn watched_seconds(&self) -> i64 {
        (self.now - self.flipped_at).num_seconds().max(0)
    }
}

/// The targets of the new environment that are not on their way out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Targets {
    pub registered: usize,
    pub healthy: usize,
    /// Unhealthy to the load balancer, or failed by the probe; each with what was found.
    pub failing: Vec<String>,
    /// What the probe found wrong at the environment's base URL, which stands for all of its targets.
    pub environment: Option<String>,
    /// Whether a probe was made before this look, and could be.
    pub probed: bool,
}

/// CloudWatch's points of one minute; what was not reported is absent, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Minute {
    /// The beginning of the minute, as CloudWatch gives it.
    pub at: Time,
    pub requests: Option<f64>,
    /// Reported only when it is not zero, and so are the next two.
    pub target_5xx: Option<f64>,
    pub connection_errors: Option<f64>,
    /// Of the whole load balancer: it has no target group. Targets that hang up, or a side without a healthy one,
    /// show only here.
    pub load_balancer_5xx: Option<f64>,
    /// Seconds until a target answers.
    pub p50_seconds: Option<f64>,
    pub p99_seconds: Option<f64>,
    /// Reported also without requests: it tells how far CloudWatch has got.
    pub healthy_hosts: Option<f64>,
    pub unhealthy_hosts: Option<f64>,
}

impl Minute {
    pub fn new(at: Time) -> Minute {
        Minute {
            at,
            ..Minute::default()
        }
    }
}

/// All points of a look. Their order does not matter; no minute is there twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// The old target group's; the load balancer's own stand here before the minute of the flip.
    pub old: Vec<Minute>,
    /// The new target group's; the load balancer's own stand here from the minute of the flip on.
    pub new: Vec<Minute>,
    /// Series that CloudWatch told in part or not at all.
    pub gaps: Vec<String>,
}

/// The beginning of a time's minute.
pub fn minute_of(time: Time) -> Time {
    let seconds = time.timestamp().div_euclid(60) * 60;
    Time::from_timestamp(seconds, 0).unwrap_or(time)
}

impl Metrics {
    /// The old target group's minutes before the flip: what is usual for this service. The minute of the flip belongs
    /// to both sides and counts for neither baseline.
    pub fn baseline(&self, flipped_at: Time) -> impl Iterator<Item = &Minute> + Clone {
        let flip = minute_of(flipped_at);
        self.old.iter().filter(move |minute| minute.at < flip)
    }

    /// The new target group's minutes that are the release's own.
    ///
    /// The group had no public traffic before the flip, so the flip's minute counts whole; unless the group answered
    /// with errors in the minute before, which were another release's: then so may be some of this one.
    pub fn since(&self, flipped_at: Time) -> impl Iterator<Item = &Minute> + Clone {
        let flip = minute_of(flipped_at);
        let before = flip - chrono::TimeDelta::minutes(1);
        let errors =
            |it: &Minute| it.target_5xx.unwrap_or(0.0) + it.connection_errors.unwrap_or(0.0) > 0.0;
        let shared = self.new.iter().any(|it| it.at == before && errors(it));
        let new = self.new.iter();
        new.filter(move |it| it.at > flip || (it.at == flip && !shared))
    }
}

#[cfg(test)]
#[path = "seen_tests.rs"]
mod tests;
