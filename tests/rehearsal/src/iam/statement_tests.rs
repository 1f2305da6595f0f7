use super::*;
use serde_json::json;

const CLUSTER: &str = "arn:aws:ecs:eu-west-1:111122223333:cluster/blue";

fn statement(condition: &Value) -> Statement {
    let statement = json!({"Effect": "Allow", "Action": "ecs:ListTasks", "Resource": "*",
        "Condition": condition});
    Statement::read(&statement).expect("a statement")
}

fn keys(pairs: &[(&str, &str)]) -> Keys {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_condition_holds_as_its_operator_says() {
    let cluster = keys(&[("ecs:cluster", CLUSTER)]);
    let pattern = "arn:aws:ecs:eu-west-1:111122223333:cluster/*";
    for (condition, context, holds) in [
        (
            json!({"ArnEquals": {"ecs:cluster": CLUSTER}}),
            &cluster,
            true,
        ),
        (
            json!({"ArnEquals": {"ecs:cluster": ["a", CLUSTER]}}),
            &cluster,
            true,
        ),
        (json!({"ArnLike": {"ecs:cluster": pattern}}), &cluster, true),
        (
            json!({"ArnEquals": {"ecs:cluster": "arn:aws:ecs:*:cluster/blue"}}),
            &cluster,
            false,
        ),
        (
            json!({"StringEquals": {"ecs:cluster": CLUSTER}}),
            &cluster,
            true,
        ),
        // Only the operators with Like in their names know patterns, and those for ARNs.
        (
            json!({"StringEquals": {"ecs:cluster": pattern}}),
            &cluster,
            false,
        ),
        (
            json!({"StringEquals": {"ecs:cluster": CLUSTER, "x": "y"}}),
            &cluster,
            false,
        ),
        (
            json!({"StringEquals": {"ecs:cluster": CLUSTER}}),
            &keys(&[]),
            false,
        ),
        (
            json!({"ArnEquals": {"ecs:cluster": CLUSTER}}),
            &keys(&[]),
            false,
        ),
        (json!({"Null": {"ecs:cluster": "false"}}), &cluster, true),
        (json!({"Null": {"ecs:cluster": "false"}}), &keys(&[]), false),
        (json!({"Null": {"ecs:cluster": true}}), &keys(&[]), true),
    ] {
        let fits = statement(&condition).fits("ecs:ListTasks", "*", context);
        assert_eq!(fits, holds, "{condition} {context:?}");
    }
}

#[test]
fn actions_have_no_case_and_resources_have_one() {
    let written = json!({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::Shop"});
    let statement = Statement::read(&written).expect("a statement");
    let fits = |action, resource| statement.fits(action, resource, &Keys::new());
    assert!(fits("S3:getObject", "arn:aws:s3:::Shop"));
    assert!(!fits("s3:GetObject", "arn:aws:s3:::shop"));
    assert!(!fits("s3:PutObject", "arn:aws:s3:::Shop"));
}

#[test]
fn what_the_template_does_not_use_is_refused() {
    let plain = json!({"Effect": "Allow", "Action": "a:B", "Resource": "*"});
    for (field, value) in [
        ("NotAction", json!("a:B")),
        ("NotResource", json!("*")),
        ("Principal", json!("*")),
        ("Effect", json!("Perhaps")),
        ("Action", json!([])),
        ("Resource", json!({"Ref": "X"})),
        ("Condition", json!({"StringLike": {"a": "b"}})),
        ("Condition", json!({"StringEqualsIfExists": {"a": "b"}})),
        ("Condition", json!({"ForAnyValue:StringEquals": {"a": "b"}})),
    ] {
        let mut statement = plain.clone();
        statement[field] = value;
        assert!(Statement::read(&statement).is_err(), "{statement}");
    }
}
