//! The tests of `snapshot.rs`: which minutes belong to which environment.

use super::*;

/// Seconds after noon.
fn at(seconds: i64) -> Time {
    Time::from_timestamp(1_800_014_400, 0).expect("a time") + TimeDelta::seconds(seconds)
}

fn minute(seconds: i64, errors: Option<f64>) -> MinuteMetrics {
    MinuteMetrics {
        requests: Some(100.0),
        target_5xx: errors,
        ..MinuteMetrics::new(at(seconds))
    }
}

fn metrics() -> Metrics {
    let minutes = [-120, -60, 0, 60].map(|seconds| minute(seconds, None));
    Metrics {
        previous: minutes.to_vec(),
        new: minutes.to_vec(),
        gaps: Vec::new(),
    }
}

fn seconds(minutes: Vec<&MinuteMetrics>) -> Vec<i64> {
    let seconds = |minute: &MinuteMetrics| (minute.at - at(0)).num_seconds();
    minutes.into_iter().map(seconds).collect()
}

/// A flip 30 s after noon.
#[test]
fn the_flips_minute_belongs_to_the_new_environment_and_to_no_baseline() {
    assert_eq!(seconds(metrics().since(at(30))), [0, 60]);
    assert_eq!(seconds(metrics().baseline(at(-3600), at(30))), [-120, -60]);
    assert_eq!(seconds(metrics().baseline(at(-60), at(30))), [-60]);
}

#[test]
fn errors_in_the_minute_before_the_flip_are_an_earlier_releases() {
    let check = |at_second: i64, expect| {
        let mut metrics = metrics();
        let minutes = metrics.new.iter_mut();
        minutes
            .filter(|minute| minute.at == at(at_second))
            .for_each(|minute| minute.connection_errors = Some(1.0));
        assert_eq!(metrics.has_errors_of_earlier_release(at(30)), expect);
    };
    check(-60, true);
    check(-120, false);
    check(0, false);
}

#[test]
fn a_minute_begins_where_cloudwatch_says() {
    assert_eq!(minute_of(at(59)), at(0));
    assert_eq!(minute_of(at(-1)), at(-60));
}
