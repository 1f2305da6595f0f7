//! A7: revisions of one's own.

use crate::case::Case;
use serde_json::{Value, json};

const ARN: &str = "ecs:task-definition/shop:9";

pub fn cases() -> Vec<Case> {
    let mut cases = released();
    cases.extend(refused());
    cases.extend(unfit());
    cases.extend(with_roles());
    cases.extend(from_ci());
    cases
}

/// A request for a revision of one's own, which runs this image and has this status.
fn own(title: &'static str, image: &str, status: &str) -> Case {
    own_but(title, image, status, json!({}))
}

/// The same with changes to the stack.
fn own_but(title: &'static str, image: &str, status: &str, changes: Value) -> Case {
    registered(title, image, status, changes).asks(json!({"taskDefinition": ARN}))
}

/// A stack with that revision, and with these changes.
fn registered(title: &'static str, image: &str, status: &str, changes: Value) -> Case {
    let definition = json!({
        "taskDefinitionArn": ARN, "family": "shop", "revision": 9, "status": status,
        "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [
            {"name": "api", "image": image, "essential": true, "portMappings": [{"containerPort": 8080}]},
        ],
    });
    let case = Case::new("A7", title).change(json!({"taskDefinitions/9": definition}));
    case.change(changes)
}

const BY_DIGEST: &str = "registry/shop@sha256:110…";

fn released() -> Vec<Case> {
    vec![
        own("a revision by digest", BY_DIGEST, "ACTIVE").releases(),
        own(
            "a revision by tag and digest",
            "registry/shop:v1.1.0@sha256:110…",
            "ACTIVE",
        )
        .releases(),
        own(
            "a revision by the host of both IP versions",
            "111122223333.dkr-ecr.eu-west-1.on.aws/shop@sha256:110…",
            "ACTIVE",
        )
        .releases(),
    ]
}

/// What ECS would refuse later, or nobody could vouch for.
fn refused() -> Vec<Case> {
    vec![
        own("a revision by tag alone", "registry/shop:v1.1.0", "ACTIVE")
            .refuses_with(&["shop:v1.1.0", "digest"]),
        own(
            "a revision of another registry",
            "ghcr.io/shop@sha256:110…",
            "ACTIVE",
        )
        .refuses_with(&["ghcr.io/shop"]),
        own("a revision that is inactive", BY_DIGEST, "INACTIVE").refuses_with(&["INACTIVE"]),
        own(
            "a revision that is being deleted",
            BY_DIGEST,
            "DELETE_IN_PROGRESS",
        )
        .refuses_with(&["DELETE_IN_PROGRESS"]),
        Case::new("A7", "a revision that does not exist")
            .asks(json!({"taskDefinition": "ecs:task-definition/shop:99"}))
            .refuses_with(&["shop:99"]),
        own(
            "a revision whose image is no image",
            "registry/shop@sha256:110b…",
            "ACTIVE",
        )
        .refuses_with(&["110b"]),
    ]
}

/// What idle's service could not run.
fn unfit() -> Vec<Case> {
    let on_instances = |title, mode: &str| {
        let changes = json!({
            "taskDefinitions/9/networkMode": mode, "taskDefinitions/9/requiresCompatibilities": ["EC2"],
            "taskDefinitions/9/compatibilities": ["EC2"],
            "taskDefinitions/9/runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            "services/green/launchType": "EC2",
        });
        own_but(title, BY_DIGEST, "ACTIVE", changes)
    };
    let on_fargate = |title, changes| own_but(title, BY_DIGEST, "ACTIVE", changes);
    vec![
        on_instances("a revision without addresses of its own", "bridge")
            .refuses("service-mismatch", &["networkMode is bridge", "awsvpc", "green"]),
        on_instances("a revision for instances, which have the addresses", "host")
            .refuses("service-mismatch", &["networkMode is host"]),
        on_instances("a revision for instances with addresses of its own", "awsvpc").releases(),
        on_fargate(
            "a revision that Fargate does not run",
            json!({"taskDefinitions/9/compatibilities": ["EC2", "EXTERNAL"]}),
        )
        .refuses("service-mismatch", &["compatibilities are EC2 and EXTERNAL", "FARGATE", "green"]),
        on_fargate(
            "a revision that Fargate's spot tasks could not run",
            json!({
                "taskDefinitions/9/compatibilities": ["EC2"], "services/green/launchType": null,
                "services/green/capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
            }),
        )
        .refuses("service-mismatch", &["compatibilities are EC2", "FARGATE"]),
        on_fargate(
            "a revision of which ECS does not say what it needs",
            json!({"taskDefinitions/9/networkMode": null, "taskDefinitions/9/compatibilities": null}),
        )
        .releases(),
    ]
}

/// Its tasks would run with its roles, so the stack has to know them.
fn with_roles() -> Vec<Case> {
    let own = |title, changes| own_but(title, BY_DIGEST, "ACTIVE", changes);
    let admin = "arn:aws:iam::111122223333:role/admin";
    vec![
        own(
            "a revision with a role of the stack's",
            json!({"taskDefinitions/9/taskRoleArn": "arn:aws:iam::111122223333:role/shop-task"}),
        )
        .releases(),
        own(
            "a revision with another task role",
            json!({"taskDefinitions/9/taskRoleArn": admin}),
        )
        .refuses("role-not-passable", &["names arn:aws:iam::111122223333:role/admin", "TaskRoleArns"]),
        own(
            "a revision with another execution role",
            json!({"taskDefinitions/9/executionRoleArn": admin}),
        )
        .refuses("role-not-passable", &["role/admin"]),
        own(
            "a role that is listed for it",
            json!({"taskDefinitions/9/executionRoleArn": admin, "parameters/TaskRoleArns": [admin]}),
        )
        .releases(),
    ]
}

/// CI's machine releases what is live, in another revision; an operator releases any.
fn from_ci() -> Vec<Case> {
    let by = |title, family: &str, input: fn(&str) -> Value| {
        let arn = format!("ecs:task-definition/{family}:9");
        let changes =
            json!({"taskDefinitions/9/taskDefinitionArn": arn, "taskDefinitions/9/family": family});
        registered(title, BY_DIGEST, "ACTIVE", changes).asks(input(&arn))
    };
    let ci = |arn: &str| json!({"action": "from-ci", "request": {"taskDefinition": arn}});
    vec![
        by("a revision of the live family from CI", "shop", ci).releases(),
        by("a revision of another family from CI", "worker", ci)
            .decides("refuse")
            .saying(&[
                "expected a revision of family shop, which active blue runs, found worker",
                "CI's machine releases no other one. Let an operator start STACK-release.",
            ]),
        by(
            "a revision of another family by an operator",
            "worker",
            |arn| json!({"taskDefinition": arn}),
        )
        .releases(),
    ]
}
