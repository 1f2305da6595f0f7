//! The state of the account, in AWS's own field names, and how a case changes it.

use super::expand::expanded;
use super::wire::Call;
use aws_smithy_types::retry::RetryConfig;
use fixtures::Rate;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// A call that came.
#[derive(Clone, Debug)]
pub struct Received {
    pub operation: String,
    pub input: Value,
    pub at: Instant,
}

/// Everything that the account has, and what was called.
#[derive(Clone, Debug)]
pub struct World {
    pub state: Value,
    /// What was called, in order.
    pub calls: Vec<Received>,
    /// What was written into the table, with the history, as it was sent.
    pub written: Vec<String>,
    /// What was called and is not known here: it makes a case wrong.
    pub unknown: Vec<String>,
    /// How often the account may ask; without one as often as it likes.
    pub rate: Option<Rate>,
    /// The call with this number, counted from 0, is turned away, and so is the same call whenever it comes again.
    pub turned_away: Option<usize>,
    /// How often the SDK tries a call.
    pub retries: RetryConfig,
    /// How long an answer takes.
    pub answer_takes: Duration,
    /// Items of a page: fewer than AWS has, so that few are enough to need a second one.
    pub page: usize,
}

impl World {
    /// The stack that is right, as `stack.json` describes it.
    pub fn base() -> World {
        let state = serde_json::from_str(include_str!("../stack.json")).expect("JSON");
        World {
            state: expanded(&state),
            calls: Vec::new(),
            written: Vec::new(),
            unknown: Vec::new(),
            rate: None,
            turned_away: None,
            retries: RetryConfig::disabled(),
            answer_takes: Duration::ZERO,
            page: 2,
        }
    }

    /// Changes the state: each path of `changes` gets its value, and one with null ends.
    pub fn change(&mut self, changes: &Value) {
        let changes = expanded(changes);
        for (path, value) in changes.as_object().expect("paths with values") {
            let parts: Vec<&str> = path.split('/').collect();
            put(&mut self.state, &parts, value);
        }
    }

    /// The things of a kind, such as `rules`.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.state[kind]
            .as_object()
            .into_iter()
            .flat_map(|it| it.values())
    }

    /// The thing of a kind whose field has this value.
    pub fn find(&self, kind: &str, field: &str, value: &Value) -> Option<&Value> {
        self.all(kind).find(|it| it[field] == *value)
    }

    pub fn find_mut(&mut self, kind: &str, field: &str, value: &Value) -> Option<&mut Value> {
        let things = self.state[kind].as_object_mut()?;
        things.values_mut().find(|it| it[field] == *value)
    }

    /// Whether the account asks too often for this call, which is the last one that came.
    pub fn turns_away(&self, call: &Call) -> bool {
        let refused = self.turned_away.and_then(|number| self.calls.get(number));
        let is_refused =
            refused.is_some_and(|it| it.operation == call.operation && it.input == call.input);
        let is_over = |rate: &Rate| !rate.takes(&call.operation);
        is_refused || self.rate.as_ref().is_some_and(is_over)
    }

    /// The calls that change something, since the list of calls was emptied.
    pub fn writes(&self) -> Vec<&str> {
        let reads = ["Describe", "List", "Get", "BatchGet", "Query"];
        let calls = self.calls.iter().map(|call| call.operation.as_str());
        calls
            .filter(|call| !reads.iter().any(|it| call.starts_with(it)))
            .collect()
    }
}

/// Follows a path: a field, an item's number or name, or `+` for one more item.
fn put(at: &mut Value, parts: &[&str], value: &Value) {
    let Some((part, rest)) = parts.split_first() else {
        *at = value.clone();
        return;
    };
    if let Value::Array(items) = at {
        let named = |item: &Value| {
            let names = ["name", "Key"].map(|field| &item[field]);
            names.contains(&&json!(part))
        };
        let found = items.iter().position(named);
        match found.or_else(|| part.parse().ok()) {
            Some(index) if rest.is_empty() && value.is_null() => drop(items.remove(index)),
            Some(index) => put(&mut items[index], rest, value),
            None => {
                assert_eq!(*part, "+", "no item has this name");
                items.push(value.clone());
            }
        }
        return;
    }
    if at.is_null() {
        *at = json!({});
    }
    let fields = at.as_object_mut().expect("an object on the path");
    if rest.is_empty() && value.is_null() {
        fields.remove(*part);
    } else {
        put(fields.entry(*part).or_insert(Value::Null), rest, value);
    }
}
