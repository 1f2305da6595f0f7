//! The tests of `decide.rs`: one case for each outcome and for each shape of missing data.

use super::*;
use crate::policy::Ceilings;
use crate::seen::{Metrics, Targets};
use chrono::TimeDelta;
use shared::alarms::Alarm;
use shared::record::Time;

/// Noon; the flip comes 30 s later.
fn noon() -> Time {
    Time::from_timestamp(1_800_014_400, 0).expect("a time")
}

fn minute(number: i64, requests: f64, errors: f64) -> Minute {
    Minute {
        requests: (requests > 0.0).then_some(requests),
        target_5xx: (errors > 0.0).then_some(errors),
        ..Minute::new(noon() + TimeDelta::minutes(number))
    }
}

/// `seconds` after the flip: an hour of 1,000 requests a minute without an error, and so the two minutes since.
pub fn seen(seconds: i64) -> Seen {
    let flipped_at = noon() + TimeDelta::seconds(30);
    Seen {
        flipped_at,
        now: flipped_at + TimeDelta::seconds(seconds),
        active: Ok(Ok(Environment::Green)),
        targets: Ok(Targets {
            registered: 4,
            healthy: 4,
            probed: true,
            ..Targets::default()
        }),
        alarms: Ok(Vec::new()),
        metrics: Ok(Metrics {
            old: (-60..0).map(|it| minute(it, 1000.0, 0.0)).collect(),
            new: vec![minute(0, 500.0, 0.0), minute(1, 1000.0, 0.0)],
            gaps: Vec::new(),
        }),
    }
}

pub fn policy() -> Policy {
    Policy {
        watch_seconds: 120,
        grace_seconds: 180,
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        when_inconclusive: WhenInconclusive::Keep,
    }
}

/// What is seen `seconds` after the flip, with one thing otherwise.
fn but(seconds: i64, change: impl FnOnce(&mut Seen, &mut Metrics)) -> Seen {
    let mut seen = seen(seconds);
    let mut metrics = seen.metrics.clone().expect("metrics");
    change(&mut seen, &mut metrics);
    seen.metrics = seen.metrics.and(Ok(metrics));
    seen
}

fn check_by(policy: &Policy, seen: &Seen, verdict: Verdict, decision: Decision, reason: &str) {
    let found = judge(seen, Environment::Green, policy);
    assert_eq!(
        (found.verdict, found.decision),
        (verdict, decision),
        "{found:?}"
    );
    assert!(found.reason.contains(reason), "{}", found.reason);
}

fn unhealthy(seen: &Seen, reason: &str) {
    check_by(
        &policy(),
        seen,
        Verdict::Unhealthy,
        Decision::FlipBack,
        reason,
    );
}

/// Open at the end of the watch, still open at the end of the grace, and then the policy's.
fn inconclusive(reason: &str, change: impl Fn(&mut Seen, &mut Metrics)) {
    use Verdict::Inconclusive as Open;
    for (seconds, decision) in [
        (60, Decision::Watch),
        (120, Decision::Watch),
        (299, Decision::Watch),
    ] {
        check_by(&policy(), &but(seconds, &change), Open, decision, reason);
    }
    check_by(
        &policy(),
        &but(300, &change),
        Open,
        Decision::Keep,
        "; WhenInconclusive says keep",
    );
    let strict = Policy {
        when_inconclusive: WhenInconclusive::FlipBack,
        ..policy()
    };
    check_by(
        &strict,
        &but(300, &change),
        Open,
        Decision::FlipBack,
        "says flip-back",
    );
}

#[test]
fn a_release_is_kept_only_after_the_whole_watch() {
    use Verdict::Healthy;
    let good = "target 5xx 0 of 1500 requests (0.0 explained by the baseline); with 95 % certainty fewer than 0.18 % fail";
    check_by(&policy(), &seen(119), Healthy, Decision::Watch, good);
    check_by(
        &policy(),
        &seen(120),
        Healthy,
        Decision::Keep,
        "120 s after the flip",
    );
}

