//! The tests of `stopped.rs`.

use super::*;
use crate::fixtures::{
    at, begun, contracting, deploying, execution, expand, id, owner, shift, stable, watching_at,
};
use crate::flip::BeginFlip;
use crate::flip_back::FlipBackCause;
use crate::release::Release;

/// The end of the execution `me`, which stopped at 20 s, as the machine's events name it.
fn stopped() -> FailureReason {
    FailureReason::failure("ReleaseStopped", "me was ABORTED")
}

fn close(record: &Record, now: i64) -> CloseStopped {
    record.close_stopped(&execution("me"), Some(at(20)), &stopped(), at(now))
}

fn closed(record: &Record, now: i64) -> Record {
    let close = close(record, now);
    close
        .record()
        .unwrap_or_else(|| panic!("not closed: {close:?}"))
}

fn flip_back(record: &Record, by: &str, now: i64) -> BeginFlip {
    let cause = FlipBackCause::Stopped(execution(by));
    record.begin_flip_back(
        &owner("delivery"),
        &cause,
        &stopped(),
        at(now),
        at(now + 20),
    )
}

fn migrating() -> Record {
    let mut record = deploying();
    let release = record.release.as_mut().expect("a release");
    release.expand = Some(expand("me", 0));
    record
}

#[test]
fn the_last_task_is_at_work_as_long_as_it_may_live() {
    let until = |record: &Record| record.at_work_until(at(20));
    assert_eq!(until(&deploying()), Some(at(55)));
    assert_eq!(until(&migrating()), Some(at(145)));
    assert_eq!(until(&contracting()), Some(at(145)));
    assert_eq!(until(&watching_at(100)), None);
}

/// Before each larger share the environment is scaled again, and after the flip back it is the next release's.
#[test]
fn the_environment_of_a_share_may_be_scaled_until_its_last_task_is_dead() {
    let watching = watching_at(10);
    let rolled_back = watching.with_phase(Phase::RolledBack);
    for record in [&watching, &rolled_back] {
        assert_eq!(record.at_work_until(at(20)), Some(at(55)));
        assert_eq!(close(record, 54), CloseStopped::TooEarly { until: at(55) });
        closed(record, 55);
    }
    // Its migration ended before it flipped.
    let mut expanding = watching;
    let release = expanding.release.as_mut().expect("a release");
    release.expand = Some(expand("me", 0));
    assert_eq!(expanding.at_work_until(at(20)), Some(at(55)));
}

#[test]
fn what_an_execution_has_left_is_its_own_release_that_has_moved_traffic() {
    let (me, other) = (execution("me"), execution("other"));
    let watching = watching_at(10);
    for (phase, is_left) in [
        (Phase::Deploying, false),
        (Phase::Flipping, true),
        (Phase::Watching, true),
        (Phase::Stable, false),
        (Phase::RollingBack, true),
        (Phase::RolledBack, false),
        (Phase::Failed, false),
        (Phase::Synced, false),
    ] {
        let record = watching.with_phase(phase);
        assert_eq!(record.left_flipped_by(&me).is_some(), is_left, "{phase}");
        assert_eq!(record.left_flipped_by(&other), None, "{phase}");
    }
    let contract = contracting().contract;
    let contracting = Record {
        contract,
        ..watching
    };
    assert_eq!(contracting.left_flipped_by(&me), None);
}

/// Its execution may have been stopped to keep the release, which has been live ever since.
#[test]
fn what_an_earlier_version_has_flipped_is_not_flipped_back_but_closed() {
    let old = Record::test("me", Phase::Watching);
    assert_eq!(old.left_flipped_by(&execution("me")), None);
    let record = closed(&old, 21);
    let release = record.release.as_ref().expect("a release");
    assert_eq!((release.phase, &record.holder), (Phase::Watching, &None));
}

