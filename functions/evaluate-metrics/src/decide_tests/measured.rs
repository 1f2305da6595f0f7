//! What the end of a step measures.

use super::{all_at_once, at, changed, minute, policy};
use crate::decide::{Verdict, judge};
use crate::measured::{measured, measured_steps};
use crate::snapshot::Snapshot;
use shared::emf::Metric;

fn measure(snapshot: &Snapshot) -> Vec<(Metric, f64)> {
    measured(&judge(snapshot, &all_at_once(120), &policy()), false)
}

#[test]
fn a_step_is_measured_at_its_end_and_not_at_each_poll() {
    assert_eq!(measure(&at(119)), []);
    let expect = [
        (Metric::VerdictHealthy, 1.0),
        (Metric::VerdictRequests, 1_500.0),
        (Metric::VerdictTime, 120.0),
        (Metric::VerdictErrorPercent, 0.0),
    ];
    assert_eq!(measure(&at(120)), expect);
}

#[test]
fn an_unhealthy_release_is_measured_with_its_errors() {
    let bad = changed(15, |_, metrics| {
        metrics.new = vec![minute(0, 500.0, 100.0), minute(1, 1000.0, 200.0)];
    });
    let measured = measure(&bad);
    assert_eq!(measured[0], (Metric::VerdictUnhealthy, 1.0));
    assert_eq!(measured[3], (Metric::VerdictErrorPercent, 20.0));
}

/// No requests are no percentage.
#[test]
fn a_release_without_requests_has_no_percentage_of_errors() {
    let silent = changed(300, |_, metrics| metrics.new.clear());
    let judgement = judge(&silent, &all_at_once(120), &policy());
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let expect = [
        (Metric::VerdictInconclusive, 1.0),
        (Metric::VerdictRequests, 0.0),
        (Metric::VerdictTime, 300.0),
    ];
    assert_eq!(measured(&judgement, false), expect);
}

/// It waits for an approval after its end.
#[test]
fn a_step_that_waits_for_people_is_measured_once_and_when_it_is_flipped_back() {
    let healthy = judge(&at(120), &all_at_once(120), &policy());
    assert_eq!(measured(&healthy, true), []);
    let watching = judge(&at(119), &all_at_once(120), &policy());
    let steps = |judgement, before| measured_steps(judgement, 1, before);
    assert_eq!((steps(&watching, 1), steps(&healthy, 1)), (1, 2));
    assert_eq!((steps(&watching, 2), steps(&healthy, 2)), (2, 2));
    let bad = changed(120, |_, metrics| {
        metrics.new = vec![minute(0, 500.0, 100.0), minute(1, 1000.0, 200.0)];
    });
    let bad = judge(&bad, &all_at_once(120), &policy());
    assert_eq!(measured(&bad, true)[0], (Metric::VerdictUnhealthy, 1.0));
}
