//! Requests for a revision that the team registered itself.

use super::artifacts::PUSHED;
use super::asking::{ask_for, context, writes};
use super::aws::services_with;
use super::records::newest;
use super::registry::{image_found, registry_of, stored};
use crate::look::MutableTags;
use crate::task::Answer;
use aws_sdk_ecs::types::TaskDefinitionStatus;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::json;

const ARN: &str = "arn:aws:ecs:eu-west-1:1:task-definition/shop:7";

/// The answer to a request for a revision whose container `api` runs `image`.
async fn answer(image: &str, status: TaskDefinitionStatus) -> Answer {
    answer_to(&[("api", image)], status).await
}

/// The same of a revision whose containers run these images.
async fn answer_to(images: &[(&str, &str)], status: TaskDefinitionStatus) -> Answer {
    let containers = images
        .iter()
        .map(|(name, image)| json!({"name": name, "image": image}));
    let definition = json!({
        "taskDefinitionArn": ARN, "status": status.as_str(),
        "containerDefinitions": Vec::from_iter(containers),
    });
    let mut context = context(newest(), &writes(), &image_found(), Running);
    context.observer.ecr = registry_of(vec![stored("v1.3.0", PUSHED, json!({}))]);
    context.observer.ecs = services_with(definition.clone());
    context.observer.usual.ecs = services_with(definition);
    // Its digest is what counts.
    context.observer.images.mutable_tags = MutableTags::Refuse;
    ask_for(&context, json!({"taskDefinition": ARN})).await
}

#[tokio::test]
async fn a_revision_that_names_its_image_by_tag_and_digest_is_released() {
    for host in [
        "host/shop",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop",
        "111122223333.dkr-ecr.eu-west-1.on.aws/shop",
    ] {
        let image = format!("{host}:v1.3.0@{PUSHED}");
        let answer = answer(&image, TaskDefinitionStatus::Active).await;
        let Answer::Release { plan, .. } = answer else {
            panic!("no release of {image}: {answer:?}")
        };
        assert_eq!(plan.image.tag.as_deref(), Some("v1.3.0"));
        assert_eq!(plan.image.digest.as_str(), PUSHED);
        assert_eq!(plan.task_definition.as_deref(), Some(ARN));
    }
}

#[tokio::test]
async fn a_revision_that_ecs_would_not_run_or_that_names_no_digest_is_refused() {
    let pinned = format!("host/shop@{PUSHED}");
    for (image, status, expect) in [
        (
            pinned.as_str(),
            TaskDefinitionStatus::Inactive,
            "is INACTIVE, expected ACTIVE",
        ),
        (
            pinned.as_str(),
            TaskDefinitionStatus::DeleteInProgress,
            "is DELETE_IN_PROGRESS, expected ACTIVE",
        ),
        (
            "host/shop:v1.3.0",
            TaskDefinitionStatus::Active,
            "expected an image pinned by digest (host/shop@sha256:...)",
        ),
        (
            "999988887777.dkr.ecr.eu-west-1.amazonaws.com/shop:v1.3.0",
            TaskDefinitionStatus::Active,
            "container api of arn:aws:ecs:eu-west-1:1:task-definition/shop:7: expected repository shop",
        ),
    ] {
        let answer = answer(image, status).await;
        assert!(
            matches!(&answer, Answer::Refuse { reason, .. } if reason.as_str().contains(expect)),
            "{expect}: {answer:?}"
        );
    }
}

/// No scan, signature or verifier is about the image of another container.
#[tokio::test]
async fn another_digest_of_the_repository_beside_the_released_one_is_warned_of() {
    const DUAL_STACK: &str = "111122223333.dkr-ecr.eu-west-1.on.aws/shop";
    let released = ["host/shop", DUAL_STACK].map(|host| format!("{host}@{PUSHED}"));
    for (worker, warns) in [
        ("host/shop@sha256:old".to_owned(), true),
        (format!("{DUAL_STACK}@sha256:old"), true),
        (format!("{DUAL_STACK}:v1.2.0"), true),
        (format!("ghcr.io/shop@{PUSHED}"), false),
        ("shop@sha256:old".to_owned(), false),
        ("host/shop-worker@sha256:old".to_owned(), false),
    ] {
        for api in &released {
            let images = [("api", api.as_str()), ("worker", worker.as_str())];
            let answer = answer_to(&images, TaskDefinitionStatus::Active).await;
            let Answer::Release { plan, .. } = answer else {
                panic!("no release of {images:?}: {answer:?}")
            };
            let warned = plan
                .warnings
                .iter()
                .any(|it| it.starts_with("other-image: container worker"));
            assert_eq!(warned, warns, "{images:?}: {:?}", plan.warnings);
        }
    }
}
