//! Changes of a JSON value, one field at a time.

use serde_json::{Value, json};

/// What can become of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Drop,
    Null,
    Number,
    Text,
    List,
    /// A field that nobody knows is added to it, or to an object that takes its place.
    Unknown,
    Deep,
    Huge,
    Unicode,
}

impl Change {
    pub const ALL: [Change; 9] = [
        Change::Drop,
        Change::Null,
        Change::Number,
        Change::Text,
        Change::List,
        Change::Unknown,
        Change::Deep,
        Change::Huge,
        Change::Unicode,
    ];
}

/// Levels of a deep value: serde_json reads 128, and some are above the changed field.
const DEEP: usize = 90;

/// Pointers to every field and item below the root.
pub fn places(value: &Value) -> Vec<String> {
    let mut places = Vec::new();
    collect(value, "", &mut places);
    places
}

fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, it)| (escaped(name), it))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(at, it)| (at.to_string(), it)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
    };
    for (name, child) in children {
        let place = format!("{at}/{name}");
        collect(child, &place, places);
        places.push(place);
    }
}

/// A name as a JSON pointer writes it (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Changes the field at a place; nothing happens where there is none (any more).
pub fn change(value: &mut Value, place: &str, change: Change) {
    if change == Change::Drop {
        return drop_at(value, place);
    }
    let Some(field) = value.pointer_mut(place) else {
        return;
    };
    *field = match change {
        Change::Drop | Change::Null => Value::Null,
        Change::Number => json!(-7.5),
        Change::Text => json!("something else"),
        Change::List => json!([field.take()]),
        Change::Unknown => with_unknown(field.take()),
        Change::Deep => (0..DEEP).fold(json!(1), |inner, _| json!([inner])),
        Change::Huge => json!("x".repeat(100_000)),
        Change::Unicode => json!("\u{0}\u{202e}é😀\"\\\r\n\u{ffff}"),
    };
}

fn with_unknown(field: Value) -> Value {
    let unknown = json!({"action": ["flip"], "n": 1});
    let mut grown = if field.is_object() {
        field
    } else {
        json!({ "was": field })
    };
    grown["unknown"] = unknown;
    grown
}

fn drop_at(value: &mut Value, place: &str) {
    let Some((parent, name)) = place.rsplit_once('/') else {
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&name)),
        Some(Value::Array(items)) => {
            if let Some(at) = name.parse().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}
