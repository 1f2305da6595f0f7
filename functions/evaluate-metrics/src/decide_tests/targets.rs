//! Which failing targets flip back at once, which at the second poll, and which leave the verdict open.

use super::*;

const FAILURE: &str = "10.0.0.7:80 is unhealthy: Target.Timeout";

/// So many targets fail of those that were asked; one more is healthy than registered ones fail.
fn failing(failing: usize, asked: usize, registered: usize) -> TargetSummary {
    TargetSummary {
        registered,
        healthy: 1,
        asked,
        failing,
        unhealthy: 0,
        failures: vec![FAILURE.to_owned(); failing.min(10)],
        environment: None,
        probed: true,
    }
}

/// A poll of these targets 120 s after the flip, at the end of the watch.
fn poll(targets: TargetSummary, failed_before: bool) -> Snapshot {
    changed(120, |snapshot, _| {
        snapshot.targets = Ok(targets);
        snapshot.failed_before = failed_before;
    })
}

#[test]
fn a_third_of_four_asked_targets_or_more_flips_back_at_once() {
    for (count, asked, registered, reason) in [
        (
            2,
            4,
            4,
            "failing targets 2 of 4 asked (4 registered): 10.0.0.7:80 is",
        ),
        (4, 12, 12, "failing targets 4 of 12 asked (12 registered): "),
        (
            12,
            12,
            30,
            "failing targets 12 of 12 asked (30 registered, 18 not asked): ",
        ),
        (
            128,
            128,
            1000,
            "failing targets 128 of 128 asked (1000 registered, 872 not asked): ",
        ),
    ] {
        check_unhealthy(&poll(failing(count, asked, registered), false), reason);
    }
}

/// The probe has asked 8 of the 196 that are healthy to the load balancer.
#[test]
fn what_the_load_balancer_finds_is_held_against_all_that_are_registered() {
    let found = |unhealthy, failing_the_probe| TargetSummary {
        unhealthy,
        ..failing(unhealthy + failing_the_probe, unhealthy + 8, 200)
    };
    for (targets, expect) in [
        (found(4, 0), false),
        (found(4, 2), false),
        (found(4, 3), true),
        (found(66, 0), false),
        (found(67, 0), true),
    ] {
        assert_eq!(targets.is_failing(), expect, "{targets:?}");
    }
}

#[test]
fn of_fewer_than_four_asked_targets_a_second_poll_decides() {
    for (count, asked, registered) in [(1, 1, 1), (1, 2, 2), (1, 3, 3), (3, 3, 30)] {
        let targets = || failing(count, asked, registered);
        let once = poll(targets(), false);
        assert!(once.failed());
        let open = "(a second poll decides)";
        check(
            &policy(),
            &once,
            Verdict::Inconclusive,
            Decision::Watch,
            open,
        );
        check_unhealthy(&poll(targets(), true), "(at two polls in a row)");
    }
}

/// `seconds` after the flip, these targets; the polls have found them failing since so many seconds after it.
fn early(seconds: i64, targets: TargetSummary, since: Option<i64>) -> Snapshot {
    changed(seconds, |snapshot, _| {
        snapshot.targets = Ok(targets);
        snapshot.failed_before = since.is_some();
        let since = since.map(|since| snapshot.share_since + TimeDelta::seconds(since));
        snapshot.failing_since = since;
    })
}

fn open(snapshot: &Snapshot) {
    let reason = "(a second poll decides)";
    let (verdict, decision) = (Verdict::Inconclusive, Decision::Watch);
    check(&policy(), snapshot, verdict, decision, reason);
}

/// A cold environment may stumble over its first requests, all of its targets at once.
#[test]
fn in_the_first_ten_seconds_two_looks_must_find_what_the_probe_does() {
    let many = || failing(12, 12, 30);
    open(&early(3, many(), None));
    check_unhealthy(&early(6, many(), Some(3)), "(at two polls in a row)");
    check_unhealthy(&early(10, many(), None), "failing targets 12 of 12");
}

