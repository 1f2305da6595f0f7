//! The tests of `flip_back.rs`.

use super::*;
use crate::fixtures::{NEW, at, begun, deploying, execution, flip, id, owner, proven};

fn back(record: &Record, by: &str, cause: &FlipBackCause, now: i64) -> BeginFlip {
    record.begin_flip_back(&owner(by), cause, &"because".into(), at(now), at(now + 20))
}

#[test]
fn nobody_flips_back_while_a_flip_may_be_on_its_way() {
    let flipping = begun(flip(&proven(), "me", "me", NEW, 10));
    let cause = FlipBackCause::Release(id("me"));
    assert_eq!(
        back(&flipping, "me", &cause, 29),
        BeginFlip::LeaseHeld { until: at(30) }
    );
    assert!(matches!(
        back(&flipping, "me", &cause, 30),
        BeginFlip::Begun { .. }
    ));
}

#[test]
fn a_flip_that_failed_for_certain_need_not_be_waited_for() {
    let cause = FlipBackCause::Release(id("me"));
    let first = begun(flip(&proven(), "me", "me", NEW, 10));
    let released = first
        .release_lease(&owner("me"))
        .expect("it holds the lease");
    assert!(matches!(
        back(&released, "me", &cause, 11),
        BeginFlip::Begun { .. }
    ));
    assert_eq!(first.release_lease(&owner("other")), None);
    // A try before it may still have a write on its way.
    let second = begun(flip(&first, "me", "me", NEW, 12));
    assert_eq!(second.release_lease(&owner("me")), None);
}

#[test]
fn a_flip_back_ends_rolled_back_and_a_second_one_is_a_no_op() {
    let cause = FlipBackCause::Release(id("me"));
    let BeginFlip::Begun { record, .. } =
        back(&Record::test("me", Phase::Stable), "op", &cause, 50)
    else {
        panic!("did not begin")
    };
    let rolled_back = record
        .end_flip_back(&owner("op"), &id("me"))
        .expect("it ends");
    assert_eq!(
        (
            &rolled_back.lease,
            rolled_back.end_flip_back(&owner("op"), &id("me"))
        ),
        (&None, None)
    );
    let BeginFlip::AlreadyDone(release) = back(&rolled_back, "alarm", &cause, 60) else {
        panic!("not done")
    };
    assert_eq!(
        (release.phase, release.reason.as_deref()),
        (Phase::RolledBack, Some("because"))
    );
}

#[test]
fn an_execution_that_gives_up_before_its_flip_closes_the_release() {
    let cause = FlipBackCause::Release(id("me"));
    let given_up = back(&deploying(), "me", &cause, 20);
    assert!(matches!(given_up, BeginFlip::NothingToFlipBack { .. }));
    let closed = given_up.closed().expect("a record to write");
    let release = closed.release.as_ref().expect("a release");
    assert_eq!(
        (release.phase, release.reason.as_deref(), &closed.holder),
        (Phase::Failed, Some("because"), &Some(execution("me")))
    );
    // A try of the flip that nobody awaits any more comes too late.
    let late = flip(&closed, "me", "me", NEW, 21);
    assert!(
        matches!(&late, BeginFlip::Refused(refusal) if refusal.as_str() == "release me is failed, past its flip"),
        "{late:?}"
    );
    let again = back(&closed, "me", &cause, 22);
    assert!(matches!(again, BeginFlip::NothingToFlipBack { .. }));
    assert_eq!(again.closed(), None);
}

#[test]
fn only_the_execution_of_a_release_closes_it_and_only_before_its_flip() {
    let own = FlipBackCause::Release(id("me"));
    let earlier = FlipBackCause::Release(id("earlier"));
    let alarm = FlipBackCause::Alarm {
        changed_at: at(11),
        environment: None,
    };
    let free = Record {
        holder: None,
        ..deploying()
    };
    for (record, by, cause) in [
        (&deploying(), "op", &own),
        (&deploying(), "me", &earlier),
        (&deploying(), "delivery", &alarm),
        (&Record::test("me", Phase::Deploying), "delivery", &alarm),
        (&free, "me", &own),
        (&Record::test("me", Phase::Watching), "me", &own),
        (&Record::test("me", Phase::RolledBack), "me", &own),
        (&Record::test("me", Phase::Failed), "me", &own),
        (&Record::test("me", Phase::Synced), "me", &own),
        (&Record::default(), "me", &own),
    ] {
        let answer = back(record, by, cause, 20);
        assert_eq!(answer.closed(), None, "{by} {cause:?}: {answer:?}");
    }
}

#[test]
fn two_flip_backs_do_not_overlap_but_one_may_try_again() {
    let cause = FlipBackCause::Release(id("me"));
    let record = Record::test("me", Phase::RollingBack).leased_by("alarm", 70);
    assert_eq!(
        back(&record, "me", &cause, 60),
        BeginFlip::LeaseHeld { until: at(70) }
    );
    assert!(matches!(
        back(&record, "alarm", &cause, 60),
        BeginFlip::Begun { .. }
    ));
}

#[test]
fn an_alarm_acts_only_for_the_release_it_belongs_to() {
    let check = |phase, changed_at, environment, expect: &str| {
        let cause = FlipBackCause::Alarm {
            changed_at: at(changed_at),
            environment,
        };
        let found = format!(
            "{:?}",
            back(&Record::test("me", phase), "alarm", &cause, 60)
        );
        assert!(
            found.starts_with(expect),
            "{phase:?} {changed_at} {environment:?}: {found}"
        );
    };
    check(Phase::Watching, 11, Some(Environment::Green), "Begun");
    check(Phase::Stable, 11, None, "Begun");
    check(Phase::Watching, 10, Some(Environment::Green), "Ignored");
    check(Phase::Watching, 11, Some(Environment::Blue), "Ignored");
    check(
        Phase::RolledBack,
        11,
        Some(Environment::Green),
        "AlreadyDone",
    );
    check(
        Phase::Deploying,
        11,
        Some(Environment::Green),
        "NothingToFlipBack",
    );
}
