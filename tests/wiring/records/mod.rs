//! Records and history written before are still read, and written by the same names.
//!
//! `stored.json` holds items as an earlier version wrote them, one a line: the record in each phase, and an ended
//! release in each way in which one can end. No item is ever changed or removed here; a new shape is a new line.

use project::{Names, text};
use record::{Record, Release};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_dynamo::{Item, from_item, to_item};
use serde_json::Value;

/// Every way in which a release can be.
const PHASES: [&str; 8] = [
    "deploying",
    "failed",
    "flipping",
    "rolled-back",
    "rolling-back",
    "stable",
    "synced",
    "watching",
];

/// The items, and whether each is the record; the others are history.
fn stored() -> Vec<(bool, Value)> {
    let items: Vec<Value> = serde_json::from_str(include_str!("stored.json")).expect("items");
    let items = items.into_iter();
    items.map(|item| (item["item"] == "record", item)).collect()
}

/// What the table has beside a record or a release: the key, and when an item of the history was written and may go.
const OF_THE_TABLE: [&str; 4] = ["service", "item", "recordedAt", record::EXPIRES_AT];

/// Reads an item as the store does, and gives what the store would write of it, beside what is of the table.
fn written_again<T: Serialize + DeserializeOwned>(stored: &Value) -> Value {
    let item: Item = to_item(stored).expect("an item");
    let read: T = from_item(item).unwrap_or_else(|error| panic!("{error}: {stored}"));
    let item: Item = to_item(read).expect("an item");
    let mut written: Value = from_item(item).expect("a value");
    let of_the_table = OF_THE_TABLE.iter().filter(|key| stored.get(key).is_some());
    for key in of_the_table {
        written[key] = stored[key].clone();
    }
    written
}

#[test]
fn given_an_item_of_an_earlier_version_then_it_is_read_and_written_by_the_same_names() {
    for (is_record, item) in stored() {
        let written = if is_record {
            written_again::<Record>(&item)
        } else {
            written_again::<Release>(&item)
        };
        assert_eq!(written, item);
    }
}

#[test]
fn given_the_stored_items_then_every_phase_is_among_them() {
    let (records, history): (Vec<_>, Vec<_>) = stored().into_iter().partition(|(it, _)| *it);
    let records = records
        .iter()
        .filter_map(|(_, it)| it.pointer("/release/phase"));
    let history = history.iter().map(|(_, it)| &it["phase"]);
    let phases: Names = records.map(text).collect();
    assert_eq!(phases, PHASES.map(str::to_owned).into());
    // A release that is under way is no history.
    let ended = ["failed", "rolled-back", "stable", "synced"];
    assert_eq!(
        history.map(text).collect::<Names>(),
        ended.map(str::to_owned).into()
    );
}

/// Only items of the history have the attribute: tests of `record` hold that.
#[test]
fn given_the_table_then_it_expires_items_by_the_attribute_that_the_history_has() {
    let template = project::template();
    let resources = &template["Resources"];
    let expires = &resources["Records"]["Properties"]["TimeToLiveSpecification"];
    assert_eq!(expires["AttributeName"], record::EXPIRES_AT);
    assert_eq!(expires["Enabled"], true);
    // Both functions that change the record write the history.
    for function in ["Detect", "Flip"] {
        let variables = &resources[function]["Properties"]["Environment"]["Variables"];
        assert_eq!(
            variables["HISTORY_DAYS"]["Ref"], "HistoryDays",
            "{function}"
        );
    }
    assert_eq!(template["Parameters"]["HistoryDays"]["Default"], 0);
}
