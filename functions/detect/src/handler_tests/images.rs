//! Which images are let in, at detect's edge: stacks that ask for it, and what holds for scans, signatures and a verifier
//! alike.

use super::asking::{ask_for, context, plan_of, writes};
use super::aws::services_with;
use super::records::newest;
use super::registry::{client_with, images};
use crate::claim::Context;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::error::ErrorMetadata;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsError;
use aws_sdk_ecr::types::{Image, ImageIdentifier, ScanStatus};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, mock};
use fixtures::image_scan;
use serde_json::{Value, json};
use shared::scan::{ScanPolicy, ScanSeverity};

pub const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";

/// The registry has this manifest under every name.
pub fn manifest(manifest: Value) -> Rule {
    mock!(Client::batch_get_image).then_output(move || {
        let id = ImageIdentifier::builder()
            .image_digest("sha256:new")
            .build();
        let image = Image::builder().image_id(id);
        let image = image.image_manifest(manifest.to_string()).build();
        BatchGetImageOutput::builder().images(image).build()
    })
}

/// ECR says of no image how its scan is.
pub fn denied() -> Rule {
    mock!(Client::describe_image_scan_findings).then_error(|| {
        let denied = ErrorMetadata::builder().code("AccessDeniedException");
        DescribeImageScanFindingsError::generic(denied.build())
    })
}

/// A stack that asks for scans, and a registry that answers by these rules; the revision asks for this CPU.
pub fn scanning(write: &Rule, of: Value, rules: &[&Rule], cpu: Option<&str>) -> Context {
    let mut context = context(newest(), write, &images(1), Running);
    context.observer.ecr = client_with(&images(1), &manifest(of), rules);
    context.observer.images.scan = Some(ScanPolicy {
        least: ScanSeverity::High,
        only_fixable: false,
    });
    let mut revision = json!({"family": "shop"});
    if let Some(cpu) = cpu {
        revision["runtimePlatform"] = json!({"cpuArchitecture": cpu});
    }
    context.observer.usual.ecs = services_with(revision);
    context
}

pub fn tag() -> Value {
    json!({"tag": "v1.1.0"})
}

/// The answer to a request by tag is a refusal that says this.
pub async fn refused(context: &Context, expect: &str) {
    let answer = ask_for(context, tag()).await;
    let Answer::Refuse { reason, .. } = &answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.as_str().contains(expect), "{reason}");
}

#[tokio::test]
async fn a_sync_asks_for_nothing_of_all_this() {
    let write = writes();
    let mut context = scanning(&write, json!({}), &[&denied()], None);
    context.observer.images.signing_profile = Some(PROFILE.to_owned());
    context.observer.images.has_verifier = true;
    let answer = ask_for(&context, json!({"action": "sync"})).await;
    assert!(
        matches!(answer, Answer::Sync { .. } | Answer::Skip { .. }),
        "{answer:?}"
    );
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_refused_already_and_by_a_plan() {
    let write = writes();
    let bad = image_scan("sha256:new", ScanStatus::Complete, 1);
    let mut context = scanning(&write, json!({}), &[&bad], None);
    context.observer.images.has_verifier = true;
    refused(&context, "scan-findings: ").await;
    context.observer.images.scan = None;
    let steps = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let answer = ask_for(&context, steps).await;
    assert!(matches!(answer, Answer::CheckTraffic { .. }), "{answer:?}");
    let answer = ask_for(&context, plan_of(&tag())).await;
    let Answer::Preview {
        would, findings, ..
    } = answer
    else {
        panic!("no preview: {answer:?}")
    };
    assert_eq!(would, PreviewedAction::Release);
    assert!(
        findings.iter().any(|it| it.name == "verifier"),
        "{findings:?}"
    );
}
