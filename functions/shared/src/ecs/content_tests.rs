//! The tests of `content.rs`.

use super::*;

fn content(definition: Value, tags: Value) -> RevisionContent {
    RevisionContent::of_answer(&json!({"taskDefinition": definition, "tags": tags}))
}

#[test]
fn what_ecs_writes_itself_is_left_out_and_all_else_is_kept() {
    let answered = json!({
        "taskDefinitionArn": "arn:shop:7", "family": "shop", "revision": 7, "status": "ACTIVE",
        "requiresAttributes": [{"name": "a"}], "compatibilities": ["FARGATE"], "registeredAt": 1.5,
        "registeredBy": "arn:somebody", "deregisteredAt": 2.5, "deleteRequestedAt": 3.5,
        "trustedExecutionConfiguration": {"mode": "enclave"}, "newer": [1, {"x": null}], "pidMode": null,
        "volumes": [], "containerDefinitions": [{"name": "api", "newer": true, "cpu": 0, "mountPoints": []}],
    });
    let tag = |key: &str| json!({"key": key, "value": "1"});
    let tags = json!([tag("aws:stack"), tag("AWS:owner"), tag("awsome"), tag("é")]);
    let expect = json!({
        "family": "shop", "trustedExecutionConfiguration": {"mode": "enclave"}, "newer": [1, {}],
        "containerDefinitions": [{"name": "api", "newer": true}], "tags": [tag("awsome"), tag("é")],
    });
    assert_eq!(content(answered, tags).as_json(), &expect);
    let untagged = content(json!({"family": "shop"}), json!([tag("aws:stack")]));
    assert_eq!(untagged.as_json(), &json!({"family": "shop"}));
}

#[test]
fn only_an_order_that_means_something_makes_a_difference() {
    let named = |name: &str| json!({"name": name, "value": "1"});
    let revision = |[one, other]: [&str; 2], command: &[&str], newer: i32| {
        let api = json!({"name": "api", "command": command, "environment": [named(one), named(other)],
            "secrets": [named(one), named(other)]});
        let agent = json!({"name": "agent", "newer": newer});
        let containers = if one == "A" {
            [api, agent]
        } else {
            [agent, api]
        };
        let tags = json!([{"key": one}, {"key": other}]);
        content(
            json!({"family": "shop", "containerDefinitions": containers}),
            tags,
        )
    };
    let live = revision(["A", "Z"], &["a", "b"], 1);
    assert_eq!(live, revision(["Z", "A"], &["a", "b"], 1));
    assert_ne!(live, revision(["A", "Z"], &["b", "a"], 1));
    assert_ne!(live, revision(["A", "Z"], &["a", "b"], 2));
}

#[test]
fn the_order_of_equal_names_makes_no_difference_either() {
    let revision = |values: [&str; 3], from: [&str; 2]| {
        let variables = values.map(|value| json!({"name": "A", "value": value}));
        let secrets = from.map(|from| json!({"name": "S", "valueFrom": from}));
        let api = json!({"name": "api", "environment": variables, "secrets": secrets});
        content(json!({"containerDefinitions": [api]}), Value::Null)
    };
    let live = revision(["1", "2", "2"], ["a", "b"]);
    assert_eq!(live, revision(["2", "1", "2"], ["b", "a"]));
    assert_ne!(live, revision(["1", "1", "2"], ["a", "b"]));
    assert_ne!(live, revision(["1", "2", "2"], ["a", "a"]));
}

#[test]
fn a_log_line_of_it_shows_no_value() {
    let revision = content(json!({"family": "shop", "newer": "s3cret"}), Value::Null);
    assert_eq!(format!("{revision:?}"), "RevisionContent(shop)");
}