#[test]
fn a_release_that_did_not_flip_fails_once_nothing_of_it_is_at_work() {
    assert_eq!(
        close(&deploying(), 54),
        CloseStopped::TooEarly { until: at(55) }
    );
    let record = closed(&deploying(), 55);
    let Release { phase, reason, .. } = record.release.as_ref().expect("a release");
    assert_eq!(
        (*phase, reason.as_deref(), &record.holder),
        (Phase::Failed, Some("me was ABORTED"), &None)
    );
    assert_eq!(record.ends, [], "a stop does not speak against the build");
    assert_eq!(close(&record, 60), CloseStopped::NotHolder);
    // Step Functions forgets an execution after 90 days.
    let forgotten = deploying().close_stopped(&execution("me"), None, &stopped(), at(21));
    assert!(matches!(forgotten, CloseStopped::Closed(_)));
}

#[test]
fn a_stopped_release_is_flipped_back_and_then_closed() {
    let rolling_back = begun(flip_back(&watching_at(100), "me", 20));
    assert_eq!(
        close(&rolling_back, 21),
        CloseStopped::TooEarly { until: at(40) }
    );
    let rolled_back = rolling_back.end_flip_back(&owner("delivery"), &id("me"));
    let rolled_back = rolled_back.expect("it ends");
    assert!(matches!(
        flip_back(&rolled_back, "me", 22),
        BeginFlip::AlreadyDone(_)
    ));
    let record = closed(&rolled_back, 22);
    let release = record.release.as_ref().expect("a release");
    assert_eq!((release.phase, &record.holder), (Phase::RolledBack, &None));
    assert_eq!(record.ends, [], "a stop does not speak against the build");
    assert!(matches!(
        flip_back(&record, "me", 23),
        BeginFlip::Ignored(_)
    ));
}

/// The team wants it so, or the flip back was refused: traffic stays where it is, and can be flipped back by hand.
#[test]
fn a_release_that_is_left_keeps_its_phase_and_its_split() {
    let record = closed(&watching_at(10), 55);
    let left = record.release.as_ref().expect("a release");
    assert_eq!(left.phase, Phase::Watching);
    assert_eq!(left.reason.as_deref(), Some("me was ABORTED"));
    let before = watching_at(10).release.expect("a release");
    assert_eq!(left.original_forwards, before.original_forwards);
    let by_hand = FlipBackCause::Release(id("me"));
    begun(record.begin_flip_back(&owner("op"), &by_hand, &"".into(), at(60), at(80)));
    // A try of its flip to the next share comes too late.
    assert!(matches!(shift(&record, 50, 60), BeginFlip::Refused(_)));
}

#[test]
fn what_was_said_of_the_end_before_stays() {
    let by_hand = FlipBackCause::Release(id("me"));
    let given_up =
        deploying().begin_flip_back(&owner("me"), &by_hand, &"tasks died".into(), at(19), at(39));
    let failed = given_up.closed().expect("a record to write");
    let record = closed(&failed, 21);
    let reason = record.release.and_then(|it| it.reason);
    assert_eq!(reason.as_deref(), Some("tasks died"));
}

#[test]
fn a_stopped_flip_is_flipped_back_when_its_writes_have_arrived() {
    let flipping = begun(shift(&crate::fixtures::proven(), 10, 10));
    assert_eq!(
        flip_back(&flipping, "me", 29),
        BeginFlip::LeaseHeld { until: at(30) }
    );
    begun(flip_back(&flipping, "me", 30));
}

#[test]
fn only_the_end_of_the_holder_concerns_the_release() {
    let ignored = |record: &Record, by: &str| {
        let answer = flip_back(record, by, 20);
        assert!(matches!(answer, BeginFlip::Ignored(_)), "{answer:?}");
    };
    ignored(&watching_at(10), "older");
    ignored(&stable(1), "live");
    // A contract step holds the record after a release that has ended: its end is the next request's concern.
    ignored(&contracting(), "me");
    assert_eq!(close(&contracting(), 999), CloseStopped::NotHolder);
}
