//! The tests of `order.rs`.

use super::*;
use crate::fixtures::{at, execution, request};

fn newest(name: &str, made_at: i64) -> Record {
    Record {
        newest: Some(request(name, made_at)),
        ..Record::default()
    }
}

#[test]
fn the_first_request_is_the_newest() {
    let Enqueued::Newest(record) = Record::default().enqueue(&request("a", 5)) else {
        panic!("not the newest")
    };
    assert_eq!(record.newest, Some(request("a", 5)));
    assert_eq!(record.enqueue(&request("a", 5)), Enqueued::AlreadyEnqueued);
}

#[test]
fn an_older_push_is_superseded_however_late_it_arrives() {
    assert_eq!(
        newest("b", 6).enqueue(&request("a", 5)),
        Enqueued::Superseded {
            by: request("b", 6)
        }
    );
    assert!(matches!(
        newest("a", 5).enqueue(&request("b", 6)),
        Enqueued::Newest(_)
    ));
}

#[test]
fn pushes_of_one_second_are_ordered_by_their_start() {
    let later = QueuedRequest {
        started_at: at(6),
        ..request("b", 5)
    };
    assert!(matches!(
        newest("z", 5).enqueue(&later),
        Enqueued::Newest(_)
    ));
}

#[test]
fn one_push_delivered_twice_is_a_duplicate() {
    let again = QueuedRequest {
        execution: execution("b"),
        ..request("a", 5)
    };
    assert_eq!(
        newest("a", 5).enqueue(&again),
        Enqueued::Duplicate {
            of: request("a", 5)
        }
    );
}

#[test]
fn a_stored_push_from_the_future_supersedes_no_later_one() {
    let future = QueuedRequest {
        made_at: at(2_270_908_800),
        ..request("a", 5)
    };
    let record = Record {
        newest: Some(future),
        ..Record::default()
    };
    let later = record.enqueue(&request("b", 6));
    assert!(matches!(later, Enqueued::Newest(_)), "{later:?}");
    let earlier = record.enqueue(&request("b", 4));
    assert!(
        matches!(earlier, Enqueued::Superseded { .. }),
        "{earlier:?}"
    );
}
