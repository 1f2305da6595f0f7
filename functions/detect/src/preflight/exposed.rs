//! Secrets that stand in a revision for everybody to read: in variables, log options, labels and commands.

mod names;
mod shapes;
mod values;

use super::checks::SECRET_IN_VARIABLE;
use super::evidence::Finding;
use aws_sdk_ecs::types::{ContainerDefinition, TaskDefinition};
use names::{is_for_everybody, is_of_a_secret, is_of_an_id};
use serde_json::Value;
use shared::listed;
use std::collections::{BTreeMap, HashMap};
use values::{is_credential, is_harmless, is_random, pairs};

/// One finding with every place. It names places only: a value may be what must not be shown.
pub(super) fn findings(definition: &TaskDefinition) -> Option<Finding> {
    let containers = definition.container_definitions().iter();
    let places: Vec<String> = containers.flat_map(of_container).collect();
    let found = format!("what looks like a secret is in {}", listed(&places, ", "));
    (!places.is_empty()).then(|| SECRET_IN_VARIABLE.finding(found))
}

fn of_container(container: &ContainerDefinition) -> Vec<String> {
    let name = container.name().unwrap_or_default();
    let place = |what: String| format!("{what} of container {name}");
    let variables = container.environment().iter();
    let variables = variables.map(|it| {
        let (name, value) = (it.name(), it.value());
        (name.unwrap_or_default(), value.unwrap_or_default())
    });
    let variables = variables.filter(|(name, value)| is_secret(name, value));
    let variables = variables.map(|(name, _)| place(format!("variable {name}")));
    let mut places: Vec<String> = variables.collect();
    let options = container.log_configuration().and_then(|it| it.options());
    places.extend(secrets_in(options).map(|it| place(format!("log option {it}"))));
    let labels = secrets_in(container.docker_labels());
    places.extend(labels.map(|it| place(format!("label {it}"))));
    let health = container.health_check().map(|it| it.command());
    for (what, words) in [
        ("the command", container.command()),
        ("the entry point", container.entry_point()),
        ("the health check", health.unwrap_or_default()),
    ] {
        places.extend(holds_secret(words).then(|| place(what.to_owned())));
    }
    places
}

/// The names of those texts that look like secrets.
fn secrets_in(texts: Option<&HashMap<String, String>>) -> impl Iterator<Item = &str> {
    let texts: BTreeMap<_, _> = texts.into_iter().flatten().collect();
    let secrets = texts
        .into_iter()
        .filter(|(name, value)| is_secret(name, value));
    secrets.map(|(name, _)| name.as_str())
}

/// Whether a command hands a secret over: `--token=...`, `--token ...`, or one that shows by itself.
fn holds_secret(words: &[String]) -> bool {
    let mut followed = words.windows(2);
    let as_option = followed.any(|pair| {
        let (option, value) = (&pair[0], &pair[1]);
        option.starts_with('-') && !value.starts_with('-') && by_name(option, value)
    });
    as_option || words.iter().any(|word| is_secret("", word))
}

/// Whether a value looks like a secret, by the name that it has, by itself, or by one of the parts that it has.
fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim();
    if is_credential(value) {
        return true;
    }
    let random = || is_random(value) && !is_of_an_id(name);
    let parts = || pairs(value).any(|(name, value)| by_name(name, value));
    !is_for_everybody(name) && (by_name(name, value) || parts() || random() || in_json(value))
}

fn by_name(name: &str, value: &str) -> bool {
    is_of_a_secret(name) && !is_harmless(value)
}

/// A configuration in JSON has names and values of its own.
fn in_json(value: &str) -> bool {
    let json = value.starts_with(['{', '[']).then_some(value);
    let json = json.and_then(|json| serde_json::from_str::<Value>(json).ok());
    json.is_some_and(|json| any_secret("", &json))
}

fn any_secret(name: &str, value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, it)| any_secret(name, it)),
        Value::Array(items) => items.iter().any(|it| any_secret(name, it)),
        Value::String(text) => is_credential(text) || by_name(name, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
#[path = "exposed_tests.rs"]
mod tests;
