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

/// Whether the condition holds for a request with these keys.
fn check(condition: Value, context: &Keys, holds: bool) {
    let fits = statement(&condition).fits("ecs:ListTasks", "*", context);
    assert_eq!(fits, holds, "{condition} {context:?}");
}

#[test]
fn a_condition_holds_as_its_operator_says() {
    let cluster = keys(&[("ecs:cluster", CLUSTER)]);
    let pattern = "arn:aws:ecs:eu-west-1:111122223333:cluster/*";
    let short = "arn:aws:ecs:*:cluster/blue";
    let equals = |operator: &str, value: Value| json!({operator: {"ecs:cluster": value}});
    for (condition, holds) in [
        (equals("ArnEquals", json!(CLUSTER)), true),
        (equals("ArnEquals", json!(["a", CLUSTER])), true),
        (equals("ArnLike", json!(pattern)), true),
        (equals("ArnEquals", json!(short)), false),
        (equals("StringEquals", json!(CLUSTER)), true),
        // Only the operators with Like in their names know patterns, and those for ARNs.
        (equals("StringEquals", json!(pattern)), false),
        (
            json!({"StringEquals": {"ecs:cluster": CLUSTER, "x": "y"}}),
            false,
        ),
        (equals("Null", json!("false")), true),
    ] {
        check(condition, &cluster, holds);
    }
}

#[test]
fn a_key_that_the_request_does_not_carry_is_only_null() {
    let equals = |operator: &str, value: Value| json!({operator: {"ecs:cluster": value}});
    for (condition, holds) in [
        (equals("StringEquals", json!(CLUSTER)), false),
        (equals("ArnEquals", json!(CLUSTER)), false),
        (equals("Null", json!("false")), false),
        (equals("Null", json!(true)), true),
    ] {
        check(condition, &keys(&[]), holds);
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

#[test]
fn conditions_are_told_with_their_operators_keys_and_values() {
    let both = json!({"ArnEquals": {"ecs:cluster": ["a", "b"]}, "Null": {"x:y": false}});
    let expect = " if ArnLike ecs:cluster a or b if Null x:y false";
    assert_eq!(statement(&both).conditions(), expect);
    assert_eq!(statement(&Value::Null).conditions(), "");
}
