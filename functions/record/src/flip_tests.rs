//! The tests of `flip.rs`.

use super::*;
use crate::end_flip::EndFlip;
use crate::fixtures::{NEW, at, begun, deploying, flip, id, owner, passed, proven};
use crate::release::PassedSmoke;

#[test]
fn a_flip_takes_the_lease_and_releases_it() {
    let flipping = begun(flip(&proven(), "me", "me", NEW, 10));
    assert_eq!(
        flipping.live_lease(at(29)).map(|lease| lease.retried),
        Some(false)
    );
    let EndFlip::Ended(watching) = flipping.end_flip(&owner("me"), &id("me"), Share::ALL) else {
        panic!("did not end")
    };
    assert_eq!(watching.lease, None);
    assert_eq!(
        watching.release.as_ref().map(|r| (r.phase, r.flipped_at)),
        Some((Phase::Watching, Some(at(10))))
    );
    assert_eq!(
        watching.end_flip(&owner("me"), &id("me"), Share::ALL),
        EndFlip::AlreadyEnded
    );
    assert!(matches!(
        flip(&watching, "me", "me", NEW, 11),
        BeginFlip::AlreadyDone(_)
    ));
}

#[test]
fn a_retried_flip_keeps_its_lease_and_its_first_moment() {
    let first = begun(flip(&proven(), "me", "me", NEW, 10));
    let second = begun(flip(&first, "me", "me", NEW, 12));
    let EndFlip::Ended(watching) = second.end_flip(&owner("me"), &id("me"), Share::ALL) else {
        panic!("did not end")
    };
    assert_eq!(
        watching.live_lease(at(31)).map(|lease| lease.retried),
        Some(true)
    );
    assert_eq!(watching.release.and_then(|r| r.flipped_at), Some(at(10)));
}

#[test]
fn only_the_holder_flips() {
    let outcome = flip(&proven(), "other", "me", NEW, 10);
    assert!(
        matches!(outcome, BeginFlip::Refused(reason) if reason.as_str().contains("does not hold"))
    );
    let outcome = flip(&proven(), "me", "older", NEW, 10);
    assert!(matches!(outcome, BeginFlip::Refused(reason) if reason.as_str().contains("older")));
}

#[test]
fn a_flip_that_was_overtaken_learns_where_the_rules_belong() {
    let record = Record::test("me", Phase::RolledBack);
    assert_eq!(
        record.end_flip(&owner("me"), &id("me"), Share::ALL),
        EndFlip::Overtaken(record.release.clone().expect("a release"))
    );
    let newer = Record::test("newer", Phase::Watching);
    assert_eq!(
        newer.end_flip(&owner("me"), &id("me"), Share::ALL),
        EndFlip::Overtaken(newer.release.clone().expect("a release"))
    );
}

/// A release `me` of which the record says this.
fn saying(passed_smoke: Option<PassedSmoke>) -> Record {
    let mut record = deploying();
    record.release.as_mut().expect("a release").passed_smoke = passed_smoke;
    record
}

#[test]
fn a_flip_begins_only_with_what_the_record_says_has_passed_the_smoke_test() {
    let check = |record: &Record, revision, words: &str| {
        let begin = flip(record, "me", "me", revision, 10);
        let refused =
            matches!(&begin, BeginFlip::Refused(refusal) if refusal.as_str().contains(words));
        assert!(refused, "{begin:?}");
    };
    let untested = "the record does not say that release me passed the smoke test";
    check(&deploying(), NEW, untested);
    check(&deploying(), NEW, "release its image again");
    check(&proven(), Some("other"), "with other: it did with new");
    check(&proven(), None, "not named");
    let of_another = saying(Some(passed("another", "new")));
    check(&of_another, NEW, "tested by another");
    let of_old = PassedSmoke {
        digest: "sha256:old".into(),
        ..passed("me", "new")
    };
    check(&saying(Some(of_old)), NEW, "sha256:old");
}

/// Its first try has the word of the record, or is of a version that did not ask for it.
#[test]
fn a_flip_that_has_begun_goes_on_without_the_word_of_the_record() {
    let begin = |phase| {
        let record = Record::test("me", phase);
        flip(&record, "me", "me", None, 11)
    };
    assert!(matches!(begin(Phase::Flipping), BeginFlip::Begun { .. }));
    assert!(matches!(begin(Phase::Watching), BeginFlip::AlreadyDone(_)));
}
