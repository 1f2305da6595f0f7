//! The functions that change services and rules.

use super::{
    RULE, SERVICES, arn, executions, may, never, only, only_with, tasks_of_these_clusters,
    the_record,
};
use iam::Need;

const LISTENER: &str = "listener/app/shop/50dc6c495c0c9188/";
const ROLE: &str = "arn:aws:iam::111122223333:role/";

#[test]
fn deploy_updates_these_services_and_no_other() {
    for action in ["ecs:DescribeServices", "ecs:UpdateService"] {
        only("Deploy", action, "service/shop-blue/api", &SERVICES);
        only("Deploy", action, "service/shop-green/api", &SERVICES);
    }
    tasks_of_these_clusters("Deploy");
    only(
        "Deploy",
        "ecs:RegisterTaskDefinition",
        "task-definition/api:*",
        &["service/shop-blue/api"],
    );
    let tasks = ["task/other/1", "task/shop-blue2/1"];
    only("Deploy", "ecs:StopTask", "task/shop-green/1", &tasks);
    let others = [
        "log-group:/ecs/other:log-stream:1",
        "log-group:/ecs/api2:log-stream:1",
    ];
    only(
        "Deploy",
        "logs:GetLogEvents",
        "log-group:/ecs/api:log-stream:api/api/1",
        &others,
    );
}

#[test]
fn deploy_reads_the_scans_of_this_repository_and_nothing_else_of_ecr() {
    let others = ["repository/team/other", "repository/team/api2"];
    let scan = "ecr:DescribeImageScanFindings";
    only("Deploy", scan, "repository/team/api", &others);
    let image = "repository/team/api";
    never(
        "Deploy",
        &[("ecr:BatchGetImage", image), ("ecr:PutImage", image)],
    );
}

/// The key is for the table and the dead letters, by way of the services that keep them.
#[test]
fn a_function_uses_the_key_only_by_the_service_that_needs_it() {
    let key = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");
    let via = |service: &str| format!("{service}.eu-west-1.amazonaws.com");
    for (function, action, service) in [
        ("Detect", "kms:Decrypt", "dynamodb"),
        ("Detect", "kms:GenerateDataKey", "dynamodb"),
        ("Flip", "kms:Decrypt", "dynamodb"),
        ("Flip", "kms:Decrypt", "sqs"),
        ("Flip", "kms:GenerateDataKey", "sqs"),
        ("Smoke", "kms:Decrypt", "secretsmanager"),
    ] {
        let need = Need::new(action, [key.clone()]);
        let wrong = ["s3", "lambda", "ssm"].map(via);
        let wrong = wrong.each_ref().map(String::as_str);
        only_with(function, &need, "kms:ViaService", &via(service), &wrong);
    }
    for function in ["Deploy", "EvaluateMetrics"] {
        never(
            function,
            &[("kms:Decrypt", "key/1234abcd-12ab-34cd-56ef-1234567890ab")],
        );
    }
}

#[test]
fn deploy_tags_what_it_registers_and_passes_these_roles() {
    let tag = |of: &str| Need::new("ecs:TagResource", [arn("ecs", of)]);
    let (key, registration) = ("ecs:CreateAction", "RegisterTaskDefinition");
    only_with(
        "Deploy",
        &tag("task-definition/api:*"),
        key,
        registration,
        &["CreateService", "RunTask"],
    );
    assert!(!may(
        "Deploy",
        &tag("service/shop-blue/api").with(key, registration)
    ));
    let pass = |role: &str| Need::new("iam:PassRole", [format!("{ROLE}{role}")]);
    let (key, tasks) = ("iam:PassedToService", "ecs-tasks.amazonaws.com");
    for role in ["api-task", "api-execution"] {
        only_with(
            "Deploy",
            &pass(role),
            key,
            tasks,
            &[
                "ecs.amazonaws.com",
                "lambda.amazonaws.com",
                "ec2.amazonaws.com",
                "*",
            ],
        );
    }
    for role in ["other", "api-task2", "shop-DeployRole", "*"] {
        assert!(!may("Deploy", &pass(role).with(key, tasks)), "{role}");
    }
}

#[test]
fn deploy_changes_nothing_else() {
    never(
        "Deploy",
        &[
            ("ecs:DeleteService", "service/shop-blue/api"),
            ("ecs:CreateService", "service/shop-blue/api"),
            ("ecs:DeregisterTaskDefinition", "task-definition/api:1"),
            ("ecs:RunTask", "task-definition/api:1"),
            (
                "elasticloadbalancing:ModifyRule",
                &format!("{RULE}9683b2d02a6cabee"),
            ),
            ("dynamodb:PutItem", "table/shop-Records"),
            ("states:StopExecution", "execution:shop-release:1"),
        ],
    );
}

#[test]
fn flip_modifies_the_services_rules_and_those_that_follow_and_no_other() {
    // The service's own come first.
    let rules = ["9683b2d02a6cabee", "1f5a1c9a3c8e7d60", "0000000000000000"];
    let [rules @ .., rule] = rules.map(|id| format!("{RULE}{id}"));
    let listeners = ["0467ef3c8400ae65", "7c1d2e3f4a5b6978", "0000000000000000"];
    let [listeners @ .., listener] = listeners.map(|id| format!("{LISTENER}{id}"));
    let others = [rule.as_str(), &listener];
    for rule in rules {
        only("Flip", "elasticloadbalancing:ModifyRule", &rule, &others);
    }
    for listener in listeners {
        let action = "elasticloadbalancing:ModifyListener";
        only("Flip", action, &listener, &others);
    }
}

#[test]
fn flip_changes_nothing_else() {
    let rule = format!("{RULE}9683b2d02a6cabee");
    let listener = format!("{LISTENER}0467ef3c8400ae65");
    for service in ["service/shop-blue/api", "service/shop-green/api"] {
        only("Flip", "ecs:DescribeServices", service, &SERVICES);
    }
    the_record("Flip");
    executions("Flip", "states:DescribeExecution");
    only(
        "Flip",
        "sqs:SendMessage",
        "shop-DeadLetterQueue",
        &["other", "shop-DeadLetterQueue2"],
    );
    never(
        "Flip",
        &[
            ("elasticloadbalancing:DeleteRule", &rule),
            ("elasticloadbalancing:CreateRule", &listener),
            ("elasticloadbalancing:SetRulePriorities", &rule),
            (
                "elasticloadbalancing:ModifyTargetGroup",
                "targetgroup/blue/6d0ecf831eec9f09",
            ),
            (
                "elasticloadbalancing:DeregisterTargets",
                "targetgroup/blue/6d0ecf831eec9f09",
            ),
            ("ecs:UpdateService", "service/shop-blue/api"),
            ("sqs:ReceiveMessage", "shop-DeadLetterQueue"),
            ("dynamodb:Query", "table/shop-Records"),
            ("states:StopExecution", "execution:shop-release:1"),
            ("states:StartExecution", "stateMachine:shop-release"),
        ],
    );
}
