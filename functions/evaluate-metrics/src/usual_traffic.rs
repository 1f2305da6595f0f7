//! What a service usually serves: how much, and how much of it fails.

use crate::compare::MIN_BASELINE_REQUESTS;
use crate::judged::{by_requests, pairs};
use crate::policy::Policy;
use crate::sample::{Pair, Sample};
use crate::snapshot::{Metrics, MinuteMetrics, minute_of};
use crate::statistics::dispersion;
use crate::watch::baseline_from;
use chrono::TimeDelta;
use serde::Serialize;
use shared::{ReleasePlan, Time};

/// The service's last hour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsualTraffic {
    /// Of both environments together.
    pub requests_per_minute: f64,
    /// The share of requests that fails, from 0 to 1.
    pub error_rate: f64,
    /// So many errors come at once, on average: 1 to 30.
    pub dispersion: f64,
    /// Those among which the errors came.
    pub requests: f64,
}

impl UsualTraffic {
    /// Errors are a version's, and traffic is the service's, whichever environment served it: a version that became active
    /// a minute ago has no whole minute of its own. With too few of its own requests the errors are the service's, too.
    pub(crate) fn of(
        metrics: &Metrics,
        plan: &ReleasePlan,
        now: Time,
        policy: &Policy,
    ) -> UsualTraffic {
        let minutes = minutes(metrics, window_from(now, policy), now);
        let from = baseline_from(now, policy.baseline_seconds, plan.active_since);
        let own = metrics.baseline(from, now).into_iter().map(sample);
        let own: Vec<Sample> = own.collect();
        let both: Vec<Sample> = minutes.iter().map(of_both).collect();
        let total = |samples: &[Sample]| samples.iter().copied().sum::<Sample>();
        let samples = if total(&own).exposure >= MIN_BASELINE_REQUESTS {
            &own
        } else {
            &both
        };
        let all = total(samples);
        UsualTraffic {
            requests_per_minute: total(&both).exposure / span(&minutes) as f64,
            error_rate: all.rate(),
            dispersion: dispersion(samples, all),
            requests: all.exposure,
        }
    }
}

/// From when on the service's traffic must be known: from long before the active version, perhaps.
pub(crate) fn window_from(now: Time, policy: &Policy) -> Time {
    baseline_from(now, policy.baseline_seconds, None)
}

/// The minute that is not over yet says nothing.
fn minutes(metrics: &Metrics, from: Time, now: Time) -> Vec<Pair<MinuteMetrics>> {
    let mut minutes = pairs(metrics, minute_of(from));
    minutes.retain(|pair| pair.new.at < minute_of(now));
    minutes
}

fn sample(minute: &MinuteMetrics) -> Sample {
    by_requests(minute.requests, minute.target_5xx)
}

fn of_both(pair: &Pair<MinuteMetrics>) -> Sample {
    [&pair.new, &pair.previous].into_iter().map(sample).sum()
}

/// Minutes from the first with a request to the last that is reported, so that a service that just began is no quiet one.
fn span(minutes: &[Pair<MinuteMetrics>]) -> i64 {
    let is_served =
        |pair: &&Pair<MinuteMetrics>| pair.new.requests.or(pair.previous.requests).is_some();
    let first = minutes.iter().find(is_served);
    let span = first
        .zip(minutes.last())
        .map(|(first, last)| last.new.at + TimeDelta::minutes(1) - first.new.at);
    span.map_or(1, |span| span.num_minutes())
}
