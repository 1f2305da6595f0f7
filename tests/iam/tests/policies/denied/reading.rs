//! The functions that change nothing but the record, and smoke, which calls nothing at all.

use super::{
    RULE, SERVICES, arn, executions, may, never, only, tasks_of_these_clusters, the_record,
};
use crate::policies;
use iam::Need;
use iam::facts::FACTS;
use iam::policies::allows;

#[test]
fn detect_reads_this_service_and_no_other() {
    only(
        "Detect",
        "ecs:DescribeServices",
        "service/shop-blue/api",
        &SERVICES,
    );
    only(
        "Detect",
        "ecs:DescribeServices",
        "service/shop-green/api",
        &SERVICES,
    );
    tasks_of_these_clusters("Detect");
    let repositories = [
        "repository/team/other",
        "repository/team/api2",
        "repository/*",
    ];
    only(
        "Detect",
        "secretsmanager:DescribeSecret",
        "secret:db-AbCdEf",
        &["secret:other-AbCdEf", "secret:db-AbCdEf2"],
    );
    for action in [
        "ecr:DescribeImages",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeImageSigningStatus",
        "ecr:DescribeRepositories",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ] {
        only("Detect", action, "repository/team/api", &repositories);
    }
    the_record("Detect");
    executions("Detect", "states:DescribeExecution");
}

/// Its history for a status, and a release that a person wants to be stopped.
#[test]
fn detect_queries_the_record_and_stops_executions_of_this_machine_only() {
    let wrong = [
        "table/other",
        "table/shop-Records2",
        "table/shop-Records/index/all",
    ];
    only("Detect", "dynamodb:Query", "table/shop-Records", &wrong);
    executions("Detect", "states:StopExecution");
}

#[test]
fn detect_changes_nothing_but_the_record() {
    never(
        "Detect",
        &[
            ("ecs:UpdateService", "service/shop-blue/api"),
            ("ecs:RegisterTaskDefinition", "task-definition/api:1"),
            (
                "elasticloadbalancing:ModifyRule",
                &format!("{RULE}9683b2d02a6cabee"),
            ),
            ("states:StartExecution", "stateMachine:shop-release"),
            ("ecr:PutImage", "repository/team/api"),
            ("secretsmanager:GetSecretValue", "secret:db-AbCdEf"),
            ("logs:GetLogEvents", "log-group:/ecs/api:log-stream:1"),
        ],
    );
}

/// Nothing of what the others may do; and what Lambda may do for it, its own code may not.
#[test]
fn smoke_reads_one_secret_and_calls_nothing_else_of_aws() {
    let secret = "secretsmanager:GetSecretValue";
    let others = ["secret:other-AbCdEf", "secret:db-AbCdEf"];
    only("Smoke", secret, "secret:smoke-AbCdEf", &others);
    for fact in FACTS {
        let by_lambda = ["logs:", "xray:"]
            .iter()
            .any(|it| fact.action.starts_with(it));
        let need = Need::new(fact.action, ["*".to_owned()]);
        assert!(by_lambda || !may("Smoke", &need), "Smoke may {need:?}");
    }
    let policies = policies();
    let interface = Need::new(
        "ec2:CreateNetworkInterface",
        [arn("ec2", "subnet/subnet-1")],
    );
    let by_lambda = allows(policies.statements("Smoke"), &interface);
    assert!(
        by_lambda.is_ok(),
        "Lambda cannot put smoke into its subnets: {by_lambda:?}"
    );
    assert!(
        !may("Smoke", &interface),
        "smoke's own code can make interfaces"
    );
}

#[test]
fn evaluate_metrics_only_reads() {
    for action in ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"] {
        let read = Need::new(action, ["*".to_owned()]);
        assert!(may("EvaluateMetrics", &read));
    }
    never(
        "EvaluateMetrics",
        &[
            ("cloudwatch:PutMetricData", ""),
            ("cloudwatch:SetAlarmState", "alarm:shop-blue-5xx"),
            ("cloudwatch:DeleteAlarms", "alarm:shop-blue-5xx"),
            (
                "elasticloadbalancing:ModifyRule",
                &format!("{RULE}9683b2d02a6cabee"),
            ),
            ("dynamodb:GetItem", "table/shop-Records"),
            ("dynamodb:Query", "table/shop-Records"),
            ("states:StopExecution", "execution:shop-release:1"),
            ("ecs:UpdateService", "service/shop-blue/api"),
        ],
    );
}

#[test]
fn a_function_writes_its_own_log() {
    for function in policies().functions() {
        let of = |name: &str| format!("log-group:shop-{name}Logs:log-stream:1");
        let beside = if function == "Flip" { "Deploy" } else { "Flip" };
        let wrong = [of(beside), of("Release")];
        let wrong = wrong.each_ref().map(String::as_str);
        only(function, "logs:PutLogEvents", &of(function), &wrong);
    }
}