/// The load balancer asked before the flip, and several times; but one target of its is not all of them.
#[test]
fn what_the_load_balancer_alone_calls_failing_counts_at_once() {
    let unhealthy = |unhealthy, failing_targets, asked| TargetSummary {
        unhealthy,
        ..failing(failing_targets, asked, asked)
    };
    check_unhealthy(
        &early(3, unhealthy(4, 4, 12), None),
        "failing targets 4 of 12",
    );
    open(&early(3, unhealthy(1, 5, 12), None));
    check_unhealthy(
        &early(6, unhealthy(1, 1, 2), Some(3)),
        "(at two polls in a row)",
    );
}

#[test]
fn of_few_targets_the_two_polls_are_ten_seconds_apart() {
    for (seconds, since) in [(6, 3), (10, 3), (15, 6), (30, 21)] {
        let few = || failing(2, 2, 2);
        if seconds - since < 10 {
            open(&early(seconds, few(), Some(since)));
        }
        check_unhealthy(
            &early(since + 10, few(), Some(since)),
            "(at two polls in a row)",
        );
    }
}

#[test]
fn fewer_than_a_third_leave_the_verdict_open_however_often_they_are_found() {
    for (count, asked) in [(1, 4), (3, 12), (333, 1000)] {
        let open = format!("failing targets {count} of {asked} asked ({asked} registered): ");
        check_inconclusive(&open, |snapshot, _| {
            snapshot.targets = Ok(failing(count, asked, asked));
            snapshot.failed_before = true;
        });
        assert!(!poll(failing(count, asked, asked), true).failed());
    }
}

#[test]
fn without_a_healthy_target_nothing_is_waited_for() {
    let none = |failing: usize, registered| TargetSummary {
        healthy: 0,
        ..self::failing(failing, registered, registered)
    };
    check_unhealthy(&poll(none(4, 4), false), "healthy targets 0 of 4 in green");
    check_unhealthy(&poll(none(1, 1), false), "healthy targets 0 of 1");
    check_unhealthy(&poll(none(0, 0), false), "healthy targets 0 of 0");
}

#[test]
fn a_base_url_is_one_target_whatever_stands_behind_it() {
    let found = "ping on http://green: expected status 200, found status 500";
    let fails = || TargetSummary {
        environment: Some(found.to_owned()),
        ..failing(0, 30, 30)
    };
    let once = poll(fails(), false);
    let open = "the environment fails: ping on http://green: expected status 200, found status 500 \
                (a second poll decides)";
    check(
        &policy(),
        &once,
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
    assert!(once.failed());
    check_unhealthy(
        &poll(fails(), true),
        "the environment fails: ping on http://green",
    );
}

#[test]
fn a_failure_that_no_second_poll_confirmed_or_denied_leaves_the_verdict_open() {
    let unprobed = || TargetSummary {
        probed: false,
        ..failing(0, 2, 2)
    };
    let open = "targets failed at the poll before, and no probe was made at this one";
    let unprobed_again = poll(unprobed(), true);
    check(
        &policy(),
        &unprobed_again,
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
    check(
        &policy(),
        &poll(unprobed(), false),
        Verdict::Healthy,
        Decision::Keep,
        "",
    );
    let denied = poll(failing(0, 2, 2), true);
    check(&policy(), &denied, Verdict::Healthy, Decision::Keep, "");
    let unread = changed(120, |snapshot, _| {
        snapshot.targets = Err(shared::Error::AwsUnavailable("no targets".to_owned()));
        snapshot.failed_before = true;
    });
    assert!(unread.failed());
}

#[test]
fn what_was_not_asked_is_in_the_reason_of_a_healthy_release_too() {
    let some = poll(failing(0, 128, 1000), false);
    let reason = "; the probe asked 128 of 1000 targets";
    check(&policy(), &some, Verdict::Healthy, Decision::Keep, reason);
}
