//! Releases whose image needs a signature of the stack's profile.

use super::asking::{ask_for, ask_since, context, writes};
use super::images::{PROFILE, manifest, refused, tag};
use super::records::newest;
use super::registry::{client_with, images};
use crate::claim::Context;
use crate::task::Answer;
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::describe_image_signing_status::DescribeImageSigningStatusOutput;
use aws_sdk_ecr::types::{ImageSigningStatus, SigningStatus};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, mock};
use chrono::{TimeDelta, Utc};
use serde_json::json;

/// A stack that asks for a signature, of which ECR says this of two profiles.
fn signing(write: &Rule, status: SigningStatus) -> Context {
    let statuses = mock!(Client::describe_image_signing_status)
        .match_requests(|request| {
            let id = request.image_id().and_then(|it| it.image_digest());
            (id, request.registry_id()) == (Some("sha256:new"), Some("111122223333"))
        })
        .then_output(move || {
            let of = |profile: &str, status: &SigningStatus| {
                let built = ImageSigningStatus::builder().signing_profile_arn(profile);
                built.status(status.clone()).build()
            };
            DescribeImageSigningStatusOutput::builder()
                .signing_statuses(of("arn:other", &SigningStatus::Complete))
                .signing_statuses(of(&format!("{PROFILE}2"), &SigningStatus::Complete))
                .signing_statuses(of(PROFILE, &status))
                .build()
        });
    let mut context = context(newest(), write, &images(1), Running);
    context.observer.ecr = client_with(&images(1), &manifest(json!({})), &[&statuses]);
    context.observer.images.signing_profile = Some(PROFILE.to_owned());
    context
}

#[tokio::test]
async fn a_signature_of_the_profile_is_waited_for_before_the_claim_for_ten_minutes() {
    let write = writes();
    let going = signing(&write, SigningStatus::InProgress);
    let answer = ask_since(&going, tag(), Utc::now() - TimeDelta::seconds(590)).await;
    let Answer::Wait {
        reason, held_back, ..
    } = &answer
    else {
        panic!("no wait: {answer:?}")
    };
    assert_eq!(
        (reason.as_str(), *held_back),
        ("the signature of the image is IN_PROGRESS", false)
    );
    let answer = ask_since(&going, tag(), Utc::now() - TimeDelta::seconds(601)).await;
    assert!(
        matches!(&answer, Answer::Refuse { reason, .. } if reason.as_str().contains("is IN_PROGRESS, expected COMPLETE")),
        "{answer:?}"
    );
    refused(
        &signing(&write, SigningStatus::Failed),
        "unsigned: the signature of sha256:new is FAILED",
    )
    .await;
    assert_eq!(write.num_calls(), 0);
    let answer = ask_for(&signing(&write, SigningStatus::Complete), tag()).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
}
