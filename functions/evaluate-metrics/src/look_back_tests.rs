//! The tests of `look_back.rs`.

use super::*;
use crate::decide_tests::policy;
use fixtures::{at, release_plan};

/// Blue's minutes: an hour of 1,000 requests without an error, and these after the flip's.
fn note(since: &[(f64, f64)]) -> Option<String> {
    let minute = |number: i64, requests, errors| MinuteMetrics {
        requests: Some(requests),
        target_5xx: Some(errors),
        ..MinuteMetrics::new(at(number * 60))
    };
    let before = (-60..0).map(|number| minute(number, 1000.0, 0.0));
    // Of the flip's minute nobody knows which requests came before it.
    let flip = [minute(0, 1000.0, 500.0)];
    let since = (1..)
        .zip(since)
        .map(|(number, (requests, errors))| minute(number, *requests, *errors));
    let metrics = Metrics {
        previous: before.chain(flip).chain(since).collect(),
        ..Metrics::default()
    };
    look_back(&metrics, &release_plan(), at(30), &policy()).note
}

#[test]
fn errors_that_go_on_in_the_previous_environment_are_told() {
    let note = note(&[(900.0, 0.0), (1000.0, 30.0)]).expect("a note");
    let expect = "errors go on in blue, too: the release was perhaps not the cause (target 5xx 30 in 1900 requests: 30.0 \
                  more than the 0.0 that the baseline explains";
    assert!(note.starts_with(expect), "{note}");
}

#[test]
fn a_previous_environment_that_is_as_before_is_not_mentioned() {
    assert_eq!(note(&[(900.0, 0.0), (1000.0, 4.0)]), None);
    assert_eq!(note(&[]), None);
}

#[test]
fn connection_errors_are_errors_too() {
    let metrics = Metrics {
        previous: (-60..3)
            .map(|number| MinuteMetrics {
                requests: Some(1000.0),
                connection_errors: (number > 0).then_some(50.0),
                ..MinuteMetrics::new(at(number * 60))
            })
            .collect(),
        ..Metrics::default()
    };
    let note = look_back(&metrics, &release_plan(), at(30), &policy()).note;
    assert!(note.is_some_and(|note| note.contains("target connection errors 100 in 2000")));
}
