//! A release that people hold, or that waits for them, long beyond a step's end: its last minutes judge it.

use super::*;
use std::time::Instant;

mod days;

const DAY: i64 = 24 * 60;

/// So many minutes after the flip, all reported but the last: the new environment has `new` requests a minute, the previous
/// one ten times as many at a share, and of both one of a thousand fails.
fn after(minutes: i64, watch: &Watch, new: f64) -> Snapshot {
    let usual = |number: i64, requests: f64| minute(number, requests, requests / 1000.0);
    changed(minutes * 60, |snapshot, metrics| {
        snapshot.forwarding = Some(Ok(Forwarding::To(watch.traffic())));
        metrics.new = (0..minutes).map(|it| usual(it, new)).collect();
        metrics.previous = (-60..0).map(|it| usual(it, 10.0 * new)).collect();
        if watch.is_concurrent() {
            let beside = (0..minutes).map(|it| usual(it, 10.0 * new));
            metrics.previous.extend(beside);
        }
    })
}

/// One of ten requests more fails in the last minutes.
fn bad_for(minutes: usize, snapshot: &mut Snapshot) {
    let metrics = metrics_of(snapshot);
    for minute in metrics.new.iter_mut().rev().take(minutes) {
        minute.target_5xx = minute.requests.map(|requests| requests * 0.101);
    }
}

#[test]
fn days_of_good_minutes_do_not_hide_two_bad_ones() {
    for watch in [a_tenth(), all_at_once(120)] {
        for minutes in [60, DAY, 14 * DAY] {
            let mut snapshot = after(minutes, &watch, 6_000.0);
            let good = judge(&snapshot, &watch, &policy());
            assert_eq!(good.verdict, Verdict::Healthy, "{}", good.reason);
            bad_for(2, &mut snapshot);
            let began = Instant::now();
            let bad = judge(&snapshot, &watch, &policy());
            assert_eq!(
                bad.decision,
                Decision::FlipBack,
                "{minutes}: {}",
                bad.reason
            );
            // In a build without optimizations.
            assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
        }
    }
}

/// The window slides: a burst of yesterday is no question of today, and the numbers do not grow.
#[test]
fn only_the_length_of_the_step_and_its_grace_judge() {
    let mut snapshot = after(DAY, &a_tenth(), 6_000.0);
    let metrics = metrics_of(&mut snapshot);
    for minute in &mut metrics.new[100..200] {
        minute.target_5xx = Some(3_000.0);
    }
    let found = judge(&snapshot, &a_tenth(), &policy());
    assert_eq!(
        (found.verdict, found.decision),
        (Verdict::Healthy, Decision::Advance)
    );
    let reason = "86400 s after the flip to 10 % (judged from 11:52 on)";
    assert!(found.reason.ends_with(reason), "{}", found.reason);
    assert_eq!(found.numbers.minutes.len(), 8);
}

#[test]
fn in_a_silent_night_the_last_requests_of_the_evening_judge() {
    let mut snapshot = after(600, &a_tenth(), 1.5);
    let silent = |minute: &mut MinuteMetrics| {
        *minute = MinuteMetrics {
            healthy_hosts: Some(2.0),
            ..MinuteMetrics::new(minute.at)
        };
    };
    let metrics = metrics_of(&mut snapshot);
    metrics.new.iter_mut().skip(300).for_each(silent);
    metrics.previous.iter_mut().skip(360).for_each(silent);
    let found = judge(&snapshot, &a_tenth(), &policy());
    assert_eq!(found.verdict, Verdict::Healthy, "{}", found.reason);
    assert_eq!(
        (found.numbers.requests, found.numbers.minutes.len()),
        (Some(51.0), 334)
    );
    fixtures::assert_bounded(&serde_json::json!(found.numbers));
}

#[test]
fn cloudwatch_may_be_as_late_as_the_grace_and_no_later() {
    for (late, verdict) in [(3, Verdict::Healthy), (5, Verdict::Inconclusive)] {
        let mut snapshot = after(DAY, &a_tenth(), 6_000.0);
        let metrics = metrics_of(&mut snapshot);
        let reported = metrics.new.len() - late;
        metrics.new.truncate(reported);
        let found = judge(&snapshot, &a_tenth(), &policy());
        assert_eq!(found.verdict, verdict, "{late}: {}", found.reason);
    }
}

/// CloudWatch has not kept the hour before the first flip. Ten minutes have more errors than `MaxTarget5xx` as usual.
#[test]
fn after_fourteen_days_the_hour_before_those_minutes_is_the_baseline() {
    for watch in [a_tenth(), all_at_once(120)] {
        let mut snapshot = after(20 * DAY, &watch, 6_000.0);
        let kept_from = snapshot.now - TimeDelta::days(1);
        let kept = |minute: &MinuteMetrics| minute.at > kept_from;
        let metrics = metrics_of(&mut snapshot);
        metrics.new.retain(kept);
        metrics.previous.retain(kept);
        metrics
            .new
            .iter_mut()
            .for_each(|it| it.load_balancer_5xx = Some(9.0));
        let good = judge(&snapshot, &watch, &policy());
        assert_eq!(good.verdict, Verdict::Healthy, "{}", good.reason);
        assert_eq!(good.numbers.baseline.map(|it| it.minutes), Some(60));
        bad_for(2, &mut snapshot);
        let bad = judge(&snapshot, &watch, &policy());
        assert_eq!(bad.verdict, Verdict::Unhealthy, "{}", bad.reason);
    }
}

/// A release that was healthy at its end, and becomes inconclusive while people decide.
#[test]
fn an_inconclusive_poll_after_a_healthy_end_has_a_grace_of_its_own() {
    let mut snapshot = after(DAY, &a_tenth(), 6_000.0);
    snapshot.alarms = Some(Err(shared::Error::NotFound("no such alarm".to_owned())));
    let decision = |snapshot: &Snapshot| judge(snapshot, &a_tenth(), &policy()).decision;
    assert_eq!(decision(&snapshot), Decision::FlipBack);
    for (seconds, expect) in [
        (0, Decision::Watch),
        (179, Decision::Watch),
        (180, Decision::FlipBack),
    ] {
        snapshot.inconclusive_since = Some(snapshot.now - TimeDelta::seconds(seconds));
        assert_eq!(decision(&snapshot), expect, "{seconds}");
    }
}
