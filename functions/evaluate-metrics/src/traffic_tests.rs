//! The tests of `traffic.rs`: what a service's traffic is able to judge.

use super::*;
use crate::decide_tests::policy;
use crate::snapshot::MinuteMetrics;
use chrono::TimeDelta;
use fixtures::{at, release_plan};
use shared::Share;

/// So much as this release would have.
fn plan(steps: &[(u8, u32)]) -> ReleasePlan {
    let step = |(percent, seconds): &(u8, u32)| Step {
        share: Share::new(*percent).expect("a share"),
        seconds: *seconds,
    };
    ReleasePlan {
        steps: steps.iter().map(step).collect(),
        ..release_plan()
    }
}

/// An hour of blue with so many requests a minute, of which a share fails.
fn hour(requests: f64, error_rate: f64) -> Metrics {
    let minute = |number: i64| MinuteMetrics {
        requests: (requests > 0.0).then_some(requests),
        target_5xx: (error_rate > 0.0).then_some(requests * error_rate),
        healthy_hosts: Some(2.0),
        ..MinuteMetrics::new(at(number * 60))
    };
    Metrics {
        previous: (-60..0).map(minute).collect(),
        ..Metrics::default()
    }
}

fn checked(metrics: &Metrics, steps: &[(u8, u32)], policy: &Policy) -> TrafficCheck {
    check(metrics, &plan(steps), at(10), policy)
}

const CANARY: [(u8, u32); 3] = [(10, 300), (50, 300), (100, 120)];

#[test]
fn a_busy_service_can_judge_each_step_and_the_answer_says_how_finely() {
    let found = checked(&hour(6_000.0, 0.001), &CANARY, &policy());
    assert!(found.judgeable, "{}", found.reason);
    let forecast = found.traffic;
    let usual = forecast.usual;
    assert_eq!(
        (usual.requests_per_minute, usual.dispersion),
        (6_000.0, 1.0)
    );
    assert!((usual.error_rate - 0.001).abs() < 1e-12, "{usual:?}");
    assert_eq!(forecast.seconds_to_full_traffic, 600);
    assert_eq!(forecast.warnings, [""; 0]);
    let requests: Vec<_> = forecast.steps.iter().map(|step| step.requests).collect();
    // Two minutes judge the first step, three the second, and one and a half the last.
    assert_eq!(requests, [1_200.0, 9_000.0, 9_000.0]);
    let faults: Vec<_> = forecast
        .steps
        .iter()
        .map(|step| step.smallest_fault_percent)
        .collect();
    // Computed once more by another program, from sums of binomial and Poisson terms.
    assert_eq!(faults, [Some(1.2), Some(0.49), Some(0.25)]);
}

#[test]
fn a_step_with_too_few_requests_refuses_and_names_the_length_that_would_do() {
    let found = checked(&hour(60.0, 0.0), &CANARY, &policy());
    assert!(!found.judgeable);
    let expect = "the step 10 % for 300 s is too short: of the usual 60.0 requests a minute the new environment gets 12 \
                  in the 120 s that judge, where MinRequests is 50; the smallest fault found 9 times in 10 is +";
    assert!(found.reason.starts_with(expect), "{}", found.reason);
    assert!(
        found.reason.ends_with("; 780 s would do"),
        "{}",
        found.reason
    );
    let longer = checked(
        &hour(60.0, 0.0),
        &[(10, 780), (50, 300), (100, 120)],
        &policy(),
    );
    assert!(longer.judgeable, "{}", longer.reason);
    let shorter = checked(
        &hour(60.0, 0.0),
        &[(10, 720), (50, 300), (100, 120)],
        &policy(),
    );
    assert!(!shorter.judgeable);
}

#[test]
fn where_no_length_would_do_another_way_is_named() {
    let found = checked(&hour(1.0, 0.0), &CANARY, &policy());
    let expect =
        "no length would do up to the 7140 s that it may have: take a larger share, or AllAtOnce";
    assert!(
        !found.judgeable && found.reason.contains(expect),
        "{}",
        found.reason
    );
    let nothing = checked(&hour(0.0, 0.0), &CANARY, &policy());
    assert!(
        !nothing.judgeable
            && nothing
                .reason
                .contains("of the usual 0.0 requests a minute")
    );
    let finds = "not even a release that fails every request would be found 9 times in 10";
    assert!(nothing.reason.contains(finds), "{}", nothing.reason);
}

