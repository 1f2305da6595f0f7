//! The fields of a revision, each by its path. Pure.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The names that lead to a field, such as `containerDefinitions`, `api`, `image`.
pub(crate) type Path = Vec<String>;

/// A list of words is one field, so that not even the number of a command's words is told.
pub(crate) fn fields(content: &Value) -> BTreeMap<Path, &Value> {
    let mut fields = BTreeMap::new();
    collect(Path::new(), content, &mut fields);
    fields
}

fn collect<'a>(path: Path, value: &'a Value, fields: &mut BTreeMap<Path, &'a Value>) {
    let below = |name: &str| {
        let mut path = path.clone();
        path.push(name.to_owned());
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
                collect(below(&name), item, fields);
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

/// Items go by their names where they have one, as containers, variables and secrets do. The others, and those whose
/// name has come before, go by their numbers.
fn named(items: &[Value]) -> Vec<(String, &Value)> {
    let mut taken = BTreeSet::new();
    let named = items.iter().enumerate().map(|(index, item)| {
        let name = item["name"].as_str().or(item["key"].as_str());
        let name = name.filter(|name| taken.insert(*name));
        (name.map_or(index.to_string(), str::to_owned), item)
    });
    named.collect()
}
