use super::*;
use serde_json::json;

fn call(service: &str, operation: &str, parameters: Value) -> Call {
    Call {
        function: "Deploy".to_owned(),
        service: service.to_owned(),
        operation: operation.to_owned(),
        region: "eu-west-1".to_owned(),
        account: "111122223333".to_owned(),
        parameters,
    }
}

/// The needs as `ACTION RESOURCE... KEY=VALUE...`, the beginning of this account's ARNs left out.
fn check(service: &str, operation: &str, parameters: Value, expect: &[&str]) {
    let needs = needs(&call(service, operation, parameters)).expect("needs");
    let written: Vec<_> = needs
        .iter()
        .map(|need| {
            let keys = need
                .context
                .iter()
                .map(|(key, value)| format!("{key}={value}"));
            let words = [need.action.clone()].into_iter();
            let words: Vec<_> = words.chain(need.resources.clone()).chain(keys).collect();
            words.join(" ").replace(":eu-west-1:111122223333:", "::")
        })
        .collect();
    assert_eq!(written, expect, "{operation}");
}

#[test]
fn a_transaction_needs_what_its_parts_need() {
    let items = json!([{"Put": {"TableName": "t"}}, {"ConditionCheck": {"TableName": "u"}}]);
    check(
        "dynamodb",
        "TransactWriteItems",
        json!({"TransactItems": items}),
        &[
            "dynamodb:PutItem arn:aws:dynamodb::table/t",
            "dynamodb:ConditionCheckItem arn:aws:dynamodb::table/u",
        ],
    );
}

/// An index would be a resource of its own: the table has none.
#[test]
fn a_query_needs_its_table_and_a_stop_its_execution() {
    let query = json!({"TableName": "t", "KeyConditionExpression": "service = :s"});
    check(
        "dynamodb",
        "Query",
        query,
        &["dynamodb:Query arn:aws:dynamodb::table/t"],
    );
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop-release:r1";
    let stop = json!({"executionArn": execution, "error": "StopRequested"});
    let expect = "states:StopExecution arn:aws:states::execution:shop-release:r1";
    check("states", "StopExecution", stop, &[expect]);
}

#[test]
fn a_registration_needs_its_roles_and_its_tags() {
    let role = "arn:aws:iam::111122223333:role/task";
    let parameters = json!({"family": "shop", "taskRoleArn": role, "executionRoleArn": "by-name",
        "tags": [{"key": "a", "value": "b"}]});
    check(
        "ecs",
        "RegisterTaskDefinition",
        parameters,
        &[
            "ecs:RegisterTaskDefinition arn:aws:ecs::task-definition/shop:*",
            "iam:PassRole arn:aws:iam::111122223333:role/task iam:PassedToService=ecs-tasks.amazonaws.com",
            "iam:PassRole arn:aws:iam::111122223333:role/by-name iam:PassedToService=ecs-tasks.amazonaws.com",
            "ecs:TagResource arn:aws:ecs::task-definition/shop:* ecs:CreateAction=RegisterTaskDefinition",
        ],
    );
    check(
        "ecs",
        "RegisterTaskDefinition",
        json!({"family": "shop", "tags": []}),
        &["ecs:RegisterTaskDefinition arn:aws:ecs::task-definition/shop:*"],
    );
}

#[test]
fn names_become_arns_and_arns_stay() {
    let cluster = "ecs:cluster=arn:aws:ecs::cluster/blue";
    let service = json!({"cluster": "blue", "service": "api"});
    let expect = format!("ecs:UpdateService arn:aws:ecs::service/blue/api {cluster}");
    check("ecs", "UpdateService", service, &[&expect]);
    let by_arn = json!({"cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/blue",
        "tasks": ["1", "arn:aws:ecs:eu-west-1:111122223333:task/blue/2"]});
    let expect =
        format!("ecs:DescribeTasks arn:aws:ecs::task/blue/1 arn:aws:ecs::task/blue/2 {cluster}");
    check("ecs", "DescribeTasks", by_arn, &[&expect]);
    let default = json!({});
    let expect = "ecs:ListTasks * ecs:cluster=arn:aws:ecs::cluster/default";
    check("ecs", "ListTasks", default, &[expect]);
}

#[test]
fn a_call_that_names_nothing_asks_for_everything() {
    let expect = "ecr:DescribeRepositories arn:aws:ecr::repository/*";
    check("ecr", "DescribeRepositories", json!({}), &[expect]);
}

#[test]
fn what_is_not_known_is_an_error() {
    for (service, operation, parameters, error) in [
        ("ecs", "DeleteService", json!({}), "add what it needs"),
        (
            "elasticloadbalancing",
            "DeleteRule",
            json!({}),
            "add what it needs",
        ),
        (
            "monitoring",
            "PutMetricData",
            json!(null),
            "add what it needs",
        ),
        (
            "elasticloadbalancing",
            "ModifyRule",
            json!({}),
            "without RuleArn",
        ),
        (
            "ecs",
            "DescribeServices",
            json!({"services": []}),
            "of no service",
        ),
        (
            "ecs",
            "UpdateService",
            json!({"service": "a", "loadBalancers": []}),
            "iam:PassRole",
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            json!({"TransactItems": [{"Delete": {}}]}),
            "Delete",
        ),
    ] {
        let found = needs(&call(service, operation, parameters)).expect_err("unknown");
        assert!(format!("{found:#}").contains(error), "{found:#}");
    }
}
