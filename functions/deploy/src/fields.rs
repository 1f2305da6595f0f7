//! The fields of a revision, each by its path. Pure.

use serde_json::Value;
use shared::ecs::RevisionContent;
use std::collections::{BTreeMap, BTreeSet};

/// The names that lead to a field, such as `containerDefinitions`, `api`, `image`.
pub(crate) type Path = Vec<String>;

/// In an order that ECS does not choose, so that a field has the same path in whatever order ECS answers.
///
/// A list of words is one field, so that not even the number of a command's words is told.
pub(crate) fn fields(content: &RevisionContent) -> BTreeMap<Path, Value> {
    let mut fields = BTreeMap::new();
    collect(Path::new(), content.in_order(), &mut fields);
    fields
}

fn collect(path: Path, value: Value, fields: &mut BTreeMap<Path, Value>) {
    let below = |name: String| {
        let mut path = path.clone();
        path.push(name);
        path
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                collect(below(name), value, fields);
            }
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            for (name, item) in named(items) {
                collect(below(name), item, fields);
            }
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => {
            fields.insert(path, value);
        }
    }
}

/// Items go by their names where they have one, as containers, variables and secrets do; the others by their numbers.
/// The second of a name `A` is `A#2`.
fn named(items: Vec<Value>) -> Vec<(String, Value)> {
    let mut taken = BTreeSet::new();
    let named = items.into_iter().enumerate().map(|(index, item)| {
        let name = item["name"].as_str().or(item["key"].as_str());
        let name = name.map_or(index.to_string(), str::to_owned);
        (untaken(name, &mut taken), item)
    });
    named.collect()
}

fn untaken(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut unique = name.clone();
    let mut count = 1;
    while !taken.insert(unique.clone()) {
        count += 1;
        unique = format!("{name}#{count}");
    }
    unique
}
