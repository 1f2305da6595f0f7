//! The tests of `held_back.rs`.

use super::*;
use crate::claim::Claim;
use crate::fixtures::people::{frozen, taken, word};
use crate::fixtures::{at, claim, proven, release, request, stable};

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
