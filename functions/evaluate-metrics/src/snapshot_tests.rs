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

/// A flip 30 s after noon.
fn check(new: &[MinuteMetrics], previous: &[MinuteMetrics], since: &[i64], baseline: &[i64]) {
    let metrics = Metrics {
        previous: previous.to_vec(),
        new: new.to_vec(),
        gaps: Vec::new(),
    };
    let seconds = |minute: &MinuteMetrics| (minute.at - at(0)).num_seconds();
    let found: Vec<_> = metrics.since(at(30)).map(seconds).collect();
    assert_eq!(found, since);
    let found: Vec<_> = metrics.baseline(at(30)).map(seconds).collect();
    assert_eq!(found, baseline);
}

#[test]
fn the_flips_minute_belongs_to_the_new_environment_and_to_no_baseline() {
    let minutes = [minute(-60, None), minute(0, Some(3.0)), minute(60, None)];
    check(&minutes, &minutes, &[0, 60], &[-60]);
}

#[test]
fn errors_of_an_earlier_release_in_the_same_environment_are_not_this_ones() {
    let minutes = [
        minute(-60, Some(9.0)),
        minute(0, Some(3.0)),
        minute(60, None),
    ];
    check(&minutes, &[], &[60], &[]);
    let earlier = [minute(-120, Some(9.0)), minute(0, Some(3.0))];
    check(&earlier, &[], &[0], &[]);
}

#[test]
fn a_minute_begins_where_cloudwatch_says() {
    assert_eq!(minute_of(at(59)), at(0));
    assert_eq!(minute_of(at(-1)), at(-60));
}
