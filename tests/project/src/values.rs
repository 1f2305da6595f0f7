//! Small readers of JSON and text.

use serde_json::Value;
use std::collections::BTreeSet;

/// Names of any kind; sorted, so that a failed comparison is easy to read.
pub type Names = BTreeSet<String>;

/// The keys of an object.
pub fn keys(object: &Value) -> Names {
    let object = object.as_object().expect("an object");
    object.keys().cloned().collect()
}

/// One thing or a list of things, as IAM and `ErrorEquals` write them.
pub fn list(value: &Value) -> Vec<&Value> {
    match value.as_array() {
        Some(items) => items.iter().collect(),
        None => vec![value],
    }
}

/// The text of a value that is one.
pub fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// Every piece of `text` between `before` and the next `after`.
pub fn between(text: &str, before: &str, after: &str) -> Names {
    let pieces = text.split(before).skip(1);
    pieces
        .filter_map(|piece| Some(piece.split_once(after)?.0.to_owned()))
        .collect()
}
