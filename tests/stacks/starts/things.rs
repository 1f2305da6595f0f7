//! A6 to A8: times that lie in the future, revisions of one's own, images that are archived.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = times();
    cases.extend(revisions());
    cases.extend(refused_revisions());
    cases.extend(unfit_revisions());
    cases.extend(archived());
    cases
}

fn times() -> Vec<Case> {
    let pushed_at = |time: &str| {
        json!({
            "source": "aws.ecr", "detail-type": "ECR Image Action", "time": time,
            "detail": {
                "action-type": "PUSH", "result": "SUCCESS", "repository-name": "shop", "image-tag": "v1.1.0",
                "image-digest": "sha256:110…",
            },
        })
    };
    vec![
        Case::new(
            "A6",
            "a push from the future does not keep the next one waiting",
        )
        .asks(pushed_at("2099-01-01T00:00:00Z"))
        .releases()
        .ends("failed", "AwsUnavailable", "for another reason")
        .pushes("latest", "sha256:110…")
        .releases(),
        Case::new(
            "A6",
            "a record that holds a push from the future, as the version before wrote it",
        )
        .change(json!({"record/newest/madeAt": "2099-01-01T00:00:00Z"}))
        .pushes("v1.1.0", "sha256:110…")
        .releases(),
        Case::new("A6", "an older push stays older")
            .asks(pushed_at("2026-11-18T00:00:00Z"))
            .skips()
            .saying(&["superseded"]),
    ]
}

/// A request for a revision of one's own, which runs this image and has this status.
fn own(title: &'static str, image: &str, status: &str) -> Case {
    own_but(title, image, status, json!({}))
}

/// The same with changes to the stack.
fn own_but(title: &'static str, image: &str, status: &str, changes: Value) -> Case {
    let definition = json!({
        "taskDefinitionArn": "ecs:task-definition/shop:9", "family": "shop", "revision": 9, "status": status,
        "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [
            {"name": "api", "image": image, "essential": true, "portMappings": [{"containerPort": 8080}]},
        ],
    });
    let case = Case::new("A7", title).change(json!({"taskDefinitions/9": definition}));
    case.change(changes)
        .asks(json!({"taskDefinition": "ecs:task-definition/shop:9"}))
}

const BY_DIGEST: &str = "registry/shop@sha256:110…";

fn revisions() -> Vec<Case> {
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
fn refused_revisions() -> Vec<Case> {
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
fn unfit_revisions() -> Vec<Case> {
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

fn archived() -> Vec<Case> {
    let requested = |title, status: &str, shown: bool| {
        let change = json!({"images/v1.1.0/imageStatus": status, "showsArchived": shown});
        Case::new("A8", title)
            .change(change)
            .asks(json!({"tag": "v1.1.0"}))
    };
    let runs = |title, image: &str, shown: bool| {
        let status = format!("images/{image}/imageStatus");
        let change = json!({status: "ARCHIVED", "showsArchived": shown});
        Case::new("A8", title)
            .change(change)
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
    };
    vec![
        requested("an image that is archived", "ARCHIVED", true)
            .refuses_with(&["ARCHIVED", "estore it first"]),
        Case::new("A8", "an archived image by its digest")
            .change(json!({"images/v1.1.0/imageStatus": "ARCHIVED", "showsArchived": true}))
            .asks(json!({"image": "shop@sha256:110…"}))
            .refuses_with(&["ARCHIVED"]),
        Case::new(
            "A8",
            "a sync to an archived image would end the flip back for nothing",
        )
        .change(json!({"images/v1.0.0/imageStatus": "ARCHIVED", "showsArchived": true}))
        .asks(json!({"action": "sync"}))
        .refuses_also("image-gone", &["100", "or is archived"]),
        requested("an image that is being restored", "ACTIVATING", true)
            .refuses_with(&["ACTIVATING", "being restored: request it again"]),
        requested(
            "an archived image that DescribeImages shows on demand only",
            "ARCHIVED",
            false,
        )
        .refuses_with(&["ARCHIVED"]),
        runs("idle's image is archived", "v0.9.0", true).warns("image-gone", &["green", "090"]),
        runs("active's image is archived", "v1.0.0", true).warns("image-gone", &["blue", "100"]),
        runs(
            "idle's archived image that DescribeImages shows on demand only",
            "v0.9.0",
            false,
        )
        .warns("image-gone", &["green"]),
    ]
}
