//! The tests of `finish_early.rs`.

use super::*;
use crate::approval::ApprovalBefore;
use crate::fixtures::people::{
    approval, gated, having, heed, held, opened, refused, taken, taken_before, word,
};
use crate::fixtures::{at, begun, ended, execution, id, proven, share, shift, watching_at};
use crate::heed::Heed;
use crate::{Before, PassStep};

fn finish(record: &Record, by: &str, said_at: i64) -> Decided {
    record.finish_watch(&id("me"), &word(by, said_at), at(said_at + 1))
}

/// Whether the release's own execution hears at 50 s that a person has ended the watch.
fn hears(record: &Record) -> bool {
    match heed(record, None, false, 50).1 {
        Heed::GoOn { finish } | Heed::Waits { finish, .. } => finish,
        Heed::Ends(reason) => panic!("ends: {reason}"),
    }
}

#[test]
fn a_person_ends_the_watch_at_the_present_share_only() {
    assert!(!hears(&watching_at(10)));
    let finished = taken(finish(&watching_at(10), "ann", 20));
    assert!(hears(&finished));
    let me = execution("me");
    let passed = finished.pass_step(&id("me"), &me, share(10), at(50));
    let passed = passed.record().expect("passed");
    let larger = ended(&begun(shift(&passed, 50, 60)), 50);
    assert!(!hears(&larger));
    assert_eq!(
        larger.release.as_ref().and_then(|it| it.passed_share),
        Some(share(10))
    );
    assert!(matches!(
        larger.pass_step(&id("me"), &me, share(10), at(70)),
        PassStep::AlreadyRecorded
    ));
    // The old word, delivered again, does not act on the larger share.
    taken_before(&finish(&larger, "ann", 20), "ann");
    assert!(hears(&taken(finish(&larger, "bob", 70))));
}

#[test]
fn the_same_word_again_changes_nothing() {
    let finished = taken(finish(&watching_at(10), "ann", 20));
    taken_before(&finish(&finished, "ann", 20), "ann");
    taken_before(&finish(&finished, "bob", 30), "ann");
    let stable = having(&finished, |release| release.phase = Phase::Stable);
    taken_before(&finish(&stable, "ann", 20), "ann");
    refused(&finish(&stable, "bob", 30), "has ended: it is stable");
}

#[test]
fn a_word_from_before_the_share_does_not_end_its_watch() {
    for said_at in [5, 10] {
        refused(
            &finish(&watching_at(10), "ann", said_at),
            "has 10 % of the traffic only since",
        );
    }
}

#[test]
fn only_a_watch_can_be_finished() {
    refused(
        &finish(&proven(), "ann", 20),
        "is deploying: only a watch can be finished",
    );
    for (phase, expect) in [
        (Phase::Flipping, "is flipping"),
        (Phase::RollingBack, "is being flipped back"),
        (Phase::RolledBack, "has ended"),
    ] {
        let record = having(&watching_at(10), |release| release.phase = phase);
        refused(&finish(&record, "ann", 20), expect);
    }
    let stopped = taken(watching_at(10).stop(&id("me"), &word("bob", 15)));
    refused(&finish(&stopped, "ann", 20), "was stopped by bob");
    let other = watching_at(10).finish_watch(&id("other"), &word("ann", 20), at(21));
    refused(&other, "not of release other");
}

#[test]
fn a_watch_is_not_finished_while_something_else_is_to_be_said_first() {
    refused(
        &finish(&held(&watching_at(10)), "bob", 30),
        "Resume it first",
    );
    taken(finish(&held(&watching_at(10)), "bob", 120));
    let watching = gated(&watching_at(100), approval(&[ApprovalBefore::Finish]));
    let open = opened(&watching, Before::Finish);
    refused(
        &finish(&open, "ann", 110),
        "waits at the gate `finish`: approve or reject it",
    );
    // Said before the gate opens, it does not take the place of the approval.
    let finished = taken(finish(&watching, "ann", 40));
    let (opened, heed) = heed(&finished, Some(Before::Finish), true, 50);
    assert!(
        opened.is_some() && matches!(heed, Heed::Waits { finish: true, .. }),
        "{heed:?}"
    );
}

#[test]
fn what_is_finished_can_still_be_held_and_goes_on_after_that() {
    let held = held(&taken(finish(&watching_at(10), "bob", 15)));
    assert!(hears(&held));
    let pass = |now| held.pass_step(&id("me"), &execution("me"), share(10), at(now));
    assert!(matches!(pass(50), PassStep::Waits(_)));
    assert!(matches!(pass(120), PassStep::Recorded(_)));
}
