//! The tests of `flip.rs`.

use super::*;
use crate::fixtures::{at, begun, deploying, execution, id, owner};

#[test]
fn a_flip_takes_the_lease_and_releases_it() {
    let flipping = begun(deploying().begin_flip(&execution("me"), &id("me"), at(10), at(30)));
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
        watching.begin_flip(&execution("me"), &id("me"), at(11), at(31)),
        BeginFlip::AlreadyDone(_)
    ));
}

#[test]
fn a_retried_flip_keeps_its_lease_and_its_first_moment() {
    let first = begun(deploying().begin_flip(&execution("me"), &id("me"), at(10), at(30)));
    let second = begun(first.begin_flip(&execution("me"), &id("me"), at(12), at(32)));
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
    let outcome = deploying().begin_flip(&execution("other"), &id("me"), at(10), at(30));
    assert!(
        matches!(outcome, BeginFlip::Refused(reason) if reason.as_str().contains("does not hold"))
    );
    let outcome = deploying().begin_flip(&execution("me"), &id("older"), at(10), at(30));
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