#[test]
fn errors_beyond_the_baseline_flip_back_at_once() {
    let errors = but(15, |_, it| it.new[1] = minute(1, 1000.0, 14.0));
    unhealthy(
        &errors,
        "target 5xx 14 in 1500 requests: 14.0 more than the 0.0 that the baseline explains, p = ",
    );
    let new = but(15, |_, it| {
        it.old.clear();
        it.new[1] = minute(1, 1000.0, 11.0);
    });
    unhealthy(
        &new,
        "target 5xx 11 > 10 in 1500 requests, and there is no baseline, 15 s after the flip",
    );
    let refused = but(15, |_, it| it.new[1].connection_errors = Some(20.0));
    unhealthy(&refused, "target connection errors 20 in 1500 requests");
}

#[test]
fn targets_that_hang_up_show_in_the_load_balancers_own_errors() {
    let hung = but(90, |_, it| it.new[1].load_balancer_5xx = Some(30.0));
    unhealthy(
        &hung,
        "load balancer 5xx 30 in 1 whole minutes: 30.0 more than the 0.0",
    );
    let healthy = |seen: &Seen| {
        check_by(&policy(), seen, Verdict::Healthy, Decision::Watch, "");
    };
    // The flip's minute holds the old side's errors too, and a balancer that always fails is no news.
    healthy(&but(90, |_, it| it.new[0].load_balancer_5xx = Some(30.0)));
    healthy(&but(90, |_, it| {
        it.old
            .iter_mut()
            .for_each(|it| it.load_balancer_5xx = Some(25.0));
        it.new[1].load_balancer_5xx = Some(30.0);
    }));
}

#[test]
fn a_side_that_fails_on_a_third_of_its_targets_is_broken_and_one_of_many_is_a_question() {
    let failing = |seen: &mut Seen, count: usize, registered| {
        seen.targets = Ok(Targets {
            registered,
            healthy: registered - count,
            failing: vec!["10.0.0.7:80 is unhealthy: Target.Timeout".to_owned(); count],
            ..Targets::default()
        });
    };
    unhealthy(
        &but(15, |seen, _| failing(seen, 1, 3)),
        "failing targets 1 of 3 in green: 10.0.0.7:80",
    );
    unhealthy(
        &but(15, |seen, _| failing(seen, 4, 4)),
        "healthy targets 0 of 4 in green",
    );
    unhealthy(
        &but(15, |seen, _| failing(seen, 0, 0)),
        "healthy targets 0 of 0",
    );
    inconclusive("1 of 4 targets are failing", |seen, _| failing(seen, 1, 4));
    let whole = but(15, |seen, _| {
        let found = "ping on http://green: expected status 200, found status 500".to_owned();
        seen.targets.as_mut().expect("targets").environment = Some(found);
    });
    unhealthy(&whole, "green fails: ping on http://green");
}

#[test]
fn an_alarm_and_moved_rules_flip_back() {
    let alarm = |state: &str| {
        but(15, |seen, _| {
            let (name, state) = ("checkout".to_owned(), state.to_owned());
            let reason = "latency 3 > 1".to_owned();
            seen.alarms = Ok(vec![Alarm {
                name,
                state,
                reason,
            }]);
        })
    };
    unhealthy(&alarm("ALARM"), "alarm checkout: latency 3 > 1");
    check_by(
        &policy(),
        &alarm("INSUFFICIENT_DATA"),
        Verdict::Healthy,
        Decision::Watch,
        "",
    );
    let blue = but(15, |seen, _| seen.active = Ok(Ok(Environment::Blue)));
    unhealthy(&blue, "the rules forward to blue, not to green");
    let split = but(15, |seen, _| {
        seen.active = Ok(Err("rule-1 splits traffic".to_owned()))
    });
    unhealthy(&split, "rule-1 splits traffic");
}

#[test]
fn ceilings_hold_whatever_the_baseline_says() {
    let busy = |errors: f64| {
        but(120, move |_, it| {
            it.old.iter_mut().for_each(|it| it.target_5xx = Some(20.0));
            it.new[1] = minute(1, 1000.0, errors);
            it.new[1].p99_seconds = Some(1.5);
        })
    };
    check_by(
        &policy(),
        &busy(20.0),
        Verdict::Healthy,
        Decision::Keep,
        "20 of 1500",
    );
    let set = |target_5xx, error_percent, p99_milliseconds| Policy {
        ceilings: Ceilings {
            target_5xx,
            error_percent,
            p99_milliseconds,
        },
        ..policy()
    };
    let broken = |policy: &Policy, reason| {
        check_by(
            policy,
            &busy(20.0),
            Verdict::Unhealthy,
            Decision::FlipBack,
            reason,
        );
    };
    broken(
        &set(Some(19.0), None, None),
        "target 5xx 20 > the ceiling 19",
    );
    broken(
        &set(None, Some(1.0), None),
        "target 5xx 1.33 % of 1500 requests > the ceiling 1 %",
    );
    broken(
        &set(None, None, Some(1000.0)),
        "p99 latency 1500 ms > the ceiling 1000 ms",
    );
    let wide = set(Some(20.0), Some(2.0), Some(1500.0));
    check_by(&wide, &busy(20.0), Verdict::Healthy, Decision::Keep, "");
}

