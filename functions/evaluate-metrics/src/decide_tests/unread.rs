//! What AWS does not let read, and what a look need not: it says nothing about the release.

use super::*;
use shared::Error;

type Change = fn(&mut Snapshot, &mut Metrics);

fn throttled<T>() -> Result<T, Error> {
    Err(Error::AwsUnavailable(
        "Throttling: Rate exceeded".to_owned(),
    ))
}

const UNREAD: [Change; 5] = [
    |snapshot, _| snapshot.forwarding = Some(throttled()),
    |snapshot, _| snapshot.targets = throttled(),
    |snapshot, _| snapshot.alarms = Some(throttled()),
    |snapshot, _| snapshot.metrics = Some(throttled()),
    |_, metrics| {
        metrics
            .gaps
            .push("Throttling: Rate exceeded, in part".to_owned())
    },
];

/// The snapshot with this change, and with all minutes that there are by then.
fn later(seconds: i64, change: Change) -> Snapshot {
    changed(seconds, |snapshot, metrics| {
        metrics
            .new
            .extend((2..20).map(|it| minute(it, 1000.0, 0.0)));
        change(snapshot, metrics);
    })
}

/// The same of a tenth of the traffic.
fn tenth(seconds: i64, change: Change) -> Snapshot {
    changed(seconds, |snapshot, metrics| {
        snapshot.forwarding = Some(Ok(Forwarding::To(a_tenth().traffic())));
        metrics
            .new
            .extend((2..20).map(|it| minute(it, 1000.0, 0.0)));
        metrics
            .previous
            .extend((0..20).map(|it| minute(it, 9000.0, 0.0)));
        change(snapshot, metrics);
    })
}

#[test]
fn a_good_release_is_not_flipped_back_for_throttles_within_ten_minutes_more() {
    use Verdict::Inconclusive as Open;
    for change in UNREAD {
        for (seconds, decision) in [
            (300, Decision::Watch),
            (480, Decision::Watch),
            (1079, Decision::Watch),
            (1080, Decision::FlipBack),
        ] {
            let found = judge(&tenth(seconds, change), &a_tenth(), &policy());
            assert_eq!(
                (found.verdict, found.decision),
                (Open, decision),
                "{seconds} {}",
                found.reason
            );
            assert_eq!(found.is_unread, (480..1080).contains(&seconds));
            assert!(
                found.reason.starts_with("Throttling: Rate exceeded"),
                "{}",
                found.reason
            );
        }
    }
}

#[test]
fn at_all_of_the_traffic_the_policies_decide_as_late() {
    use Verdict::Inconclusive as Open;
    let strict = Policy {
        on_inconclusive: OnInconclusive::FlipBack,
        ..policy()
    };
    for change in UNREAD {
        for policy in [policy(), strict.clone()] {
            check(
                &policy,
                &later(899, change),
                Open,
                Decision::Watch,
                "Rate exceeded",
            );
        }
        check(
            &policy(),
            &later(900, change),
            Open,
            Decision::Keep,
            "OnInconclusive says keep",
        );
        check(
            &strict,
            &later(900, change),
            Open,
            Decision::FlipBack,
            "OnInconclusive says flip-back",
        );
    }
}

/// Of a release that shows too little as well, nothing better can be hoped for.
#[test]
fn silence_is_waited_for_no_longer_because_a_read_failed_too() {
    let silent: Change = |snapshot, metrics| {
        snapshot.alarms = Some(throttled());
        metrics.new.clear();
    };
    let open = Verdict::Inconclusive;
    let flip_back = Decision::FlipBack;
    let reason = "Rate exceeded; no request was reported";
    check_watch(
        &a_tenth(),
        &policy(),
        &tenth(479, silent),
        open,
        Decision::Watch,
        reason,
    );
    check_watch(
        &a_tenth(),
        &policy(),
        &tenth(480, silent),
        open,
        flip_back,
        reason,
    );
}

#[test]
fn what_a_look_has_not_read_must_be_known_at_the_end() {
    let unread = |seconds| {
        changed(seconds, |snapshot, _| {
            snapshot.forwarding = None;
            snapshot.alarms = None;
        })
    };
    check(
        &policy(),
        &unread(119),
        Verdict::Healthy,
        Decision::Watch,
        "0 of 1500",
    );
    let open = "the rules were not read yet; the alarms were not read yet";
    check(
        &policy(),
        &unread(120),
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
}

#[test]
fn before_cloudwatch_can_have_a_point_nothing_is_healthy_and_what_is_bad_is_flipped_back() {
    let early = |change: Change| {
        let mut snapshot = changed(6, change);
        snapshot.metrics = None;
        snapshot
    };
    let open = "CloudWatch's metrics were not read yet";
    check(
        &policy(),
        &early(|_, _| ()),
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
    check_unhealthy(
        &early(|it, _| it.targets = Ok(TargetSummary::default())),
        "healthy targets 0",
    );
}

/// The first minutes of a release are bad, and for 700 s after its step nobody could read them.
#[test]
fn what_was_unread_for_long_is_judged_from_the_flip_on() {
    let read = |since: i64| {
        changed(820, |snapshot, metrics| {
            metrics
                .new
                .extend((2..14).map(|it| minute(it, 1000.0, 0.0)));
            metrics.new[0].target_5xx = Some(60.0);
            metrics.new[1].target_5xx = Some(60.0);
            let since = snapshot.share_since + TimeDelta::seconds(since);
            snapshot.inconclusive_since = Some(since);
        })
    };
    check_unhealthy(&read(120), "target 5xx 120 in 13500 requests");
    // People let the step go on, and it has been read all the time.
    let held = judge(&read(820), &all_at_once(120), &policy());
    assert_eq!(held.verdict, Verdict::Healthy, "{}", held.reason);
}
