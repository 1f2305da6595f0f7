//! The tests of `decide.rs`.

use super::*;

fn numbers() -> Numbers {
    Numbers {
        watched_seconds: 120,
        requests: Some(500.0),
        target_5xx: None,
        load_balancer_5xx: None,
        registered_targets: 2,
        healthy_targets: 2,
        unhealthy_targets: 0,
    }
}

fn check_with(
    policy: WhenInconclusive,
    numbers: Numbers,
    active: Active,
    expect: (Verdict, Decision, &str),
) {
    let policy = Policy {
        watch_seconds: 120,
        max_target_5xx: 10.0,
        when_inconclusive: policy,
    };
    let found = judge(&numbers, &active, Environment::Green, &policy);
    assert_eq!(
        (found.verdict, found.decision),
        (expect.0, expect.1),
        "{found:?}"
    );
    assert!(found.reason.contains(expect.2), "{found:?}");
}

fn check(numbers: Numbers, expect: (Verdict, Decision, &str)) {
    check_with(
        WhenInconclusive::Keep,
        numbers,
        Ok(Environment::Green),
        expect,
    );
}

#[test]
fn a_release_is_kept_only_after_the_whole_watch() {
    let good = "target 5xx 0 <= 10 in 500 requests, 120 s";
    check(numbers(), (Verdict::Healthy, Decision::Keep, good));
    let early = Numbers {
        watched_seconds: 119,
        ..numbers()
    };
    check(
        early,
        (Verdict::Healthy, Decision::Watch, "119 s after the flip"),
    );
}

#[test]
fn more_than_ten_errors_flip_back_at_once() {
    let at = |errors| Numbers {
        target_5xx: Some(errors),
        watched_seconds: 15,
        ..numbers()
    };
    check(at(10.0), (Verdict::Healthy, Decision::Watch, "10 <= 10"));
    check(
        at(14.0),
        (
            Verdict::Unhealthy,
            Decision::FlipBack,
            "target 5xx 14 > 10, 15 s after the flip",
        ),
    );
}

#[test]
fn targets_that_hang_up_show_in_the_load_balancers_own_errors() {
    let hung = Numbers {
        load_balancer_5xx: Some(11.0),
        ..numbers()
    };
    let reason = "load balancer 5xx 11 > 10";
    check(hung, (Verdict::Unhealthy, Decision::FlipBack, reason));
}

#[test]
fn no_data_is_never_healthy() {
    let silent = Numbers {
        requests: None,
        ..numbers()
    };
    let expect = "no request was reported for green";
    check(
        silent.clone(),
        (Verdict::Inconclusive, Decision::Keep, expect),
    );
    let green = Ok(Environment::Green);
    let back = (Verdict::Inconclusive, Decision::FlipBack, expect);
    check_with(WhenInconclusive::FlipBack, silent.clone(), green, back);
    let early = Numbers {
        watched_seconds: 60,
        ..silent
    };
    check(early, (Verdict::Inconclusive, Decision::Watch, expect));
}

#[test]
fn lost_targets_flip_back() {
    let lost = Numbers {
        healthy_targets: 1,
        unhealthy_targets: 1,
        ..numbers()
    };
    check(
        lost,
        (
            Verdict::Unhealthy,
            Decision::FlipBack,
            "unhealthy targets 1 > 0 of 2 in green",
        ),
    );
    let none = Numbers {
        healthy_targets: 0,
        registered_targets: 0,
        ..numbers()
    };
    check(
        none,
        (
            Verdict::Unhealthy,
            Decision::FlipBack,
            "healthy targets 0 of 0",
        ),
    );
}

#[test]
fn a_rule_that_was_moved_is_noticed() {
    let unhealthy = |expect| (Verdict::Unhealthy, Decision::FlipBack, expect);
    let keep = WhenInconclusive::Keep;
    check_with(
        keep,
        numbers(),
        Ok(Environment::Blue),
        unhealthy("forward to blue, not to green"),
    );
    check_with(
        keep,
        numbers(),
        Err("rule-1 splits traffic".to_owned()),
        unhealthy("splits traffic"),
    );
}
