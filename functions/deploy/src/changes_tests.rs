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

#[test]
fn a_name_that_comes_twice_hides_nothing() {
    let revision = |values: [&str; 2]| {
        let variables = values.map(|value| json!({"name": "A", "value": value}));
        json!({"containerDefinitions": [{"name": "api", "environment": variables}]})
    };
    let second = "containerDefinitions.api.environment.1.value";
    let changed = |field: &str| json!([{"field": field, "change": "changed"}]);
    check(revision(["1", "2"]), revision(["1", "3"]), changed(second));
    let first = "containerDefinitions.api.environment.A.value";
    check(revision(["1", "2"]), revision(["3", "2"]), changed(first));
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
