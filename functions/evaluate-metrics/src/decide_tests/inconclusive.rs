//! What leaves the verdict open, and how the watch ends then.

use super::*;
use shared::Error;

#[test]
fn what_is_not_known_is_never_healthy() {
    check_inconclusive("no request was reported", |_, metrics| {
        metrics.new = vec![minute(0, 0.0, 0.0), minute(1, 0.0, 0.0)]
    });
    check_inconclusive("no request was reported", |_, metrics| metrics.new.clear());
    check_inconclusive("49 requests were reported, fewer than 50", |_, metrics| {
        metrics.new = vec![minute(0, 49.0, 0.0), minute(1, 0.0, 0.0)];
    });
    check_inconclusive(
        "errors of 12:01 were reported, the requests of that minute not",
        |_, metrics| {
            metrics.new[1] = minute(1, 0.0, 30.0);
        },
    );
    check_inconclusive("no such alarm", |snapshot, _| {
        snapshot.alarms = Some(Err(Error::NotFound("no such alarm".to_owned())))
    });
}

#[test]
fn a_few_errors_too_many_are_watched_for_longer() {
    check_inconclusive(
        "target 5xx 4 in 150 requests: 4.0 more than the 0.0 that the baseline explains, p = 3.5e-7",
        |_, metrics| {
            metrics.previous = (-60..0).map(|it| minute(it, 100.0, 0.0)).collect();
            metrics.new = vec![minute(0, 50.0, 0.0), minute(1, 100.0, 4.0)];
        },
    );
    let one = changed(120, |_, metrics| metrics.new[1] = minute(1, 1000.0, 1.0));
    check(
        &policy(),
        &one,
        Verdict::Healthy,
        Decision::Keep,
        "1 of 1500",
    );
}

#[test]
fn a_burst_where_errors_come_in_bursts_is_watched_for_longer() {
    check_inconclusive(
        "<= 2.8e-5: perhaps a burst, until it goes on",
        |_, metrics| {
            let bursts = metrics.previous.iter_mut().step_by(10);
            bursts.for_each(|it| it.target_5xx = Some(50.0));
            metrics.new[1] = minute(1, 1000.0, 450.0);
        },
    );
}

#[test]
fn points_that_come_late_are_waited_for() {
    let late = |seconds| changed(seconds, |_, metrics| metrics.new.truncate(1));
    check(
        &policy(),
        &late(119),
        Verdict::Healthy,
        Decision::Watch,
        "0 of 500",
    );
    let late_points = "CloudWatch has reported the time until 12:01 only, the watch needs all minutes until 12:02";
    check(
        &policy(),
        &late(120),
        Verdict::Inconclusive,
        Decision::Watch,
        late_points,
    );
    check(
        &policy(),
        &late(300),
        Verdict::Inconclusive,
        Decision::Keep,
        late_points,
    );
}

/// CloudWatch has reported the hosts, so it has all there is: in little traffic no requests are none, in much they are
/// late.
#[test]
fn no_requests_are_none_in_little_traffic_and_late_in_much() {
    let silent = |requests| {
        changed(120, move |_, metrics| {
            metrics.new = vec![
                minute(-1, 0.0, 0.0),
                minute(0, requests, 0.0),
                minute(1, 0.0, 0.0),
            ];
            metrics.new[2].healthy_hosts = Some(4.0);
        })
    };
    let few = Policy {
        min_requests: 10.0,
        ..policy()
    };
    check(
        &few,
        &silent(19.0),
        Verdict::Healthy,
        Decision::Keep,
        "0 of 19",
    );
    let late_count = "no request of 12:01 was reported, after 500 a minute";
    check(
        &few,
        &silent(500.0),
        Verdict::Inconclusive,
        Decision::Watch,
        late_count,
    );
}

/// A flip in the last instant of a minute, which is the last one that a watch of a minute covers.
#[test]
fn the_minute_of_the_flip_is_expected_to_have_what_came_after_the_flip() {
    let flipped = |milliseconds| {
        changed(60, |snapshot, metrics| {
            snapshot.flipped_at = noon() + TimeDelta::milliseconds(milliseconds);
            snapshot.share_since = snapshot.flipped_at;
            snapshot.now = snapshot.flipped_at + TimeDelta::seconds(60);
            metrics.new = vec![minute(1, 500.0, 0.0)];
        })
    };
    let kept = (Verdict::Healthy, Decision::Keep, "0 of 500");
    let late = (
        Verdict::Inconclusive,
        Decision::Watch,
        "no request of 12:00",
    );
    for (milliseconds, (verdict, decision, reason)) in [(59_900, kept), (30_000, late)] {
        let snapshot = flipped(milliseconds);
        check_watch(
            &all_at_once(60),
            &policy(),
            &snapshot,
            verdict,
            decision,
            reason,
        );
    }
}

#[test]
fn a_warning_says_that_a_release_was_kept_without_a_verdict() {
    let silent = changed(300, |_, metrics| metrics.new.clear());
    let warnings = judge(&silent, &all_at_once(120), &policy()).warnings(None);
    assert!(
        warnings[0].starts_with("kept without a verdict: "),
        "{warnings:?}"
    );
    assert_eq!(
        judge(&at(120), &all_at_once(120), &policy()).warnings(None),
        [""; 0]
    );
}
