//! The rights that a parameter adds: exactly these, to these roles. Without it no role has them.

use super::{KEY, PROFILE, SECRET, VERIFIER, stack};
use iam::Deployed;
use iam::policies::statements;
use std::collections::BTreeSet;

const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/team/api";

/// Every right of every role: role, action, resource and the conditions in a line.
fn rights(stack: &Deployed) -> BTreeSet<String> {
    let mut rights = BTreeSet::new();
    for (role, _) in stack.made("AWS::IAM::Role").expect("roles") {
        for statement in statements(stack, role).expect("every policy is understood") {
            let only = statement.conditions();
            let of = |action: &String| {
                let on = |resource: &String| format!("{role} {action} {resource}{only}");
                statement.resources.iter().map(on).collect::<Vec<_>>()
            };
            rights.extend(statement.actions.iter().flat_map(of));
        }
    }
    rights
}

/// The stack has these rights more than one without the parameters, and these fewer.
fn check(parameters: &[(&str, &str)], more: &[String], fewer: &[String]) {
    let (without, with) = (rights(&stack(&[])), rights(&stack(parameters)));
    let difference =
        |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        difference(&with, &without),
        more.iter().cloned().collect(),
        "{parameters:?}"
    );
    assert_eq!(
        difference(&without, &with),
        fewer.iter().cloned().collect(),
        "{parameters:?}"
    );
}

fn lines(role: &str, actions: &[&str], resources: &[&str]) -> Vec<String> {
    let of = |action: &&str| {
        resources
            .iter()
            .map(|it| format!("{role} {action} {it}"))
            .collect::<Vec<_>>()
    };
    actions.iter().flat_map(of).collect()
}

/// The lines of rights that a statement with this condition gives.
fn lines_if(condition: &str, role: &str, actions: &[&str], resources: &[&str]) -> Vec<String> {
    let lines = lines(role, actions, resources).into_iter();
    lines.map(|it| format!("{it} if {condition}")).collect()
}

#[test]
fn a_check_of_images_adds_the_calls_that_it_needs() {
    let scan = |role: &str| {
        [
            format!("{role} ecr:DescribeImageScanFindings {REPOSITORY}"),
            format!("{role} inspector2:ListFindings *"),
        ]
    };
    check(
        &[("ScanSeverity", "LOW")],
        &[scan("DetectRole"), scan("DeployRole")].concat(),
        &[],
    );
    let signed = lines(
        "DetectRole",
        &["ecr:DescribeImageSigningStatus"],
        &[REPOSITORY],
    );
    check(&[("SigningProfileArn", PROFILE)], &signed, &[]);
    let verify = lines("ReleaseRole", &["lambda:InvokeFunction"], &[VERIFIER]);
    check(&[("VerifierFunctionArn", VERIFIER)], &verify, &[]);
    for none in [("MutableTags", "refuse"), ("ScanFindings", "fixable")] {
        check(&[none], &[], &[]);
    }
}

/// The machine starts tasks only where there can be a command for one.
#[test]
fn a_stack_without_commands_has_a_machine_that_starts_no_task() {
    let arn = |service: &str, it: &str| format!("arn:aws:{service}:eu-west-1:111122223333:{it}");
    let tasks = ["task/shop-blue/*", "task/shop-green/*"].map(|it| arn("ecs", it));
    let tasks = tasks.each_ref().map(String::as_str);
    let rule = arn("events", "rule/StepFunctionsGetEventsForECSTaskRule");
    let roles = [
        "arn:aws:iam::111122223333:role/api-task",
        "arn:aws:iam::111122223333:role/api-execution",
    ];
    let clusters = ["cluster/shop-blue", "cluster/shop-green"].map(|it| arn("ecs", it));
    let in_clusters = format!("ArnLike ecs:cluster {}", clusters.join(" or "));
    let to_tasks = "StringEquals iam:PassedToService ecs-tasks.amazonaws.com or ecs.amazonaws.com";
    let machine = "ReleaseRole";
    let runs = [
        lines_if(
            &in_clusters,
            machine,
            &["ecs:RunTask"],
            &[&arn("ecs", "task-definition/*")],
        ),
        lines(machine, &["ecs:StopTask", "ecs:DescribeTasks"], &tasks),
        lines_if(to_tasks, machine, &["iam:PassRole"], &roles),
        lines(
            machine,
            &["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            &[&rule],
        ),
    ]
    .concat();
    let (command, contract) = (
        ("MigrationCommand", "[\"up\"]"),
        ("ContractCommand", "[\"down\"]"),
    );
    for parameters in [
        &[("CommandsFrom", "request")][..],
        &[command],
        &[contract],
        &[command, contract],
    ] {
        check(parameters, &runs, &[]);
    }
    check(&[("CommandsFrom", "nobody")], &[], &[]);
}

#[test]
fn a_registry_of_another_account_takes_the_place_of_this_ones() {
    let reads = [
        "ecr:DescribeImages",
        "ecr:DescribeRepositories",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ];
    let there = REPOSITORY.replace("111122223333", "777788889999");
    let (more, fewer) = (
        lines("DetectRole", &reads, &[&there]),
        lines("DetectRole", &reads, &[REPOSITORY]),
    );
    check(&[("RegistryId", "777788889999")], &more, &fewer);
    check(&[("RegistryId", "111122223333")], &[], &[]);
}

#[test]
fn a_secret_and_a_key_are_for_those_who_use_them() {
    let secret = lines("SmokeRole", &["secretsmanager:GetSecretValue"], &[SECRET]);
    check(&[("SmokeSecretArn", SECRET)], &secret, &[]);
    // DynamoDB developer guide, "Encryption at rest".
    let table = [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:DescribeKey",
        "kms:CreateGrant",
    ];
    let by =
        |service: &str| format!("StringEquals kms:ViaService {service}.eu-west-1.amazonaws.com");
    let key = [
        lines_if(&by("dynamodb"), "DetectRole", &table, &[KEY]),
        lines_if(&by("dynamodb"), "FlipRole", &table, &[KEY]),
        // Lambda puts what flip could not take into its queue in the name of its role.
        lines_if(
            &by("sqs"),
            "FlipRole",
            &["kms:GenerateDataKey", "kms:Decrypt"],
            &[KEY],
        ),
    ]
    .concat();
    check(&[("KmsKeyArn", KEY)], &key, &[]);
    let decrypts = lines_if(&by("secretsmanager"), "SmokeRole", &["kms:Decrypt"], &[KEY]);
    let both = [key, secret, decrypts].concat();
    check(
        &[("KmsKeyArn", KEY), ("SmokeSecretArn", SECRET)],
        &both,
        &[],
    );
}

#[test]
fn what_is_about_the_account_alone_changes_no_right() {
    for parameter in [
        (
            "PermissionsBoundaryArn",
            "arn:aws:iam::111122223333:policy/boundary",
        ),
        ("RolePath", "/releases/"),
        ("DeletionProtection", "on"),
        ("LogRetentionDays", "0"),
        ("MachineLogLevel", "OFF"),
        ("MachineLogData", "off"),
        ("FlipConcurrency", "5"),
    ] {
        check(&[parameter], &[], &[]);
    }
}
