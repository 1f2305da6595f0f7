//! The tests of `flip.rs`.

use super::super::fixtures::{at, release};
use super::*;

fn begun(outcome: Begin) -> Record {
    let Begin::Go { record, .. } = outcome else {
        panic!("the flip did not begin: {outcome:?}")
    };
    record
}

fn back(record: &Record, me: &str, cause: &Cause, now: i64) -> Begin {
    record.begin_flip_back(me, cause, "because", at(now), at(now + 20))
}

fn deploying() -> Record {
    Record {
        release: Some(release("me")),
        ..Record::test("me", Phase::Deploying)
    }
}

#[test]
fn a_flip_takes_the_lease_and_gives_it_back() {
    let flipping = begun(deploying().begin_flip("me", "me", at(10), at(30)));
    assert_eq!(
        flipping.live_writer(at(29)).map(|lease| lease.retried),
        Some(false)
    );
    let EndFlip::End(watching) = flipping.end_flip("me", "me") else {
        panic!("did not end")
    };
    assert_eq!(watching.writer, None);
    assert_eq!(
        watching.release.as_ref().map(|r| (r.phase, r.flipped_at)),
        Some((Phase::Watching, Some(at(10))))
    );
    assert_eq!(watching.end_flip("me", "me"), EndFlip::Done);
    assert!(matches!(
        watching.begin_flip("me", "me", at(11), at(31)),
        Begin::Done(_)
    ));
}

#[test]
fn a_retried_flip_keeps_its_lease_and_its_first_moment() {
    let first = begun(deploying().begin_flip("me", "me", at(10), at(30)));
    let second = begun(first.begin_flip("me", "me", at(12), at(32)));
    let EndFlip::End(watching) = second.end_flip("me", "me") else {
        panic!("did not end")
    };
    assert_eq!(
        watching.live_writer(at(31)).map(|lease| lease.retried),
        Some(true)
    );
    assert_eq!(watching.release.and_then(|r| r.flipped_at), Some(at(10)));
}

#[test]
fn only_the_holder_flips() {
    let outcome = deploying().begin_flip("other", "me", at(10), at(30));
    assert!(matches!(outcome, Begin::Refused(reason) if reason.contains("does not hold")));
    let outcome = deploying().begin_flip("me", "older", at(10), at(30));
    assert!(matches!(outcome, Begin::Refused(reason) if reason.contains("older")));
}

#[test]
fn nobody_flips_back_while_a_flip_may_be_on_its_way() {
    let flipping = begun(deploying().begin_flip("me", "me", at(10), at(30)));
    let cause = Cause::Release("me".to_owned());
    assert_eq!(
        back(&flipping, "me", &cause, 29),
        Begin::WriterMayBeAlive { until: at(30) }
    );
    assert!(matches!(
        back(&flipping, "me", &cause, 30),
        Begin::Go { .. }
    ));
}

#[test]
fn a_flip_that_failed_for_certain_need_not_be_waited_for() {
    let cause = Cause::Release("me".to_owned());
    let first = begun(deploying().begin_flip("me", "me", at(10), at(30)));
    let gave_up = first.give_up("me").expect("it holds the lease");
    assert!(matches!(back(&gave_up, "me", &cause, 11), Begin::Go { .. }));
    assert_eq!(first.give_up("other"), None);
    // A try before it may still have a write on its way.
    let second = begun(first.begin_flip("me", "me", at(12), at(32)));
    assert_eq!(second.give_up("me"), None);
}

#[test]
fn a_flip_back_ends_rolled_back_and_a_second_one_is_a_no_op() {
    let cause = Cause::Release("me".to_owned());
    let Begin::Go { record, .. } = back(&Record::test("me", Phase::Stable), "op", &cause, 50)
    else {
        panic!("did not begin")
    };
    let rolled_back = record.end_flip_back("op", "me").expect("it ends");
    assert_eq!(
        (&rolled_back.writer, rolled_back.end_flip_back("op", "me")),
        (&None, None)
    );
    let Begin::Done(release) = back(&rolled_back, "alarm", &cause, 60) else {
        panic!("not done")
    };
    assert_eq!(
        (release.phase, release.reason.as_deref()),
        (Phase::RolledBack, Some("because"))
    );
}

#[test]
fn two_flip_backs_do_not_overlap_but_one_may_try_again() {
    let cause = Cause::Release("me".to_owned());
    let record = Record::test("me", Phase::RollingBack).written_by("alarm", 70);
    assert_eq!(
        back(&record, "me", &cause, 60),
        Begin::WriterMayBeAlive { until: at(70) }
    );
    assert!(matches!(
        back(&record, "alarm", &cause, 60),
        Begin::Go { .. }
    ));
}

#[test]
fn an_alarm_acts_only_for_the_release_it_belongs_to() {
    let check = |phase, changed_at, environment, expect: &str| {
        let cause = Cause::Alarm {
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
    check(Phase::Watching, 11, Some(Environment::Green), "Go");
    check(Phase::Stable, 11, None, "Go");
    check(Phase::Watching, 10, Some(Environment::Green), "Ignored");
    check(Phase::Watching, 11, Some(Environment::Blue), "Ignored");
    check(Phase::RolledBack, 11, Some(Environment::Green), "Done");
    check(
        Phase::Deploying,
        11,
        Some(Environment::Green),
        "NothingToReturn",
    );
}

#[test]
fn a_flip_that_was_overtaken_learns_where_the_rule_belongs() {
    let record = Record::test("me", Phase::RolledBack);
    assert_eq!(
        record.end_flip("me", "me"),
        EndFlip::Overtaken(Environment::Blue)
    );
    let newer = Record::test("newer", Phase::Watching);
    assert_eq!(
        newer.end_flip("me", "me"),
        EndFlip::Overtaken(Environment::Green)
    );
}
