//! The tests of `latency.rs`: which minutes give a ratio, and of what.

use super::*;
use crate::policy::OnLatency;
use crate::snapshot::minute_of;
use shared::Time;

fn minute(requests: f64, p50: f64, p99: f64) -> MinuteMetrics {
    MinuteMetrics {
        requests: Some(requests),
        p50_seconds: Some(p50),
        p99_seconds: Some(p99),
        ..MinuteMetrics::new(minute_of(Time::default()))
    }
}

/// The ratios of these minutes of both environments, with the hour of the previous one.
fn found(
    is_concurrent: bool,
    minutes: &[(MinuteMetrics, MinuteMetrics)],
    before: &[MinuteMetrics],
) -> LatencyComparison {
    let pair = |(new, previous): &(MinuteMetrics, MinuteMetrics)| Pair {
        new: new.clone(),
        previous: previous.clone(),
    };
    let judged = JudgedMinutes {
        whole: minutes.iter().map(pair).collect(),
        before: before.to_vec(),
        is_concurrent,
        ..JudgedMinutes::default()
    };
    LatencyComparison::of(&judged, 50.0)
}

fn ratios(found: &LatencyComparison) -> (Option<f64>, Option<f64>) {
    (found.p50_ratio, found.p99_ratio)
}

#[test]
fn the_middle_of_the_minutes_ratios_counts() {
    let minute_of = |times: f64| {
        (
            minute(100.0, 0.1 * times, 0.4 * times),
            minute(900.0, 0.1, 0.4),
        )
    };
    // One slow minute is no slow release, and both environments may be slow at once.
    let once = found(true, &[1.0, 9.0, 1.0].map(minute_of), &[]);
    assert_eq!(ratios(&once), (Some(1.0), Some(1.0)));
    let often = found(true, &[2.0, 9.0, 1.0, 2.0].map(minute_of), &[]);
    assert_eq!(ratios(&often), (Some(2.0), Some(2.0)));
    assert_eq!(
        ratios(&found(true, &[2.0, 2.0].map(minute_of), &[])),
        (None, None)
    );
}

#[test]
fn a_minute_needs_requests_of_both_environments() {
    let minutes =
        |new, previous| [1; 3].map(|_| (minute(new, 0.2, 0.4), minute(previous, 0.1, 0.1)));
    let check = |new, previous, expect| {
        assert_eq!(ratios(&found(true, &minutes(new, previous), &[])), expect);
    };
    check(50.0, 50.0, (Some(2.0), None));
    check(49.0, 900.0, (None, None));
    check(900.0, 49.0, (None, None));
    check(100.0, 100.0, (Some(2.0), Some(4.0)));
    check(99.0, 900.0, (Some(2.0), None));
}

#[test]
fn at_100_percent_the_hour_before_is_the_measure() {
    let new = [1; 3].map(|_| (minute(1000.0, 0.3, 0.9), MinuteMetrics::default()));
    let before = [0.1, 0.1, 0.6].map(|p50| minute(1000.0, p50, 0.3));
    assert_eq!(
        ratios(&found(false, &new, &before)),
        (Some(0.3 / 0.1), Some(0.9 / 0.3))
    );
    assert_eq!(ratios(&found(false, &new, &before[..2])), (None, None));
}

#[test]
fn a_limit_is_exceeded_by_either_percentile() {
    let limit = LatencyLimit {
        max_ratio: 1.5,
        on_exceeded: OnLatency::Warn,
    };
    let exceeded = |p50: f64, p99: f64| {
        let minutes = [1; 3].map(|_| (minute(100.0, p50, p99), minute(900.0, 1.0, 1.0)));
        found(true, &minutes, &[]).exceeded(&limit)
    };
    assert_eq!(exceeded(1.5, 1.5), None);
    let described = |name| {
        format!(
            "{name} latency 1.60 times the previous environment's in the same minutes (median of the minutes) > the \
             limit 1.5"
        )
    };
    assert_eq!(exceeded(1.0, 1.6), Some(described("p99")));
    assert_eq!(exceeded(1.6, 1.0), Some(described("p50")));
}
