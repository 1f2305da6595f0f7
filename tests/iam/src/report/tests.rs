use super::*;
use crate::Deployed;
use serde_json::{Value, json};

fn policies(statements: Value) -> Policies {
    let template = json!({"Resources": {
        "Flip": {"Type": "AWS::Serverless::Function",
            "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "Policies": [{"PolicyDocument": {"Statement": statements}}]}},
    }});
    Policies::of(&Deployed::on_paper(template)).expect("policies")
}

fn allow(actions: Value, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

fn call(action: &str, resource: &str) -> (String, Vec<Need>) {
    (
        "Flip".to_owned(),
        vec![Need::new(action, [resource.to_owned()])],
    )
}

fn check(statements: Value, calls: &[(String, Vec<Need>)], reasons: Reasons) -> Report {
    Report::of(&policies(statements), calls, &reasons).expect("a report")
}

#[test]
fn what_is_called_and_nothing_else_is_clean() {
    let statements = json!([allow(json!("dynamodb:GetItem"), "t")]);
    let report = check(
        statements,
        &[call("dynamodb:GetItem", "t")],
        Reasons::default(),
    );
    assert!(report.is_clean(), "{report:?}");
    let line = "iam: calls=1 allowed=1 unused_actions=0 wildcards=0";
    assert_eq!(report.to_string(), line);
}

#[test]
fn a_call_beyond_the_policies_is_refused_and_counted() {
    let statements = json!([allow(json!("dynamodb:GetItem"), "t")]);
    let calls = [call("dynamodb:GetItem", "t"), call("dynamodb:GetItem", "u")];
    let report = check(statements, &calls, Reasons::default());
    assert_eq!((report.calls, report.allowed), (2, 1));
    assert!(
        report.refused[0].contains("Flip may not dynamodb:GetItem on u"),
        "{report:?}"
    );
}

#[test]
fn an_action_that_nobody_calls_needs_a_reason() {
    let statements = json!([allow(json!(["dynamodb:GetItem", "dynamodb:PutItem"]), "t")]);
    let calls = [call("dynamodb:GetItem", "t")];
    let report = check(statements.clone(), &calls, Reasons::default());
    assert_eq!(report.unused, ["Flip dynamodb:PutItem"]);
    let unused = &[("Flip", "dynamodb:PutItem", "for later")];
    let reasons = Reasons { unused, wide: &[] };
    assert!(check(statements, &calls, reasons).is_clean());
}

#[test]
fn a_reason_that_explains_nothing_is_found() {
    let statements = json!([allow(json!(["dynamodb:GetItem", "dynamodb:PutItem"]), "t")]);
    let calls = [call("dynamodb:GetItem", "t"), call("dynamodb:PutItem", "t")];
    for unused in [
        ("Flip", "dynamodb:PutItem", "it is called by now"),
        ("", "sqs:", "it is not allowed any more"),
        ("Detect", "dynamodb:", "it is another function's"),
    ] {
        let reasons = Reasons {
            unused: &[unused],
            wide: &[],
        };
        assert_eq!(
            check(statements.clone(), &calls, reasons).stale.len(),
            1,
            "{unused:?}"
        );
    }
}

#[test]
fn everything_is_too_much_where_aws_could_narrow_it() {
    for (actions, condition, wide) in [
        (json!("dynamodb:GetItem"), Value::Null, 1),
        (json!("xray:PutTraceSegments"), Value::Null, 0),
        (json!("ecs:*"), Value::Null, 1),
        (json!("ecs:ListTasks"), Value::Null, 1),
        (
            json!("ecs:ListTasks"),
            json!({"ArnEquals": {"ecs:cluster": "c"}}),
            0,
        ),
    ] {
        let mut statement = allow(actions, "*");
        statement["Condition"] = condition;
        let report = check(json!([statement]), &[], Reasons::default());
        assert_eq!(report.wide.len(), wide, "{statement}");
    }
    let unknown = policies(json!([allow(json!("ecs:Unheard"), "*")]));
    assert!(Report::of(&unknown, &[], &Reasons::default()).is_err());
}