#[test]
fn what_is_not_known_is_never_healthy() {
    inconclusive("no request was reported", |_, it| {
        it.new = vec![minute(0, 0.0, 0.0), minute(1, 0.0, 0.0)]
    });
    inconclusive("no request was reported", |_, it| it.new.clear());
    inconclusive("49 requests were reported, fewer than 50", |_, it| {
        it.new = vec![minute(0, 49.0, 0.0), minute(1, 0.0, 0.0)];
    });
    inconclusive(
        "errors of 12:01 were reported, the requests of that minute not",
        |_, it| {
            it.new[1] = minute(1, 0.0, 30.0);
        },
    );
    inconclusive("answered PartialData", |_, it| {
        it.gaps.push("CloudWatch answered PartialData".to_owned())
    });
    inconclusive("ThrottlingException", |seen, _| {
        seen.metrics = Err("ThrottlingException".to_owned())
    });
    inconclusive("no rules", |seen, _| {
        seen.active = Err("no rules".to_owned())
    });
    inconclusive("no targets", |seen, _| {
        seen.targets = Err("no targets".to_owned())
    });
    inconclusive("no alarms", |seen, _| {
        seen.alarms = Err("no alarms".to_owned())
    });
}

#[test]
fn a_few_errors_too_many_are_watched_for_longer() {
    inconclusive(
        "target 5xx 4 in 150 requests: 4.0 more than the 0.0 that the baseline explains, p = 3.5e-7",
        |_, it| {
            it.old = (-60..0).map(|it| minute(it, 100.0, 0.0)).collect();
            it.new = vec![minute(0, 50.0, 0.0), minute(1, 100.0, 4.0)];
        },
    );
    let one = but(120, |_, it| it.new[1] = minute(1, 1000.0, 1.0));
    check_by(
        &policy(),
        &one,
        Verdict::Healthy,
        Decision::Keep,
        "1 of 1500",
    );
}

#[test]
fn points_that_come_late_are_waited_for() {
    let late = |seconds| but(seconds, |_, it| it.new.truncate(1));
    check_by(
        &policy(),
        &late(119),
        Verdict::Healthy,
        Decision::Watch,
        "0 of 500",
    );
    let told =
        "CloudWatch has told of the time until 12:01 only, the watch needs all minutes until 12:02";
    check_by(
        &policy(),
        &late(120),
        Verdict::Inconclusive,
        Decision::Watch,
        told,
    );
    check_by(
        &policy(),
        &late(300),
        Verdict::Inconclusive,
        Decision::Keep,
        told,
    );
    // Whoever has points of the hosts has all there are: in little traffic no requests are none, in much they are late.
    let silent = |requests| {
        but(120, move |_, it| {
            it.new = vec![
                minute(-1, 0.0, 0.0),
                minute(0, requests, 0.0),
                minute(1, 0.0, 0.0),
            ];
            it.new[2].healthy_hosts = Some(4.0);
        })
    };
    let few = Policy {
        min_requests: 10.0,
        ..policy()
    };
    check_by(
        &few,
        &silent(19.0),
        Verdict::Healthy,
        Decision::Keep,
        "0 of 19",
    );
    let told = "no request of 12:01 was reported, after 500 a minute";
    check_by(
        &few,
        &silent(500.0),
        Verdict::Inconclusive,
        Decision::Watch,
        told,
    );
}

#[test]
fn a_warning_says_that_a_kept_release_is_not_proven() {
    let silent = but(300, |_, it| it.new.clear());
    let warnings = judge(&silent, Environment::Green, &policy()).warnings();
    assert!(
        warnings[0].starts_with("kept without a verdict: "),
        "{warnings:?}"
    );
    assert_eq!(
        judge(&seen(120), Environment::Green, &policy()).warnings(),
        [""; 0]
    );
}
