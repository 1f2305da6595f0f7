//! The steps below 100 %: which minutes are compared with which, what each verdict leads to, and what the next step starts
//! from.

use super::*;

mod last;
mod latency;
mod left_out;

/// The first of three steps: a tenth of the traffic for five minutes.
fn first() -> Watch {
    Watch {
        step: Step {
            share: Share::new(10).expect("a share"),
            seconds: 300,
        },
        steps: 3,
        ..all_at_once(300)
    }
}

fn second() -> Watch {
    Watch {
        number: 1,
        ..first()
    }
}

/// `seconds` after the flip to a tenth: 100 requests a minute beside 900, all reported that CloudWatch has by then. Before
/// it one of a thousand failed.
fn at_a_tenth(seconds: i64, change: impl FnOnce(&mut Metrics)) -> Snapshot {
    changed(seconds, |snapshot, metrics| {
        let share = first().traffic();
        let hour = metrics.previous.iter_mut();
        hour.for_each(|it| it.target_5xx = Some(1.0));
        snapshot.forwarding = Some(Ok(Forwarding::To(share)));
        let reported = 0..(seconds - 30) / 60;
        metrics.new = reported.clone().map(|it| minute(it, 100.0, 0.0)).collect();
        let previous = reported.map(|it| minute(it, 900.0, 0.0));
        metrics.previous.extend(previous);
        change(metrics);
    })
}

/// Errors in this minute after the flip's, of the new environment and of the previous one.
fn errors(metrics: &mut Metrics, number: usize, new: f64, previous: f64) {
    metrics.new[number].target_5xx = Some(new);
    metrics.previous[60 + number].target_5xx = Some(previous);
}

fn check_step(snapshot: &Snapshot, verdict: Verdict, decision: Decision, reason: &str) {
    check_watch(&first(), &policy(), snapshot, verdict, decision, reason);
}

#[test]
fn a_healthy_step_ends_after_its_seconds_and_the_next_may_begin() {
    let good = "target 5xx 0 of 200 requests (0.0 explained by the previous environment in the same minutes)";
    let (healthy, watch) = (Verdict::Healthy, Decision::Watch);
    check_step(&at_a_tenth(299, |_| ()), healthy, watch, good);
    let ended = at_a_tenth(300, |_| ());
    check_step(
        &ended,
        healthy,
        Decision::Advance,
        "300 s after the flip to 10 %",
    );
    let numbers = judge(&ended, &first(), &policy()).numbers;
    let counted = (numbers.requests, numbers.target_5xx.baseline_exposure);
    assert_eq!(counted, (Some(200.0), 1800.0));
    assert_eq!(
        (numbers.minutes.len(), numbers.previous_minutes.len()),
        (4, 2)
    );
}

#[test]
fn trouble_of_the_whole_site_is_no_fault_of_the_release() {
    let both = at_a_tenth(300, |metrics| {
        errors(metrics, 2, 30.0, 270.0);
        errors(metrics, 3, 3.0, 27.0);
    });
    check_step(
        &both,
        Verdict::Healthy,
        Decision::Advance,
        "33 of 200 requests (33.0 explained",
    );
}

#[test]
fn a_minute_counts_once_both_environments_are_reported() {
    let late = at_a_tenth(300, |metrics| {
        errors(metrics, 3, 30.0, 0.0);
        metrics.previous.truncate(63);
    });
    let reason = "CloudWatch has reported the time until 12:03 only, the watch needs all minutes until 12:04";
    check_step(&late, Verdict::Inconclusive, Decision::Watch, reason);
    let (min, step) = (
        Policy {
            min_requests: 10.0,
            ..policy()
        },
        first(),
    );
    let absent = at_a_tenth(300, |metrics| {
        metrics.previous[63].requests = None;
        metrics.previous[63].healthy_hosts = Some(4.0);
    });
    let reason = "no request of 12:03 was reported, after 900 a minute";
    check_watch(
        &step,
        &min,
        &absent,
        Verdict::Inconclusive,
        Decision::Watch,
        reason,
    );
}

#[test]
fn errors_of_the_previous_environment_need_their_requests_too() {
    let uncounted = at_a_tenth(300, |metrics| {
        errors(metrics, 2, 0.0, 5.0);
        metrics.previous[62].requests = None;
    });
    let reason = "errors of 12:02 were reported, the requests of that minute not";
    check_step(&uncounted, Verdict::Inconclusive, Decision::Watch, reason);
}

#[test]
fn a_share_never_grows_without_a_healthy_verdict() {
    let lenient = policy();
    assert_eq!(lenient.on_inconclusive, OnInconclusive::Keep);
    let silent = |seconds| at_a_tenth(seconds, |metrics| metrics.new.clear());
    let suspicious = |seconds| at_a_tenth(seconds, |metrics| errors(metrics, 2, 4.0, 0.0));
    for (open, reason) in [
        (
            &silent as &dyn Fn(i64) -> Snapshot,
            "no request was reported for the new target group",
        ),
        (&suspicious, "target 5xx 4 in"),
    ] {
        check_step(&open(300), Verdict::Inconclusive, Decision::Watch, reason);
        check_step(&open(479), Verdict::Inconclusive, Decision::Watch, reason);
        let end = "480 s after the flip to 10 %; a share grows only after a healthy verdict";
        check_step(&open(480), Verdict::Inconclusive, Decision::FlipBack, end);
    }
}

#[test]
fn the_rules_must_split_traffic_as_the_step_says() {
    let forwards = |to, percent| {
        let mut snapshot = at_a_tenth(300, |_| ());
        let share = Share::new(percent).expect("a share");
        snapshot.forwarding = Some(Ok(Forwarding::To(Traffic { to, share })));
        snapshot
    };
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    for (to, percent, reason) in [
        (
            Environment::Green,
            11,
            "the rules forward to green (11 %), not to green (10 %)",
        ),
        (
            Environment::Green,
            100,
            "the rules forward to green, not to green (10 %)",
        ),
        (
            Environment::Blue,
            100,
            "the rules forward to blue, not to green (10 %)",
        ),
    ] {
        check_step(&forwards(to, percent), unhealthy, flip_back, reason);
    }
    let split = forwards(Environment::Green, 10);
    let all = all_at_once(120);
    let reason = "the rules forward to green (10 %), not to green:";
    check_watch(&all, &policy(), &split, unhealthy, flip_back, reason);
}

/// Six errors where the previous environment has none: one in a million, which a release of one step may flip back for.
#[test]
fn all_steps_together_may_err_as_often_as_one() {
    let snapshot = at_a_tenth(300, |metrics| errors(metrics, 3, 6.0, 0.0));
    let level = |steps| {
        let watch = Watch { steps, ..first() };
        let judged = judge(&snapshot, &watch, &policy());
        (judged.verdict, judged.numbers.target_5xx.significance_level)
    };
    let ((one, of_one), (ten, of_ten)) = (level(1), level(10));
    assert!((of_one / of_ten - 10.0).abs() < 1e-9, "{of_one} {of_ten}");
    // Four minutes of data.
    assert!((of_one * 6000.0 * 20.0 - 1.0).abs() < 1e-9, "{of_one}");
    assert_eq!((one, ten), (Verdict::Unhealthy, Verdict::Inconclusive));
}
