//! The rule that starts a release: which events of ECR fit it, for each way of setting the parameters.

use project::template;
use serde_json::{Value, json};

/// The rule's pattern in a stack with these two parameters, for the repository `shop`.
fn pattern(tag_pattern: &str, tag_prefix: &str) -> Value {
    let template = template();
    let parameters = json!({
        "TagPattern": tag_pattern, "TagPrefix": tag_prefix, "RepositoryName": "shop",
    });
    let pattern = &template["Resources"]["ImagePushed"]["Properties"]["EventPattern"];
    resolved(pattern, &template["Conditions"], &parameters)
}

/// The value with its `Ref`, `Fn::If`, `Fn::Not` and `Fn::Equals` replaced, as CloudFormation does it.
fn resolved(value: &Value, conditions: &Value, parameters: &Value) -> Value {
    let inner = |it: &Value| resolved(it, conditions, parameters);
    let fields = match value {
        Value::Object(fields) => fields,
        Value::Array(items) => return items.iter().map(inner).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return value.clone(),
    };
    let function = fields
        .iter()
        .next()
        .map(|(name, input)| (name.as_str(), input));
    match function {
        Some(("Ref", name)) => parameters[name.as_str().expect("a name")].clone(),
        Some(("Fn::If", input)) => {
            let condition = &conditions[input[0].as_str().expect("a condition")];
            let branch = if inner(condition) == true { 1 } else { 2 };
            inner(&input[branch])
        }
        Some(("Fn::Not", input)) => json!(inner(&input[0]) == false),
        Some(("Fn::Equals", input)) => json!(inner(&input[0]) == inner(&input[1])),
        Some(_) | None => {
            let fields = fields.iter();
            fields.map(|(name, it)| (name.clone(), inner(it))).collect()
        }
    }
}

#[test]
fn given_a_push_or_a_replication_then_the_rule_takes_those_of_the_repository_that_succeeded() {
    let pattern = pattern("", "");
    let mut detail = pattern["detail"].clone();
    detail["image-tag"] = Value::Null;
    assert_eq!(
        detail,
        json!({
            "action-type": ["PUSH", "REPLICATE"], "result": ["SUCCESS"], "repository-name": ["shop"], "image-tag": null,
        })
    );
    assert_eq!(pattern["source"], json!(["aws.ecr"]));
    let kinds = json!(["ECR Image Action", "ECR Replication Action"]);
    assert_eq!(pattern["detail-type"], kinds);
}

#[test]
fn given_the_parameters_then_the_tag_has_one_matcher() {
    for (tag_pattern, tag_prefix, expect) in [
        ("", "", json!({"anything-but": {"prefix": "sha256-"}})),
        ("", "v", json!({"prefix": "v"})),
        ("v*.*.*", "", json!({"wildcard": "v*.*.*"})),
        // Detect applies the prefix then.
        ("*-release", "v", json!({"wildcard": "*-release"})),
    ] {
        let tag = &pattern(tag_pattern, tag_prefix)["detail"]["image-tag"];
        assert_eq!(*tag, json!([expect]), "{tag_pattern:?} {tag_prefix:?}");
    }
}
