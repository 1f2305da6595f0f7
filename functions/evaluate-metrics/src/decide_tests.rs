//! The tests of the verdict: one case for each outcome and for each shape of missing data.

mod inconclusive;
mod measured;
mod policies;
mod recent;
mod shadow;
mod steps;
mod targets;
mod unhealthy;
mod unread;

use crate::decide::{Decision, Verdict, judge};
use crate::policy::{Ceilings, OnInconclusive, OnSuspicion, Policy};
use crate::snapshot::{Forwarding, Metrics, MinuteMetrics, Snapshot};
use crate::targets::TargetSummary;
use crate::watch::Watch;
use chrono::TimeDelta;
use shared::{Environment, Share, Step, Time, Traffic, VerdictMode};

/// Noon; the flip comes 30 s later.
fn noon() -> Time {
    Time::from_timestamp(1_800_014_400, 0).expect("a time")
}

fn minute(number: i64, requests: f64, errors: f64) -> MinuteMetrics {
    MinuteMetrics {
        requests: (requests > 0.0).then_some(requests),
        target_5xx: (errors > 0.0).then_some(errors),
        ..MinuteMetrics::new(noon() + TimeDelta::minutes(number))
    }
}

/// `seconds` after the flip: an hour of 1,000 requests a minute without an error, and so the two minutes since.
fn at(seconds: i64) -> Snapshot {
    let flipped_at = noon() + TimeDelta::seconds(30);
    Snapshot {
        flipped_at,
        share_since: flipped_at,
        now: flipped_at + TimeDelta::seconds(seconds),
        forwarding: Some(Ok(Forwarding::To(Traffic::all(Environment::Green)))),
        targets: Ok(TargetSummary {
            registered: 4,
            healthy: 4,
            asked: 4,
            probed: true,
            ..TargetSummary::default()
        }),
        failed_before: false,
        failing_since: None,
        inconclusive_since: None,
        alarms: Some(Ok(Vec::new())),
        metrics: Some(Ok(Metrics {
            previous: (-60..0).map(|it| minute(it, 1000.0, 0.0)).collect(),
            new: vec![minute(0, 500.0, 0.0), minute(1, 1000.0, 0.0)],
            gaps: Vec::new(),
        })),
    }
}

pub fn policy() -> Policy {
    Policy {
        inconclusive_grace_seconds: 180,
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        latency: None,
        on_inconclusive: OnInconclusive::Keep,
        on_suspicion: OnSuspicion::Keep,
        mode: VerdictMode::Decide,
    }
}

/// A release all at once, watched for so long.
fn all_at_once(seconds: u32) -> Watch {
    Watch {
        to: Environment::Green,
        step: Step {
            share: Share::ALL,
            seconds,
        },
        number: 0,
        steps: 1,
        active_since: None,
    }
}

/// A tenth of the traffic for 300 s, the first of two steps.
fn a_tenth() -> Watch {
    let mut watch = all_at_once(300);
    watch.step.share = Share::new(10).expect("a share");
    watch.steps = 2;
    watch
}

/// Those that were read.
fn metrics_of(snapshot: &mut Snapshot) -> &mut Metrics {
    match &mut snapshot.metrics {
        Some(Ok(metrics)) => metrics,
        other => panic!("no metrics: {other:?}"),
    }
}

/// The snapshot `seconds` after the flip, with one change.
fn changed(seconds: i64, change: impl FnOnce(&mut Snapshot, &mut Metrics)) -> Snapshot {
    let mut snapshot = at(seconds);
    let mut metrics = metrics_of(&mut snapshot).clone();
    change(&mut snapshot, &mut metrics);
    snapshot.metrics = snapshot.metrics.map(|it| it.and(Ok(metrics)));
    snapshot
}

fn check(policy: &Policy, snapshot: &Snapshot, verdict: Verdict, decision: Decision, reason: &str) {
    check_watch(
        &all_at_once(120),
        policy,
        snapshot,
        verdict,
        decision,
        reason,
    );
}

fn check_watch(
    watch: &Watch,
    policy: &Policy,
    snapshot: &Snapshot,
    verdict: Verdict,
    decision: Decision,
    reason: &str,
) {
    let found = judge(snapshot, watch, policy);
    assert_eq!(
        (found.verdict, found.decision),
        (verdict, decision),
        "{found:?}"
    );
    assert!(found.reason.contains(reason), "{}", found.reason);
}

fn check_unhealthy(snapshot: &Snapshot, reason: &str) {
    check(
        &policy(),
        snapshot,
        Verdict::Unhealthy,
        Decision::FlipBack,
        reason,
    );
}

/// Open at the end of the watch, still open at the end of the grace, and then the policy's.
fn check_inconclusive(reason: &str, change: impl Fn(&mut Snapshot, &mut Metrics)) {
    use Verdict::Inconclusive as Open;
    for (seconds, decision) in [
        (60, Decision::Watch),
        (120, Decision::Watch),
        (299, Decision::Watch),
    ] {
        check(
            &policy(),
            &changed(seconds, &change),
            Open,
            decision,
            reason,
        );
    }
    check(
        &policy(),
        &changed(300, &change),
        Open,
        Decision::Keep,
        " says keep",
    );
    let strict = Policy {
        on_inconclusive: OnInconclusive::FlipBack,
        on_suspicion: OnSuspicion::FlipBack,
        ..policy()
    };
    check(
        &strict,
        &changed(300, &change),
        Open,
        Decision::FlipBack,
        " says flip-back",
    );
}

#[test]
fn a_release_is_kept_only_after_the_whole_watch() {
    use Verdict::Healthy;
    let good = "target 5xx 0 of 1500 requests (0.0 explained by the baseline); with 95 % certainty fewer than 0.18 % fail";
    check(&policy(), &at(119), Healthy, Decision::Watch, good);
    check(
        &policy(),
        &at(120),
        Healthy,
        Decision::Keep,
        "120 s after the flip",
    );
}
