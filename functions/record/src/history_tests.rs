//! The tests of `history.rs`.

use super::*;
use crate::fixtures::{at, release};
use serde_dynamo::{AttributeValue, Item, from_item, to_item};

fn ending(later: bool) -> Ending {
    let end = None;
    let mut release = release("r1");
    release.reason = Some("because".to_owned());
    Ending {
        release,
        later,
        end,
    }
}

fn item(days: u32) -> Item {
    to_item(HistoryItem::of(&ending(false), at(100), days)).expect("an item")
}

#[test]
fn an_item_expires_only_where_the_stack_says_so() {
    assert!(!item(0).contains_key(EXPIRES_AT));
    let expires = AttributeValue::N((1_800_000_100 + 30 * 86_400).to_string());
    assert_eq!(
        item(30).get(EXPIRES_AT),
        Some(&expires),
        "a number, in seconds"
    );
}

#[test]
fn an_item_is_read_as_the_release_that_it_was() {
    let read: Release = from_item(item(30)).expect("a release");
    assert_eq!(read, ending(false).release);
}

/// One query gives the latest first: of a release that was flipped back later, that comes before its end.
#[test]
fn the_flip_back_after_an_end_has_an_item_of_its_own_behind_it() {
    let (end, later) = (key(&ending(false)), key(&ending(true)));
    assert_eq!(end, "release#2027-01-15T08:00:00+00:00#r1");
    assert_eq!(later, format!("{end}#flip-back"));
    let mut next = ending(false);
    next.release.claimed_at = at(1);
    assert!(end < later && later < key(&next));
}
