//! The tests of `decided.rs`: what people have said stays in the record, and changes nothing else.

use super::*;
use crate::approval::ApprovalBefore;
use crate::ending::Ending;
use crate::fixtures::people::{
    approval, frozen, gated, having, held, opened, refused, taken, with_newer, word,
};
use crate::fixtures::{at, id, request, watching_at};
use crate::{Before, Decided, HoldBack};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// A watched release about which everything has been said that can be.
fn said() -> Record {
    let watching = having(&watching_at(100), |it| it.freeze_after_rollback = true);
    let finished = taken(watching.finish_watch(&id("me"), &word("bob", 15), at(16)));
    let resumed = taken(held(&finished).resume(&id("me"), &word("cyd", 30), at(31)));
    let open = opened(
        &gated(&resumed, approval(&[ApprovalBefore::Finish])),
        Before::Finish,
    );
    let approved = taken(open.approve(&id("me"), Some("finish"), &word("ann", 110), at(111)));
    let stopped = taken(approved.stop(&id("me"), &word("dan", 120)));
    let push = request("newer", 130);
    let held_back = frozen(&with_newer(&stopped)).hold_back(&push, Some("v2"), at(131));
    let HoldBack::HeldBack(record) = held_back else {
        panic!("not held back: {held_back:?}")
    };
    record
}

#[test]
fn what_people_have_said_survives_the_way_to_the_table_and_back() {
    let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(said()).expect("an item");
    for name in ["gate", "freeze", "heldBack"] {
        assert!(item.contains_key(name), "{name}");
    }
    let release = item["release"].as_m().expect("a release");
    for name in [
        "approval",
        "hold",
        "heldSeconds",
        "finished",
        "stop",
        "freezeAfterRollback",
        "heeds",
    ] {
        assert!(release.contains_key(name), "{name}");
    }
    let gate = item["gate"].as_m().expect("a gate");
    assert_eq!(gate["before"].as_s().map(String::as_str), Ok("finish"));
    let read: Record = serde_dynamo::from_item(item).expect("a record");
    assert_eq!(read, said());
}

#[test]
fn what_people_say_ends_no_release_by_itself() {
    assert_eq!(Ending::of(&watching_at(100), &said()), None);
}

#[test]
fn a_word_about_a_release_that_the_record_does_not_know_has_no_effect() {
    let (other, word) = (id("other"), word("ann", 900));
    let decisions: [fn(&Record, &ReleaseId, &Decision) -> Decided; 6] = [
        |record, id, word| record.approve(id, None, word, at(901)),
        |record, id, word| record.reject(id, None, word, at(901)),
        |record, id, word| record.hold(id, word, 100, at(901)),
        |record, id, word| record.resume(id, word, at(901)),
        |record, id, word| record.finish_watch(id, word, at(901)),
        |record, id, word| record.stop(id, word),
    ];
    for decide in decisions {
        refused(&decide(&said(), &other, &word), "release other");
        refused(&decide(&Record::default(), &other, &word), "release other");
    }
}

/// Its machine would flip back what is held, and never read that its watch was ended. A stop needs nothing of it.
#[test]
fn a_release_of_an_older_machine_is_neither_held_nor_finished_and_can_be_stopped() {
    let older = having(&watching_at(10), |it| it.heeds = false);
    let word = word("ann", 20);
    let expect = "release me runs an older definition of the machine, which does not heed people: stop it, or let it end";
    refused(&older.hold(&id("me"), &word, 100, at(21)), expect);
    refused(&older.finish_watch(&id("me"), &word, at(21)), expect);
    taken(older.stop(&id("me"), &word));
}

#[test]
fn a_record_of_an_earlier_version_belongs_to_a_machine_that_heeds_nobody() {
    let mut item: HashMap<String, AttributeValue> = serde_dynamo::to_item(said()).expect("an item");
    let release = item.get_mut("release").expect("a release");
    let AttributeValue::M(fields) = release else {
        panic!("not a map: {release:?}")
    };
    fields.remove("heeds").expect("a field");
    let read: Record = serde_dynamo::from_item(item).expect("a record");
    assert!(!read.release.expect("a release").heeds);
}
