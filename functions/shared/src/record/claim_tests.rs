//! The tests of `claim.rs`.

use super::super::fixtures::{at, release, request};
use super::*;

fn newest(execution: &str, made_at: i64) -> Record {
    Record {
        newest: Some(request(execution, made_at)),
        ..Record::default()
    }
}

#[test]
fn the_first_request_is_the_newest() {
    let Arrival::Newest(record) = Record::default().arrive(&request("a", 5)) else {
        panic!("not the newest")
    };
    assert_eq!(record.newest, Some(request("a", 5)));
    assert_eq!(record.arrive(&request("a", 5)), Arrival::Known);
}

#[test]
fn an_older_push_is_superseded_however_late_it_arrives() {
    assert_eq!(
        newest("b", 6).arrive(&request("a", 5)),
        Arrival::Superseded {
            by: request("b", 6)
        }
    );
    assert!(matches!(
        newest("a", 5).arrive(&request("b", 6)),
        Arrival::Newest(_)
    ));
}

#[test]
fn pushes_of_one_second_are_ordered_by_their_start() {
    let later = Request {
        started_at: at(6),
        ..request("b", 5)
    };
    assert!(matches!(newest("z", 5).arrive(&later), Arrival::Newest(_)));
}

#[test]
fn one_push_delivered_twice_is_a_duplicate() {
    let again = Request {
        execution: "b".to_owned(),
        ..request("a", 5)
    };
    assert_eq!(
        newest("a", 5).arrive(&again),
        Arrival::Duplicate {
            of: request("a", 5)
        }
    );
}

#[test]
fn the_newest_claims_a_free_record() {
    let Claim::Claimed { record, abandoned } =
        newest("me", 0).claim("me", &release("me"), None, 0, at(3))
    else {
        panic!("not claimed")
    };
    assert_eq!((record.holder.as_deref(), abandoned), (Some("me"), None));
    assert_eq!(
        record.release.as_ref().map(|r| (r.phase, r.claimed_at)),
        Some((Phase::Deploying, at(3)))
    );
    assert!(
        matches!(
            record.claim("me", &release("me"), None, 0, at(4)),
            Claim::Mine(_)
        ),
        "a retry is a no-op"
    );
}

#[test]
fn a_claim_waits_for_holder_and_writer_and_yields_to_a_newer_request() {
    let held = Record {
        newest: Some(request("me", 9)),
        ..Record::test("old", Phase::Watching)
    };
    assert_eq!(
        held.claim("me", &release("me"), None, 7, at(20)),
        Claim::Held {
            by: "old".to_owned()
        }
    );
    let writing = held.written_by("old", 30);
    assert_eq!(
        writing.claim("me", &release("me"), Some("old"), 7, at(20)),
        Claim::WriterMayBeAlive { until: at(30) }
    );
    let Claim::Claimed { abandoned, .. } =
        writing.claim("me", &release("me"), Some("old"), 7, at(31))
    else {
        panic!("not claimed")
    };
    assert_eq!(abandoned.as_deref(), Some("old"));
    assert_eq!(
        newest("b", 6).claim("me", &release("me"), None, 0, at(7)),
        Claim::NotNewest
    );
}

/// An alarm flips the last release back between the look at the rules and the claim: what was idle is active now.
#[test]
fn a_claim_does_not_trust_a_look_from_before_the_record_changed() {
    let stable = Record {
        newest: Some(request("me", 9)),
        holder: None,
        ..Record::test("old", Phase::Stable)
    };
    let seen = stable.version;
    let mut rolled_back = stable.clone();
    rolled_back.version += 2;
    rolled_back.release.as_mut().expect("a release").phase = Phase::RolledBack;
    let claim = |record: &Record, seen| record.claim("me", &release("me"), None, seen, at(20));
    assert_eq!(claim(&rolled_back, seen), Claim::Changed);
    assert!(matches!(
        claim(&rolled_back, rolled_back.version),
        Claim::Claimed { .. }
    ));
}

#[test]
fn a_release_ends_in_the_phase_that_tells_where_traffic_is() {
    let check = |phase, outcome, expect| {
        let finish = Record::test("me", phase).finish("me", outcome, "because");
        let (Finish::Finished(record) | Finish::WentBack(record)) = finish else {
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
    let finish = Record::test("me", Phase::RolledBack).finish("me", Outcome::Stable, "healthy");
    assert!(matches!(finish, Finish::WentBack(record) if record.holder.is_none()));
}

#[test]
fn a_release_that_is_being_flipped_back_is_neither_recorded_nor_given_back() {
    let finish = Record::test("me", Phase::RollingBack).finish("me", Outcome::Stable, "healthy");
    assert_eq!(finish, Finish::NotHolder(Some(Phase::RollingBack)));
}

#[test]
fn only_the_holder_ends_a_release() {
    let record = Record::test("me", Phase::Watching);
    assert_eq!(
        record.finish("other", Outcome::Failed, "because"),
        Finish::NotHolder(None)
    );
}
