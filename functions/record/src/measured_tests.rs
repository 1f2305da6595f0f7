//! The tests of `measured.rs`.

use super::*;
use crate::finish::{Finish, Outcome};
use crate::fixtures::{at, begun, ended, execution, id, owner, proven, shift, watching_at};
use crate::flip_back::FlipBackCause;
use shared::emf;

/// The measurements of a change, `now` seconds after the beginning of the tests' time.
fn measure(before: &Record, after: &Record, now: i64) -> Vec<(Metric, f64)> {
    let ending = Ending::of(before, after);
    measured(before, after, ending.as_ref(), at(now))
}

/// Release `me`, which was requested at -60 s and is proven.
fn requested() -> Record {
    let mut record = proven();
    record.release.as_mut().expect("a release").requested_at = Some(at(-60));
    record
}

fn finished(record: &Record) -> Record {
    let finish = record.finish(&execution("me"), Outcome::Stable, &"healthy".into(), at(50));
    let Finish::Finished(record) = finish else {
        panic!("not finished: {finish:?}")
    };
    record
}

fn rolling_back(record: &Record, now: i64) -> Record {
    let cause = FlipBackCause::Release(id("me"));
    begun(record.begin_flip_back(&owner("me"), &cause, &"bad".into(), at(now), at(now + 20)))
}

#[test]
fn a_flip_is_measured_when_it_has_ended_and_the_way_from_the_push_with_all_of_the_traffic() {
    let flipping = begun(shift(&requested(), 10, 10));
    assert_eq!(
        measure(&requested(), &flipping, 10),
        [(Metric::FlipBegun, 1.0)]
    );
    let watching = ended(&flipping, 10);
    assert_eq!(
        measure(&flipping, &watching, 12),
        [(Metric::FlipTime, 2_000.0)]
    );
    let mut passed = watching.clone();
    passed.release.as_mut().expect("a release").passed_share = Some(crate::fixtures::share(10));
    let all = begun(shift(&passed, 100, 400));
    assert_eq!(
        measure(&passed, &all, 400),
        [],
        "one release got traffic, in two steps"
    );
    let watched = ended(&all, 100);
    let expect = [(Metric::FlipTime, 1_500.0), (Metric::PushToTraffic, 461.5)];
    let now = at(401) + chrono::TimeDelta::milliseconds(500);
    assert_eq!(measured(&all, &watched, None, now), expect);
    assert_eq!(
        measure(&watched, &finished(&watched), 900),
        [(Metric::Released, 1.0)]
    );
}

#[test]
fn a_flip_back_says_how_long_the_release_was_bad() {
    let watching = watching_at(100);
    let rolling = rolling_back(&watching, 70);
    let expect = [(Metric::FlipBackBegun, 1.0), (Metric::TimeToDetect, 60.0)];
    assert_eq!(measure(&watching, &rolling, 70), expect);
    // Another try of it goes on, and measures nothing.
    assert_eq!(measure(&rolling, &rolling_back(&rolling, 72), 72), []);
    let rolled_back = rolling
        .end_flip_back(&owner("me"), &id("me"))
        .expect("it ends");
    let expect = [
        (Metric::RolledBack, 1.0),
        (Metric::FlipBackTime, 3_000.0),
        (Metric::TimeToRestore, 63.0),
    ];
    assert_eq!(measure(&rolling, &rolled_back, 73), expect);
}

/// Nobody knows since when it is bad, and it may have been live for weeks.
#[test]
fn a_flip_back_after_the_end_is_measured_from_its_own_beginning() {
    let stable = finished(&watching_at(100));
    let rolling = rolling_back(&stable, 500_000);
    assert_eq!(
        measure(&stable, &rolling, 500_000),
        [(Metric::FlipBackBegun, 1.0)]
    );
    let rolled_back = rolling
        .end_flip_back(&owner("me"), &id("me"))
        .expect("it ends");
    let expect = [
        (Metric::RolledBackLater, 1.0),
        (Metric::FlipBackTime, 2_000.0),
        (Metric::TimeToRestore, 2.0),
    ];
    assert_eq!(measure(&stable_to(&rolling), &rolled_back, 500_002), expect);
}

/// The record as it was read again.
fn stable_to(rolling: &Record) -> Record {
    Record {
        version: rolling.version + 1,
        ..rolling.clone()
    }
}

#[test]
fn what_changes_no_phase_measures_nothing() {
    let watching = watching_at(10);
    let pass = watching.pass_step(
        &id("me"),
        &execution("me"),
        crate::fixtures::share(10),
        at(50),
    );
    let passed = pass.record().expect("recorded");
    assert_eq!(measure(&watching, &passed, 300), []);
    assert_eq!(measure(&Record::default(), &proven(), 0), []);
}

#[test]
fn the_log_says_which_release_it_was_and_how_it_ended() {
    let watching = watching_at(100);
    let mut stable = finished(&watching);
    stable.release.as_mut().expect("a release").tag = Some("v1.1.0".to_owned());
    let ending = Ending::of(&watching, &stable);
    let about = About::of(&stable, ending.as_ref()).expect("a release");
    let line = emf::document("shop", at(0), &[(Metric::Released, 1.0)], &about);
    for (field, expect) in [
        ("release", "me"),
        ("outcome", "released"),
        ("tag", "v1.1.0"),
        ("digest", "sha256:new"),
        ("from", "blue"),
        ("to", "green"),
        ("reason", "healthy"),
    ] {
        assert_eq!(line[field], expect, "{field}");
    }
    assert_eq!(
        (&line["share"], &line["Released"]),
        (&100.into(), &1.0.into())
    );
}