/// Four requests are enough for MinRequests, and no errors of four are significant.
#[test]
fn enough_requests_that_find_no_outage_are_not_enough() {
    let few = Policy {
        min_requests: 1.0,
        ..policy()
    };
    let found = checked(&hour(20.0, 0.0), &CANARY, &few);
    let finds = "gets 4 in the 120 s that judge, where MinRequests is 1; not even a release that fails every request";
    assert!(
        !found.judgeable && found.reason.contains(finds),
        "{}",
        found.reason
    );
}

#[test]
fn the_last_step_warns_and_refuses_nothing() {
    let found = checked(&hour(6.0, 0.0), &[(100, 120)], &policy());
    assert!(found.judgeable);
    assert_eq!(
        found.reason,
        "the service's traffic can judge each step below 100 %"
    );
    let warning = &found.traffic.warnings[0];
    assert!(
        warning.starts_with("the step 100 % for 120 s is too short"),
        "{warning}"
    );
    assert_eq!(found.traffic.seconds_to_full_traffic, 0);
}

#[test]
fn in_shadow_a_step_that_cannot_be_judged_is_a_warning() {
    let shadow = Policy {
        mode: VerdictMode::Shadow,
        ..policy()
    };
    let found = checked(&hour(60.0, 0.0), &CANARY, &shadow);
    assert!(found.judgeable);
    assert_eq!(found.traffic.warnings.len(), 1);
    assert!(found.traffic.warnings[0].starts_with("the step 10 %"));
}

/// Silent minutes count once there was a request.
#[test]
fn the_usual_rate_is_that_of_the_service_since_its_first_request() {
    let mut metrics = hour(100.0, 0.0);
    for minute in &mut metrics.previous[30..] {
        minute.requests = None;
    }
    let rate = |metrics: &Metrics| {
        let found = checked(metrics, &CANARY, &policy());
        found.traffic.usual.requests_per_minute
    };
    assert_eq!(rate(&metrics), 50.0);
    let mut begun = hour(100.0, 0.0);
    for minute in &mut begun.previous[..30] {
        minute.requests = None;
    }
    assert_eq!(rate(&begun), 100.0);
}

/// Blue got all of the traffic so many seconds ago; until then green had it, and one of ten requests failed there.
fn after_a_release(active_seconds: i64, reported: usize) -> TrafficCheck {
    let mut metrics = hour(6_000.0, 0.001);
    metrics.new = hour(6_000.0, 0.1).previous;
    let active_since = at(10 - active_seconds);
    let first_own = metrics
        .previous
        .partition_point(|minute| minute.at + TimeDelta::minutes(1) <= active_since);
    let idle = metrics.previous[..first_own].iter_mut();
    idle.for_each(|it| (it.requests, it.target_5xx) = (None, None));
    metrics.new.truncate(first_own);
    metrics.previous.truncate(reported);
    let plan = ReleasePlan {
        active_since: Some(active_since),
        ..plan(&CANARY)
    };
    check(&metrics, &plan, at(10), &policy())
}

/// It claims about ten seconds after the watch of the release before it, and CloudWatch is a minute late.
#[test]
fn a_push_that_waited_behind_a_release_finds_the_traffic_of_the_service() {
    let found = after_a_release(130, 59);
    assert!(found.judgeable, "{}", found.reason);
    let usual = found.traffic.usual;
    assert_eq!(usual.requests_per_minute, 6_000.0);
    // Of the active version there is no whole minute yet.
    assert_eq!(usual.requests, 59.0 * 6_000.0);
    assert!(usual.error_rate > 0.09, "{usual:?}");
}

#[test]
fn errors_are_those_of_the_version_that_is_active() {
    let usual = after_a_release(190, 59).traffic.usual;
    let (rate, requests) = (usual.requests_per_minute, usual.requests);
    assert_eq!((rate, requests), (6_000.0, 6_000.0));
    assert!((usual.error_rate - 0.001).abs() < 1e-12, "{usual:?}");
    assert_eq!(usual.dispersion, 1.0);
}

/// A release in steps was flipped back a while ago.
#[test]
fn what_both_environments_served_at_once_is_the_traffic_of_the_service() {
    let mut metrics = hour(6_000.0, 0.0);
    metrics.new = hour(3_000.0, 0.0).previous;
    let half = metrics.previous.iter_mut();
    half.for_each(|it| it.requests = Some(3_000.0));
    let usual = checked(&metrics, &CANARY, &policy()).traffic.usual;
    let (rate, requests) = (usual.requests_per_minute, usual.requests);
    assert_eq!((rate, requests), (6_000.0, 60.0 * 3_000.0));
}
