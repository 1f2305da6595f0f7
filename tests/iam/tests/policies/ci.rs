//! The policy that `.github/actions/release/ci-policy.json` gives to CI: it releases by the machine for CI, and nothing else.
//!
//! IAM cannot look into the input of an execution. The machine for CI passes only releases and previews on, so whoever may
//! start that machine alone can roll nothing back, run no command and give no word of people.

use crate::deployed;
use iam::policies::allows;
use iam::report::too_wide;
use iam::{Need, Statement};
use serde_json::Value;
use std::collections::BTreeSet;

/// Everything that a job needs, and on what: it starts, follows, shows phases, and pushes an image.
const RIGHTS: [(&str, &str); 11] = [
    (
        "states:StartExecution",
        "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-ci",
    ),
    (
        "states:DescribeExecution",
        "arn:aws:states:eu-west-1:111122223333:execution:shop-ci:*",
    ),
    (
        "states:DescribeExecution",
        "arn:aws:states:eu-west-1:111122223333:execution:shop-release:*",
    ),
    (
        "states:GetExecutionHistory",
        "arn:aws:states:eu-west-1:111122223333:execution:shop-release:*",
    ),
    ("ecr:GetAuthorizationToken", "*"),
    ("ecr:BatchCheckLayerAvailability", REPOSITORY),
    ("ecr:BatchGetImage", REPOSITORY),
    ("ecr:CompleteLayerUpload", REPOSITORY),
    ("ecr:InitiateLayerUpload", REPOSITORY),
    ("ecr:PutImage", REPOSITORY),
    ("ecr:UploadLayerPart", REPOSITORY),
];

const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/team/api";

/// The policy for the stack on paper, as whoever uses it fills it in.
fn policy() -> Vec<Statement> {
    let text = project::read(".github/actions/release/ci-policy.json");
    let own = [
        ("REGION", "eu-west-1"),
        ("ACCOUNT", "111122223333"),
        ("STACK", "shop"),
        ("REPOSITORY", "team/api"),
    ];
    let text = own
        .iter()
        .fold(text, |text, (name, value)| text.replace(name, value));
    let policy: Value = serde_json::from_str(&text).expect("valid JSON");
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().expect("statements").iter();
    let statements = statements.map(|it| {
        assert_eq!(
            it.get("Condition"),
            None,
            "a condition that nobody reads here"
        );
        Statement::read(it)
    });
    statements
        .collect::<Result<_, _>>()
        .expect("every statement is understood")
}

fn may(action: &str, service: &str, resource: &str) -> bool {
    let resource = deployed().place().arn(service, resource);
    allows(&policy(), &Need::new(action, [resource])).is_ok()
}

/// Whoever adds a right changes this list too, and says why.
#[test]
fn the_policy_holds_these_rights_and_not_one_more() {
    let mut found = BTreeSet::new();
    for statement in policy() {
        assert!(statement.allows, "{statement:?}");
        assert_eq!(too_wide(&statement).expect("known actions"), [""; 0]);
        for action in &statement.actions {
            let each = statement
                .resources
                .iter()
                .map(|it| (action.clone(), it.clone()));
            found.extend(each);
        }
    }
    let expect = RIGHTS.map(|(action, resource)| (action.to_owned(), resource.to_owned()));
    assert_eq!(found, expect.into());
}

#[test]
fn a_job_starts_the_machine_for_ci_and_follows_its_release() {
    assert!(may(
        "states:StartExecution",
        "states",
        "stateMachine:shop-ci"
    ));
    for machine in ["ci", "release"] {
        let execution = format!("execution:shop-{machine}:build-7");
        assert!(may("states:DescribeExecution", "states", &execution));
    }
    assert!(may(
        "states:GetExecutionHistory",
        "states",
        "execution:shop-release:build-7"
    ));
    for action in [
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
    ] {
        assert!(may(action, "ecr", "repository/team/api"), "{action}");
    }
}

/// What a job must not do: action, service and resource. The release machine takes words of people, commands and rollbacks.
const PAST_THE_DOOR: &str = "
states:StartExecution states stateMachine:shop-release
states:StartExecution states stateMachine:other-ci
states:StopExecution states execution:shop-release:build-7
states:StopExecution states execution:shop-ci:build-7
states:RedriveExecution states execution:shop-release:build-7
states:SendTaskSuccess states stateMachine:shop-release
states:UpdateStateMachine states stateMachine:shop-ci
states:DescribeExecution states execution:other-release:build-7
lambda:InvokeFunction lambda function:shop-Flip
lambda:UpdateFunctionCode lambda function:shop-Detect
dynamodb:PutItem dynamodb table/shop-Records
dynamodb:GetItem dynamodb table/shop-Records
elasticloadbalancing:ModifyRule elasticloadbalancing listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee
ecs:UpdateService ecs service/shop-blue/api
ecs:RunTask ecs task-definition/api:1
ecs:RegisterTaskDefinition ecs task-definition/api:1
iam:PassRole iam role/api-task
iam:PutRolePolicy iam role/shop-FlipRole
sts:AssumeRole iam role/shop-FlipRole
cloudwatch:SetAlarmState cloudwatch alarm:shop-blue-5xx
cloudwatch:DeleteAlarms cloudwatch alarm:shop-blue-5xx
cloudformation:UpdateStack cloudformation stack/shop/1
events:PutEvents events event-bus/default
events:PutTargets events rule/shop-ImagePushed
secretsmanager:GetSecretValue secretsmanager secret:db-AbCdEf
ecr:PutImage ecr repository/team/other
ecr:PutImage ecr repository/team/api2
ecr:BatchDeleteImage ecr repository/team/api
ecr:SetRepositoryPolicy ecr repository/team/api
ecr:PutImageTagMutability ecr repository/team/api
";

#[test]
fn a_job_can_do_nothing_past_the_machine_for_ci() {
    let lines = PAST_THE_DOOR.trim().lines();
    let denied: Vec<Vec<_>> = lines.map(|it| it.split(' ').collect()).collect();
    assert!(denied.len() > 25);
    for line in denied {
        let [action, service, resource] = line[..] else {
            panic!("three columns: {line:?}");
        };
        assert!(!may(action, service, resource), "CI may {line:?}");
    }
}
