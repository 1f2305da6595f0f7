//! The tests of `hold.rs`.

use super::*;
use crate::fixtures::people::{having, held, refused, taken, taken_before, word};
use crate::fixtures::{at, id, proven, shift, watching_at};
use crate::flip::BeginFlip;
use crate::phase::Phase;

/// Holds release `me` for 100 s in all.
fn hold(record: &Record, by: &str, said_at: i64) -> Decided {
    record.hold(&id("me"), &word(by, said_at), 100, at(said_at + 1))
}

fn resume(record: &Record, by: &str, said_at: i64) -> Decided {
    record.resume(&id("me"), &word(by, said_at), at(said_at))
}

fn until(record: &Record, now: i64) -> Option<Time> {
    let release = record.release.as_ref().expect("a release");
    release.held_at(at(now)).map(|hold| hold.until)
}

#[test]
fn a_release_is_held_until_somebody_resumes_it_or_its_time_is_over() {
    for record in [proven(), watching_at(10)] {
        let held = taken(hold(&record, "ann", 20));
        assert_eq!(until(&held, 119), Some(at(120)));
        assert_eq!(until(&held, 120), None);
        let resumed = taken(resume(&held, "bob", 50));
        assert_eq!(until(&resumed, 50), None);
    }
}

#[test]
fn a_new_hold_lasts_what_is_left_of_the_time_for_all() {
    let resumed = taken(resume(&held(&watching_at(10)), "bob", 50));
    let again = taken(hold(&resumed, "ann2", 200));
    assert_eq!(until(&again, 210), Some(at(270)));
    let resumed = taken(resume(&again, "bob2", 210));
    assert_eq!(
        until(&taken(hold(&resumed, "ann3", 300)), 301),
        Some(at(360))
    );
    // A hold whose time is over has used all of it.
    refused(
        &hold(&held(&watching_at(10)), "ann2", 300),
        "was held for 100 s of 100 s",
    );
    refused(&hold(&again, "ann3", 300), "no hold is left");
}

#[test]
fn the_same_word_again_changes_nothing() {
    let held = held(&watching_at(10));
    taken_before(&hold(&held, "ann", 20), "ann");
    taken_before(&hold(&held, "cyd", 30), "ann");
    let resumed = taken(resume(&held, "bob", 50));
    taken_before(&resume(&resumed, "bob", 50), "bob");
    taken_before(&resume(&resumed, "cyd", 60), "bob");
    // The first try was taken, and somebody has resumed since: the retry does not hold the release again.
    taken_before(&hold(&resumed, "ann", 20), "ann");
    let ended = having(&resumed, |release| release.phase = Phase::Stable);
    taken_before(&hold(&ended, "ann", 20), "ann");
    taken_before(&resume(&ended, "bob", 50), "bob");
}

#[test]
fn the_later_word_counts() {
    let held = held(&watching_at(10));
    for said_at in [10, 20] {
        refused(&resume(&held, "bob", said_at), "The later word counts");
    }
    let resumed = taken(resume(&held, "bob", 50));
    refused(&hold(&resumed, "cyd", 40), "it was resumed at");
    let again = taken(hold(&resumed, "ann2", 70));
    refused(&resume(&again, "cyd", 60), "it was held at");
    refused(&resume(&proven(), "bob", 50), "is not held");
    refused(&resume(&held, "bob", 130), "its hold ended at");
}

#[test]
fn only_a_release_that_goes_forward_can_be_held() {
    for (phase, expect) in [
        (Phase::Stable, "has ended: it is stable"),
        (Phase::RollingBack, "is being flipped back"),
        (Phase::RolledBack, "has ended: it is rolled back"),
    ] {
        let record = having(&watching_at(10), |release| release.phase = phase);
        refused(&hold(&record, "ann", 20), expect);
        refused(&resume(&record, "ann", 20), expect);
    }
    let left = Record {
        holder: None,
        ..watching_at(10)
    };
    refused(&hold(&left, "ann", 20), "has ended: it is watching");
    let stopped = taken(watching_at(10).stop(&id("me"), &word("bob", 15)));
    refused(&hold(&stopped, "ann", 20), "was stopped by bob");
    let other = watching_at(10).hold(&id("other"), &word("ann", 20), 100, at(21));
    refused(&other, "speaks of release me, not of release other");
    let sync = having(&proven(), |release| release.sync = true);
    refused(&hold(&sync, "ann", 20), "is a sync");
}

#[test]
fn a_held_release_neither_begins_its_flip_nor_passes_a_step() {
    let waits = |record: &Record, percent, now| {
        let flip = shift(record, percent, now);
        let BeginFlip::Held { until, reason } = flip else {
            panic!("not held: {flip:?}")
        };
        assert_eq!(until, at(120));
        assert!(reason.as_str().contains("is held until"), "{reason}");
    };
    waits(&held(&proven()), 10, 50);
    let passed = having(&watching_at(10), |it| it.passed_share = it.share);
    waits(&held(&passed), 50, 50);
    assert!(shift(&held(&proven()), 10, 120).record().is_some());
    assert!(shift(&held(&passed), 50, 120).record().is_some());
    // A flip that has begun goes on, and the one that is done stays done.
    let flipping = held(&crate::fixtures::begun(shift(&proven(), 10, 10)));
    assert!(shift(&flipping, 10, 40).record().is_some());
    assert!(matches!(
        shift(&held(&passed), 10, 50),
        BeginFlip::AlreadyDone(_)
    ));
    let pass = |now| {
        let me = crate::fixtures::execution("me");
        held(&watching_at(10)).pass_step(&id("me"), &me, crate::fixtures::share(10), at(now))
    };
    assert!(matches!(pass(50), crate::PassStep::Waits(_)));
    assert!(matches!(pass(120), crate::PassStep::Recorded(_)));
}

#[test]
fn what_is_held_does_not_end_stable_and_is_still_flipped_back() {
    use crate::fixtures::{execution, owner};
    use crate::{Finish, FlipBackCause, Outcome};
    let held = held(&watching_at(100));
    let finish = |outcome, now| held.finish(&execution("me"), outcome, &"x".into(), at(now));
    assert!(matches!(finish(Outcome::Stable, 50), Finish::Waits(_)));
    assert!(matches!(finish(Outcome::Stable, 120), Finish::Finished(_)));
    assert!(matches!(finish(Outcome::Failed, 50), Finish::Finished(_)));
    let cause = FlipBackCause::Release(id("me"));
    let back = held.begin_flip_back(&owner("me"), &cause, &"bad".into(), at(50), at(70));
    assert!(matches!(back, BeginFlip::Begun { .. }), "{back:?}");
}
