//! Compares response times: how many times as slow the new environment is as the previous one.
//!
//! Each minute gives one ratio, and their median is compared with the limit, so that one slow minute is no slow release.

use crate::judged::JudgedMinutes;
use crate::policy::LatencyLimit;
use crate::sample::Pair;
use crate::snapshot::MinuteMetrics;
use serde::Serialize;

/// Fewer minutes with enough requests give no ratio.
const MIN_MINUTES: usize = 3;

/// Of fewer requests the 99th percentile is the slowest one alone.
const MIN_REQUESTS_P99: f64 = 100.0;

/// Response times of the new environment, as multiples of the previous one's in the same minutes, or, where it gets all of
/// the traffic, of those in the hour before.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LatencyComparison {
    /// Of the median response time. None with too few minutes.
    pub p50_ratio: Option<f64>,
    /// Of the 99th percentile. None with too few minutes.
    pub p99_ratio: Option<f64>,
    #[serde(skip)]
    compared_with: &'static str,
}

/// A response time of a minute, and the requests that it needs.
type Percentile = (fn(&MinuteMetrics) -> Option<f64>, f64);

impl LatencyComparison {
    pub(crate) fn of(judged: &JudgedMinutes, min_requests: f64) -> LatencyComparison {
        let p50: Percentile = (|minute| minute.p50_seconds, min_requests);
        let p99: Percentile = (
            |minute| minute.p99_seconds,
            min_requests.max(MIN_REQUESTS_P99),
        );
        let ratio = if judged.is_concurrent {
            in_same_minutes
        } else {
            with_hour_before
        };
        LatencyComparison {
            p50_ratio: ratio(judged, p50),
            p99_ratio: ratio(judged, p99),
            compared_with: if judged.is_concurrent {
                "the previous environment's in the same minutes"
            } else {
                "the previous environment's in the hour before"
            },
        }
    }

    /// What is slower than the limit allows, in words and figures.
    pub(crate) fn exceeded(&self, limit: &LatencyLimit) -> Option<String> {
        let ratios = [("p99", self.p99_ratio), ("p50", self.p50_ratio)];
        let max = limit.max_ratio;
        let (name, ratio) = ratios
            .into_iter()
            .filter_map(|(name, ratio)| Some((name, ratio?)))
            .find(|(_, ratio)| *ratio > max)?;
        let compared_with = self.compared_with;
        Some(format!(
            "{name} latency {ratio:.2} times {compared_with} (median of the minutes) > the limit {max}"
        ))
    }
}

fn in_same_minutes(judged: &JudgedMinutes, percentile: Percentile) -> Option<f64> {
    let ratio = |pair: &Pair<MinuteMetrics>| {
        let previous = seconds(&pair.previous, percentile)?;
        Some(seconds(&pair.new, percentile)? / previous)
    };
    median(judged.whole.iter().filter_map(ratio).collect())
}

fn with_hour_before(judged: &JudgedMinutes, percentile: Percentile) -> Option<f64> {
    let before = judged.before.iter();
    let before = median(
        before
            .filter_map(|minute| seconds(minute, percentile))
            .collect(),
    )?;
    let new = judged.whole.iter();
    let new = new.filter_map(|pair| seconds(&pair.new, percentile));
    Some(median(new.collect())? / before)
}

/// A minute's response time, where it had enough requests. One of 0 s gives no ratio.
fn seconds(minute: &MinuteMetrics, (value, min_requests): Percentile) -> Option<f64> {
    let is_busy = minute.requests >= Some(min_requests);
    value(minute).filter(|seconds| is_busy && *seconds > 0.0)
}

/// The middle one; of two, the lower. None of too few.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)? / 2;
    values
        .get(middle)
        .copied()
        .filter(|_| values.len() >= MIN_MINUTES)
}

#[cfg(test)]
#[path = "latency_tests.rs"]
mod tests;
