//! The fields in which two revisions differ.

use crate::answer::FieldChange;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The fields that differ, by their paths.
pub(crate) fn changes(before: &Value, after: &Value) -> Vec<FieldChange> {
    let (before, after) = (fields(before), fields(after));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = paths.into_iter().map(|path| FieldChange {
        field: path.clone(),
        before: before.get(path).cloned().unwrap_or_default(),
        after: after.get(path).cloned().unwrap_or_default(),
    });
    let differs = |change: &FieldChange| change.before != change.after;
    changes.filter(differs).collect()
}

fn fields(value: &Value) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    collect("", value, &mut fields);
    fields
}

/// A list's items go by their names where they have one, as containers, variables and secrets do, else by number.
fn collect(path: &str, value: &Value, fields: &mut BTreeMap<String, Value>) {
    let mut inner = |name: &str, value: &Value| {
        let dot = if path.is_empty() { "" } else { "." };
        collect(&format!("{path}{dot}{name}"), value, fields);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            let name = item["name"].as_str().or(item["key"].as_str());
            inner(name.unwrap_or(&index.to_string()), item);
        }),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            fields.insert(path.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_path() {
        let variable = |value| json!({"name": "LEVEL", "value": value});
        let container =
            |image, value| json!({"name": "api", "image": image, "environment": [variable(value)]});
        let before = json!({"cpu": "256", "containerDefinitions": [container("a", "info")]});
        let after = json!({"cpu": "256", "memory": "512", "containerDefinitions": [container("b", "debug")]});
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| (change.field, change.before, change.after))
            .collect();
        let expect = [
            (
                "containerDefinitions.api.environment.LEVEL.value",
                json!("info"),
                json!("debug"),
            ),
            ("containerDefinitions.api.image", json!("a"), json!("b")),
            ("memory", Value::Null, json!("512")),
        ];
        assert_eq!(
            found,
            expect.map(|(field, before, after)| (field.to_owned(), before, after))
        );
        assert!(changes(&after, &after).is_empty());
    }
}
