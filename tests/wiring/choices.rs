//! What a Choice evaluates once the flip has begun. Nothing can catch a failure there: it would end the execution,
//! and leave traffic where it is until flip hears of that.
//!
//! So each expression uses plain variables that a task before has assigned. A field that an answer does not have, for
//! example because a function is of another version than the machine, fails in that task, whose Catch leads to the flip
//! back.

use crate::routes::reached;
use crate::unfolded::unfolded;
use project::{Names, list, machine, text};
use serde_json::Value;

/// Functions that cannot fail for text, numbers and null. `$trim` gets text only: see the last test.
const SAFE: [&str; 4] = ["millis", "string", "toMillis", "trim"];

/// The context is always there, and its time has the form that `$toMillis` reads.
const ENTERED: &str = "$states.context.State.EnteredTime";

/// The Choices that come after the beginning of a flip, with their names.
fn choices(states: &Value) -> Vec<(String, &Value)> {
    let after = reached(states, "Flip traffic", &[]).into_iter();
    let after = after.map(|name| {
        let state = &states[&name];
        (name, state)
    });
    let choices: Vec<_> = after.filter(|(_, it)| it["Type"] == "Choice").collect();
    assert!(choices.len() > 5, "{choices:?}");
    choices
}

/// The expressions in a value.
fn expressions(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text
            .starts_with("{%")
            .then_some(text.as_str())
            .into_iter()
            .collect(),
        Value::Array(items) => items.iter().flat_map(expressions).collect(),
        Value::Object(fields) => fields.values().flat_map(expressions).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// What an expression names with `$`: each name with the character behind it.
fn named(expression: &str) -> Vec<(&str, Option<char>)> {
    let pieces = expression.split('$').skip(1);
    // `${Name}` is replaced before Step Functions sees it.
    let pieces = pieces.filter(|piece| !piece.starts_with('{'));
    let named = pieces.map(|piece| {
        let end = piece.find(|it: char| !it.is_alphanumeric());
        let (name, rest) = piece.split_at(end.unwrap_or(piece.len()));
        (name, rest.chars().next())
    });
    named.collect()
}

#[test]
fn given_a_choice_after_the_flip_then_it_evaluates_plain_variables() {
    let states = unfolded(&machine()["States"]);
    for (state, choice) in choices(&states) {
        for expression in expressions(&choice["Choices"]) {
            let plain = expression.replace(ENTERED, "");
            for (name, behind) in named(&plain) {
                match behind {
                    Some('(') => assert!(SAFE.contains(&name), "{state}: ${name}()"),
                    Some('.' | '[') => panic!("{state}: a part of ${name} may be missing"),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn given_a_choice_after_the_flip_then_every_way_to_it_has_assigned_what_it_evaluates() {
    let machine = machine();
    let states = &unfolded(&machine["States"]);
    for (state, choice) in choices(states) {
        let plain: Vec<_> = expressions(&choice["Choices"])
            .into_iter()
            .map(|it| it.replace(ENTERED, ""))
            .collect();
        let variables = plain.iter().flat_map(|it| named(it));
        for (name, _) in variables.filter(|(_, behind)| *behind != Some('(')) {
            let without = without(states, &text(&machine["StartAt"]), name);
            assert!(!without.contains(&state), "{state}: ${name}");
        }
    }
}

/// The states that can be entered before a variable is assigned.
fn without(states: &Value, start: &str, variable: &str) -> Names {
    let (mut found, mut todo) = (Names::new(), vec![start.to_owned()]);
    let assigns = |it: &Value| it["Assign"].get(variable).is_some();
    while let Some(name) = todo.pop() {
        if !found.insert(name.clone()) {
            continue;
        }
        let state = &states[&name];
        // What a state assigns when it succeeds, it has not assigned when it fails.
        let plain = [&state["Next"], &state["Default"]].into_iter();
        let plain = plain.filter(|to| !to.is_null() && !assigns(state));
        let rules = ["Choices", "Catch"].map(|key| state[key].as_array());
        let rules = rules.into_iter().flatten().flatten();
        let rules = rules
            .filter(|rule| !assigns(rule))
            .map(|rule| &rule["Next"]);
        todo.extend(plain.chain(rules).map(text));
    }
    found
}

#[test]
fn given_a_reason_that_is_missing_or_no_text_then_the_task_fails_and_not_what_comes_after_it() {
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    let reasons = states.values().filter_map(|it| it["Assign"].get("reason"));
    let reasons: Vec<_> = reasons.map(text).collect();
    assert!(reasons.len() > 7, "{reasons:?}");
    for reason in reasons {
        // `$substring` of null is an error, and of nothing is nothing, which cannot be assigned.
        assert_eq!(reason, "{% $substring($states.result.reason, 0, 32000) %}");
    }
    for (name, state) in states {
        let rules = list(&state["Choices"]);
        let own = rules
            .iter()
            .filter(|it| it["Assign"].get("reason").is_some());
        assert_eq!(own.count(), 0, "{name}");
    }
}
