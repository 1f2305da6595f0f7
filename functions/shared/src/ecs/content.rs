//! What a team has set in a revision, as ECS's own JSON. Pure.
//!
//! ECS has members that the SDK does not know yet. They must neither be lost where a revision is registered anew nor be
//! overlooked where two are compared, so both are done with the JSON that ECS gives.

use super::image_reference::moving;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// What ECS itself writes about a revision, and what a registration does not have (ECS API reference, TaskDefinition).
///
/// A member of this kind that ECS adds in the future counts as the team's until it is listed here. If its value differs
/// from revision to revision, no two are equal: each try of a registration makes one more revision, and drift is found
/// where there is none.
const READ_ONLY: [&str; 9] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
];

const CONTAINERS: &str = "containerDefinitions";

/// What of a revision can be registered.
///
/// Two are equal that differ in nothing but an order which means nothing to ECS.
#[derive(Clone)]
pub struct RevisionContent(Value);

impl RevisionContent {
    /// Of an answer that holds `taskDefinition`, and `tags` if they were asked for.
    ///
    /// Tags that begin with `aws:` are left out: AWS sets them itself and refuses them from others. So is what says no
    /// more than a missing member does: null, an empty list, and 0 CPU units of a container, which ECS writes where
    /// nobody has set them.
    pub fn of_answer(answer: &Value) -> RevisionContent {
        let mut content = answer["taskDefinition"].clone();
        if let Some(members) = content.as_object_mut() {
            members.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
            let tags = answer["tags"].as_array().into_iter().flatten();
            let tags = tags.filter(|tag| !is_reserved(tag)).cloned().collect();
            members.insert("tags".to_owned(), Value::Array(tags));
        }
        let mut content = RevisionContent(without_nothing(content));
        for container in content.containers_mut() {
            container.retain(|name, value| name != "cpu" || *value != 0);
        }
        content
    }

    /// As RegisterTaskDefinition takes it.
    pub fn as_json(&self) -> &Value {
        &self.0
    }

    pub fn family(&self) -> &str {
        self.0["family"].as_str().unwrap_or_default()
    }

    /// The container definitions.
    pub fn containers(&self) -> impl Iterator<Item = &Value> {
        self.0[CONTAINERS].as_array().into_iter().flatten()
    }

    /// The members of each container definition.
    pub fn containers_mut(&mut self) -> impl Iterator<Item = &mut Map<String, Value>> {
        let containers = self.0.get_mut(CONTAINERS).and_then(Value::as_array_mut);
        let containers = containers.into_iter().flatten();
        containers.filter_map(Value::as_object_mut)
    }

    /// As [`super::moving_containers`] finds them.
    pub fn moving_containers(&self, container: &str) -> Vec<&str> {
        let named = self.containers();
        let named = named.map(|it| (it["name"].as_str(), it["image"].as_str()));
        moving(&named.collect::<Vec<_>>(), container)
    }

    /// As JSON in an order that depends on nothing but the content: ECS gives containers, variables, secrets and tags in
    /// an order of its own, also those of one name.
    pub fn in_order(&self) -> Value {
        let mut sorted = self.clone();
        for container in sorted.containers_mut() {
            sort(container.get_mut("environment"), "name");
            sort(container.get_mut("secrets"), "name");
        }
        sort(sorted.0.get_mut(CONTAINERS), "name");
        sort(sorted.0.get_mut("tags"), "key");
        sorted.0
    }
}

impl PartialEq for RevisionContent {
    fn eq(&self, other: &RevisionContent) -> bool {
        self.in_order() == other.in_order()
    }
}

impl std::fmt::Debug for RevisionContent {
    /// Variables and commands may hold secrets: a log line that shows a structure must not show them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RevisionContent({})", self.family())
    }
}

/// The ECS API reference reserves this prefix in any mixture of upper and lower case.
fn is_reserved(tag: &Value) -> bool {
    let prefix = tag["key"].as_str().and_then(|key| key.get(..4));
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

fn without_nothing(value: Value) -> Value {
    let says_nothing = |it: &Value| it.is_null() || *it == json!([]);
    match value {
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| (name, without_nothing(value)));
            members.filter(|(_, value)| !says_nothing(value)).collect()
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

fn sort(list: Option<&mut Value>, by: &str) {
    let items = list.and_then(Value::as_array_mut);
    if let Some(items) = items {
        items.sort_by(|one, other| {
            let keys =
                [by, "value", "valueFrom"].map(|key| (one[key].as_str(), other[key].as_str()));
            let orders = keys.map(|(one, other)| one.cmp(&other));
            orders.into_iter().fold(Ordering::Equal, Ordering::then)
        });
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
