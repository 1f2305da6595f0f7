//! After a flip back: do the errors go on in the previous environment? Then the release was perhaps not the cause.

use crate::compare::{Limits, with_history};
use crate::comparison::Comparison;
use crate::judged::{Errors, by_requests};
use crate::policy::Policy;
use crate::sample::{History, Sample, Served};
use crate::snapshot::{Metrics, MinuteMetrics, minute_of};
use crate::statistics::significance_level;
use crate::watch::baseline_from;
use serde::Serialize;
use shared::{ReleasePlan, Time};

/// What a person should know of the previous environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookBack {
    pub note: Option<String>,
}

/// Compares what the previous environment has served since the minute of the first flip, at a share or after the flip
/// back, with the hour before.
pub fn look_back(
    metrics: &Metrics,
    plan: &ReleasePlan,
    flipped_at: Time,
    policy: &Policy,
) -> LookBack {
    let from = baseline_from(flipped_at, policy.baseline_seconds, plan.active_since);
    let before = metrics.baseline(from, flipped_at);
    let flip = minute_of(flipped_at);
    let since = metrics.previous.iter().filter(|minute| minute.at > flip);
    let since: Vec<_> = since.collect();
    let signals: [(&str, Errors); 2] = [
        ("target 5xx", |minute| minute.target_5xx),
        ("target connection errors", |minute| {
            minute.connection_errors
        }),
    ];
    let compared = signals.map(|(name, errors)| (name, compare(&since, &before, errors, policy)));
    let mut compared = compared.into_iter();
    // It is only said, so that a burst may be meant.
    let worse = compared.find(|(_, comparison)| comparison.is_significant());
    LookBack {
        note: worse.map(|(name, comparison)| {
            format!(
                "errors go on in {}, too: the release was perhaps not the cause ({} since the first flip)",
                plan.from,
                comparison.describe(name)
            )
        }),
    }
}

fn compare(
    since: &[&MinuteMetrics],
    before: &[&MinuteMetrics],
    errors: Errors,
    policy: &Policy,
) -> Comparison {
    let samples = |minutes: &[&MinuteMetrics]| -> Vec<Sample> {
        let minutes = minutes.iter();
        minutes
            .map(|it| by_requests(it.requests, errors(it)))
            .collect()
    };
    let (minutes, hour) = (&samples(since)[..], &samples(before)[..]);
    let whole = minutes;
    let limits = Limits {
        max_excess: policy.max_target_5xx,
        significance_level: significance_level(1, 1),
        suspicion_level: 0.0,
    };
    let history = History { hour, stepped: &[] };
    with_history(Served { minutes, whole }, history, limits)
}

#[cfg(test)]
#[path = "look_back_tests.rs"]
mod tests;
