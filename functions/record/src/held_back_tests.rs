//! The tests of `held_back.rs`.

use super::*;
use crate::claim::Claim;
use crate::fixtures::people::{frozen, taken, word};
use crate::fixtures::{at, claim, execution, proven, release, request, stable, watching_at};
use crate::{Finish, Outcome};

fn hold_back(record: &Record, name: &str, made_at: i64) -> HoldBack {
    record.hold_back(&request(name, made_at), Some("v1"), at(50))
}

fn held_back(record: &Record, name: &str, made_at: i64) -> Record {
    hold_back(record, name, made_at)
        .record()
        .expect("held back")
}

fn to_name(record: &Record) -> Option<&str> {
    let held_back = record.held_back.as_ref();
    held_back.map(|it| it.request.execution.as_str())
}

#[test]
fn a_push_while_frozen_becomes_the_newest_request_and_is_held_back() {
    let first = held_back(&frozen(&stable(1)), "first", 30);
    assert_eq!(first.newest, Some(request("first", 30)));
    assert_eq!(to_name(&first), Some("first"));
    assert_eq!(hold_back(&first, "first", 30), HoldBack::HeldBackBefore);
    let second = held_back(&first, "second", 40);
    assert_eq!(to_name(&second), Some("second"));
    let overtaken = hold_back(&second, "first", 30);
    assert!(matches!(
        overtaken,
        HoldBack::Overtaken(Enqueued::Superseded { .. })
    ));
}

#[test]
fn a_request_that_waits_as_the_freeze_begins_is_held_back_too() {
    let waits = Record {
        newest: Some(request("waiting", 10)),
        ..stable(1)
    };
    assert_eq!(hold_back(&waits, "waiting", 10), HoldBack::NotFrozen);
    assert_eq!(
        to_name(&held_back(&frozen(&waits), "waiting", 10)),
        Some("waiting")
    );
}

#[test]
fn a_release_that_was_claimed_before_is_not_held_back() {
    assert_eq!(hold_back(&frozen(&proven()), "me", 0), HoldBack::NotFrozen);
}

#[test]
fn what_was_held_back_does_not_begin_after_the_freeze_either() {
    let held_back = Record {
        holder: None,
        ..held_back(&frozen(&stable(1)), "first", 30)
    };
    let unfrozen = taken(held_back.unfreeze(&word("bob", 40), at(41)));
    assert_eq!(hold_back(&unfrozen, "first", 30), HoldBack::HeldBackBefore);
    let claim = claim(&unfrozen, &release("first"), None, 7, 50);
    assert_eq!(claim, Claim::NotNewest);
}

/// A request of an operator, which names no push.
fn by_operator(name: &str, made_at: i64) -> QueuedRequest {
    QueuedRequest {
        pushed_digest: None,
        ..request(name, made_at)
    }
}

#[test]
fn what_was_held_back_is_named_although_an_operator_requests_something_else() {
    let held_back = held_back(&frozen(&stable(1)), "first", 30);
    let Enqueued::Newest(urgent) = held_back.enqueue(&by_operator("urgent", 40)) else {
        panic!("not the newest")
    };
    assert_eq!(to_name(&urgent), Some("first"));
    assert_eq!(hold_back(&urgent, "first", 30), HoldBack::HeldBackBefore);
    let unfrozen = taken(urgent.unfreeze(&word("bob", 60), at(61)));
    let Enqueued::Newest(pushed) = unfrozen.enqueue(&request("next", 70)) else {
        panic!("not the newest")
    };
    assert_eq!(to_name(&pushed), None);
}

/// The record after the release `me` of this image has ended stable.
fn ended_stable(digest: &str, held_back: &HeldBack) -> Record {
    let mut record = Record {
        held_back: Some(held_back.clone()),
        ..watching_at(100)
    };
    record.release.as_mut().expect("a release").to_digest = digest.into();
    let finish = record.finish(&execution("me"), Outcome::Stable, &"healthy".into(), at(60));
    let Finish::Finished(ended) = finish else {
        panic!("not finished: {finish:?}")
    };
    ended
}

#[test]
fn what_was_held_back_is_named_until_its_build_is_stable() {
    let held_back = HeldBack {
        request: QueuedRequest {
            pushed_members: vec!["sha256:amd64".into()],
            ..request("first", 30)
        },
        tag: None,
    };
    for (digest, named) in [
        ("sha256:urgent", Some("first")),
        ("sha256:first", None),
        ("sha256:amd64", None),
    ] {
        assert_eq!(
            to_name(&ended_stable(digest, &held_back)),
            named,
            "{digest}"
        );
    }
}

#[test]
fn what_was_held_back_is_named_until_something_newer_takes_its_place() {
    let held_back = held_back(&frozen(&stable(1)), "first", 30);
    let unfrozen = taken(held_back.unfreeze(&word("bob", 60), at(61)));
    assert_eq!(to_name(&unfrozen), Some("first"));
    let Enqueued::Newest(next) = unfrozen.enqueue(&request("next", 70)) else {
        panic!("not the newest")
    };
    assert_eq!(to_name(&next), None);
    for frozen in [held_back, unfrozen] {
        let again = taken(frozen.begin_freeze(&word("cyd", 80), None, at(81)));
        assert_eq!(to_name(&again), Some("first"));
    }
}
