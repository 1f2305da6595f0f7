//! The tests of `flip.rs`.

use super::*;
use crate::fixtures::{NEW, at, begun, deploying, execution, id, owner, passed, proven};
use crate::release::PassedSmoke;

#[test]
fn a_flip_takes_the_lease_and_releases_it() {
    let flipping = begun(proven().begin_flip(&execution("me"), &id("me"), NEW, at(10), at(30)));
    assert_eq!(
        flipping.live_lease(at(29)).map(|lease| lease.retried),
        Some(false)
    );
    let EndFlip::Ended(watching) = flipping.end_flip(&owner("me"), &id("me")) else {
        panic!("did not end")
    };
    assert_eq!(watching.lease, None);
    assert_eq!(
        watching.release.as_ref().map(|r| (r.phase, r.flipped_at)),
        Some((Phase::Watching, Some(at(10))))
    );
    assert_eq!(
        watching.end_flip(&owner("me"), &id("me")),
        EndFlip::AlreadyEnded
    );
    assert!(matches!(
        watching.begin_flip(&execution("me"), &id("me"), NEW, at(11), at(31)),
        BeginFlip::AlreadyDone(_)
    ));
}

#[test]
fn a_retried_flip_keeps_its_lease_and_its_first_moment() {
    let first = begun(proven().begin_flip(&execution("me"), &id("me"), NEW, at(10), at(30)));
    let second = begun(first.begin_flip(&execution("me"), &id("me"), NEW, at(12), at(32)));
    let EndFlip::Ended(watching) = second.end_flip(&owner("me"), &id("me")) else {
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
    let outcome = proven().begin_flip(&execution("other"), &id("me"), NEW, at(10), at(30));
    assert!(
        matches!(outcome, BeginFlip::Refused(reason) if reason.as_str().contains("does not hold"))
    );
    let outcome = proven().begin_flip(&execution("me"), &id("older"), NEW, at(10), at(30));
    assert!(matches!(outcome, BeginFlip::Refused(reason) if reason.as_str().contains("older")));
}

#[test]
fn a_flip_that_was_overtaken_learns_where_the_rules_belong() {
    let record = Record::test("me", Phase::RolledBack);
    assert_eq!(
        record.end_flip(&owner("me"), &id("me")),
        EndFlip::Overtaken(Environment::Blue)
    );
    let newer = Record::test("newer", Phase::Watching);
    assert_eq!(
        newer.end_flip(&owner("me"), &id("me")),
        EndFlip::Overtaken(Environment::Green)
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
        let begin = record.begin_flip(&execution("me"), &id("me"), revision, at(10), at(30));
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
        record.begin_flip(&execution("me"), &id("me"), None, at(11), at(31))
    };
    assert!(matches!(begin(Phase::Flipping), BeginFlip::Begun { .. }));
    assert!(matches!(begin(Phase::Watching), BeginFlip::AlreadyDone(_)));
}
