//! The tests of `finish.rs`.

use super::*;
use crate::fixtures::{at, execution, watching_at};
use crate::phase::Phase;

#[test]
fn a_release_ends_in_the_phase_that_tells_where_traffic_is() {
    let check = |phase, outcome, expect| {
        let finish =
            Record::test("me", phase).finish(&execution("me"), outcome, &"because".into(), at(50));
        let (Finish::Finished(record) | Finish::RolledBackMeanwhile(record)) = finish else {
            panic!("not holder")
        };
        assert_eq!(
            (record.holder, record.release.map(|r| r.phase)),
            (None, Some(expect))
        );
    };
    check(Phase::Watching, Outcome::Stable, Phase::Stable);
    check(Phase::Deploying, Outcome::Failed, Phase::Failed);
    check(Phase::Watching, Outcome::Failed, Phase::Watching);
    check(Phase::RolledBack, Outcome::RolledBack, Phase::RolledBack);
    check(Phase::RolledBack, Outcome::Stable, Phase::RolledBack);
}

#[test]
fn a_flip_back_that_won_the_race_is_not_recorded_as_stable() {
    let finish = Record::test("me", Phase::RolledBack).finish(
        &execution("me"),
        Outcome::Stable,
        &"healthy".into(),
        at(50),
    );
    assert!(matches!(finish, Finish::RolledBackMeanwhile(record) if record.holder.is_none()));
}

#[test]
fn a_release_that_is_being_flipped_back_is_neither_recorded_nor_given_back() {
    let finish = Record::test("me", Phase::RollingBack).finish(
        &execution("me"),
        Outcome::Stable,
        &"healthy".into(),
        at(50),
    );
    assert_eq!(finish, Finish::NotHolder(Some(Phase::RollingBack)));
}

#[test]
fn a_release_with_a_part_of_the_traffic_does_not_end_stable() {
    let finish =
        |outcome| watching_at(10).finish(&execution("me"), outcome, &"because".into(), at(50));
    assert_eq!(
        finish(Outcome::Stable),
        Finish::NotHolder(Some(Phase::Watching))
    );
    // A refused flip back leaves it as it is, for somebody to undo by hand.
    let Finish::Finished(left) = finish(Outcome::Failed) else {
        panic!("not finished")
    };
    let phase = left.release.map(|it| it.phase);
    assert_eq!((left.holder, phase), (None, Some(Phase::Watching)));
}

#[test]
fn only_the_holder_ends_a_release() {
    let record = Record::test("me", Phase::Watching);
    assert_eq!(
        record.finish(
            &execution("other"),
            Outcome::Failed,
            &"because".into(),
            at(50)
        ),
        Finish::NotHolder(None)
    );
}
