//! The tests of `changes.rs`.

use super::*;
use serde_json::json;

fn content(definition: Value) -> RevisionContent {
    RevisionContent::of_answer(&json!({ "taskDefinition": definition }))
}

fn check(before: Value, after: Value, expect: Value) {
    let found = changes(&content(before.clone()), &content(after));
    assert_eq!(json!(found), expect);
    assert_eq!(changes(&content(before.clone()), &content(before)), []);
}

#[test]
fn what_differs_is_named_by_its_path_and_harmless_values_are_shown() {
    let revision = |image: &str, slot: &str, more: Value| {
        let variable = json!({"name": "DEPLOYMENT_SLOT", "value": slot});
        let api = json!({"name": "api", "image": image, "environment": [variable]});
        let mut revision = json!({"cpu": "256", "containerDefinitions": [api]});
        revision["memory"] = more;
        revision
    };
    check(
        revision("a", "blue", Value::Null),
        revision("b", "green", json!("512")),
        json!([
            {"field": "containerDefinitions.api.environment.DEPLOYMENT_SLOT.value", "change": "changed",
                "before": "blue", "after": "green"},
            {"field": "containerDefinitions.api.image", "change": "changed", "before": "a", "after": "b"},
            {"field": "memory", "change": "added", "after": "512"},
        ]),
    );
}

#[test]
fn all_other_values_are_hidden_and_so_is_the_number_of_words() {
    let revision = |password: &str, command: Value, options: Value, newer: Value| {
        let variable = json!({"name": "DB_PASSWORD", "value": password});
        let logs = json!({"logDriver": "splunk", "options": options});
        let api = json!({"name": "api", "command": command, "environment": [variable],
            "logConfiguration": logs});
        json!({"containerDefinitions": [api], "trustedExecutionConfiguration": newer})
    };
    let field = |path: &str| format!("containerDefinitions.api.{path}");
    check(
        revision(
            "s3cret",
            json!(["run", "--token=s3cret"]),
            json!({"splunk-token": "s3cret"}),
            json!({"key": "s3cret"}),
        ),
        revision(
            "s3cret2",
            json!(["run"]),
            json!({"splunk-url": "s3cret2"}),
            json!({"key": "s3cret2"}),
        ),
        json!([
            {"field": field("command"), "change": "changed"},
            {"field": field("environment.DB_PASSWORD.value"), "change": "changed"},
            {"field": field("logConfiguration.options.splunk-token"), "change": "removed"},
            {"field": field("logConfiguration.options.splunk-url"), "change": "added"},
            {"field": "trustedExecutionConfiguration.key", "change": "changed"},
        ]),
    );
}

/// Variables in the order that they are given in.
fn with_variables(variables: &[(&str, &str)]) -> Value {
    let variables = variables.iter();
    let variables = variables.map(|(name, value)| json!({"name": name, "value": value}));
    let variables: Vec<Value> = variables.collect();
    json!({"containerDefinitions": [{"name": "api", "environment": variables}]})
}

#[test]
fn a_name_that_comes_twice_hides_nothing() {
    let changed = |name: &str| {
        let field = format!("containerDefinitions.api.environment.{name}.value");
        json!({"field": field, "change": "changed"})
    };
    let before = with_variables(&[("A", "1"), ("A", "3"), ("B", "1")]);
    for (after, expect) in [
        ([("A", "3"), ("B", "1"), ("A", "1")], json!([])),
        (
            [("A", "1"), ("A", "4"), ("B", "1")],
            json!([changed("A#2")]),
        ),
        ([("A", "2"), ("A", "3"), ("B", "1")], json!([changed("A")])),
    ] {
        check(before.clone(), with_variables(&after), expect);
    }
    // A name of the team's own that looks like a number of ours.
    check(
        with_variables(&[("A", "1"), ("A", "1"), ("A#2", "2")]),
        with_variables(&[("A", "1"), ("A", "2"), ("A#2", "2")]),
        json!([changed("A#2")]),
    );
}

#[test]
fn variables_that_come_back_in_another_order_are_not_lost() {
    let lost = |sent: &[(&str, &str)], answered: &[(&str, &str)]| {
        lost(
            &content(with_variables(sent)),
            &content(with_variables(answered)),
        )
    };
    let slot = ("DEPLOYMENT_SLOT", "blue");
    let sent = [("A", "1"), ("A", "2"), ("B", "3"), slot];
    let none = Vec::<String>::new();
    for answered in [
        [("B", "3"), ("A", "1"), ("A", "2"), slot],
        [slot, ("A", "2"), ("B", "3"), ("A", "1")],
    ] {
        assert_eq!(lost(&sent, &answered), none);
    }
    let second =
        ["name", "value"].map(|it| format!("containerDefinitions.api.environment.A#2.{it}"));
    assert_eq!(lost(&sent, &[("B", "3"), ("A", "1"), slot]), second);
}

#[test]
fn what_did_not_come_back_is_named() {
    let sent = json!({"family": "shop", "newer": {"a": 1, "b": {}}, "containerDefinitions": [{"name": "api", "newer": false}]});
    let lost = |answered: Value| lost(&content(sent.clone()), &content(answered));
    assert!(lost(sent.clone()).is_empty());
    let answered = json!({"family": "shop", "newer": {"a": 1}, "containerDefinitions": [{"name": "api", "cpu": 0}]});
    assert_eq!(
        lost(answered),
        ["containerDefinitions.api.newer", "newer.b"]
    );
}

#[test]
fn a_field_that_is_larger_than_the_room_is_counted() {
    let small = json!({"memory": "1"});
    let mut large = json!({"memory": "2"});
    large["x".repeat(ROOM)] = json!(1);
    let found = changes(&content(small), &content(large));
    let (listed, more) = first_changes(found);
    assert_eq!((listed.len(), more), (1, 1));
}
