//! Which images are let in, at detect's edge: what is asked of the registry, and what comes of it before anything is written.

use super::asking::{ask_for, ask_since, context, detect_task, plan_of, writes};
use super::aws::services_with;
use super::records::{ME, held_by, newest, noon};
use super::registry::{client, client_with, images};
use crate::claim::Context;
use crate::handler::handle;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::error::ErrorMetadata;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::operation::describe_image_scan_findings::{
    DescribeImageScanFindingsError, DescribeImageScanFindingsOutput,
};
use aws_sdk_ecr::operation::describe_image_signing_status::DescribeImageSigningStatusOutput;
use aws_sdk_ecr::types::{
    FindingSeverity, Image, ImageIdentifier, ImageScanFindings, ImageScanStatus,
    ImageSigningStatus, ScanStatus, SigningStatus,
};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, mock};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use shared::Digest;
use shared::scan::{ScanPolicy, ScanSeverity};

const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";
const AMD64: &str = "sha256:amd64";
const ARM64: &str = "sha256:arm64";

/// An index for two platforms.
fn index() -> Value {
    let member = |digest: &str, cpu: &str| {
        json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest,
            "platform": {"os": "linux", "architecture": cpu}})
    };
    json!({"manifests": [member(AMD64, "amd64"), member(ARM64, "arm64")]})
}

fn manifest(manifest: Value) -> Rule {
    mock!(Client::batch_get_image).then_output(move || {
        let id = ImageIdentifier::builder()
            .image_digest("sha256:new")
            .build();
        let image = Image::builder().image_id(id);
        let image = image.image_manifest(manifest.to_string()).build();
        BatchGetImageOutput::builder().images(image).build()
    })
}

/// The scan of an image, with so many findings of severity HIGH.
fn scan(digest: &'static str, status: ScanStatus, high: i32) -> Rule {
    mock!(Client::describe_image_scan_findings)
        .match_requests(move |request| {
            let id = request.image_id().and_then(|it| it.image_digest());
            (id, request.registry_id()) == (Some(digest), Some("111122223333"))
        })
        .then_output(move || {
            let findings = ImageScanFindings::builder();
            let findings = findings.finding_severity_counts(FindingSeverity::High, high);
            let status = ImageScanStatus::builder().status(status.clone());
            DescribeImageScanFindingsOutput::builder()
                .image_scan_status(status.build())
                .image_scan_findings(findings.build())
                .build()
        })
}

fn denied() -> Rule {
    mock!(Client::describe_image_scan_findings).then_error(|| {
        let denied = ErrorMetadata::builder().code("AccessDeniedException");
        DescribeImageScanFindingsError::generic(denied.build())
    })
}

/// A stack that asks for scans, and a registry that answers by these rules; the revision asks for this CPU.
fn scanning(write: &Rule, of: Value, rules: &[&Rule], cpu: Option<&str>) -> Context {
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

fn tag() -> Value {
    json!({"tag": "v1.1.0"})
}

async fn refused(context: &Context, expect: &str) {
    let answer = ask_for(context, tag()).await;
    let Answer::Refuse { reason, .. } = &answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.as_str().contains(expect), "{reason}");
}

#[tokio::test]
async fn a_scan_that_is_decided_refuses_before_anything_is_claimed() {
    let (write, bad) = (writes(), scan("sha256:new", ScanStatus::Complete, 2));
    let context = scanning(&write, json!({}), &[&bad], None);
    refused(
        &context,
        "scan-findings: sha256:new has 2 HIGH findings, expected none of HIGH or worse. The stack",
    )
    .await;
    assert_eq!(write.num_calls(), 0);
    let (write, good) = (writes(), scan("sha256:new", ScanStatus::Complete, 0));
    let context = scanning(&write, json!({}), &[&good], None);
    let answer = ask_for(&context, tag()).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    assert_eq!((plan.scan, write.num_calls()), (None, 1));
}

#[tokio::test]
async fn a_scan_that_is_still_going_is_left_to_the_deployment_and_a_plan_says_so() {
    let (write, going) = (writes(), scan("sha256:new", ScanStatus::InProgress, 0));
    let context = scanning(&write, json!({}), &[&going], None);
    let previewed = ask_for(&context, plan_of(&tag())).await;
    let Answer::Preview {
        would,
        findings,
        plan,
        ..
    } = previewed
    else {
        panic!("no preview: {previewed:?}")
    };
    assert_eq!(would, PreviewedAction::Release);
    let note = findings
        .iter()
        .find(|it| it.name == "scan-findings")
        .expect("a note");
    assert!(
        note.found.contains("would wait for it before its flip"),
        "{note:?}"
    );
    let answer = ask_for(&context, tag()).await;
    let Answer::Release { plan: released, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    let scan = released.scan.expect("a scan");
    assert_eq!(plan.and_then(|it| it.scan), Some(scan.clone()));
    assert_eq!(scan.digests, [Digest::from("sha256:new")]);
    assert_eq!(scan.pushed_at, Some(noon() + TimeDelta::seconds(1)));
}

#[tokio::test]
async fn of_an_index_the_image_is_asked_for_that_will_run_and_each_where_nobody_knows() {
    let (amd64, arm64) = (
        scan(AMD64, ScanStatus::Complete, 0),
        scan(ARM64, ScanStatus::Complete, 1),
    );
    let rules = [&amd64, &arm64];
    let context = scanning(&writes(), index(), &rules, Some("X86_64"));
    let answer = ask_for(&context, tag()).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!((amd64.num_calls(), arm64.num_calls()), (1, 0));
    let context = scanning(&writes(), index(), &rules, Some("ARM64"));
    refused(&context, "sha256:arm64 has 1 HIGH findings").await;
    assert_eq!(amd64.num_calls(), 1);
    // A revision for instances names no platform, and one that cannot be read says nothing at all.
    let context = scanning(&writes(), index(), &rules, None);
    refused(&context, "sha256:arm64 has 1 HIGH findings").await;
    assert_eq!(amd64.num_calls(), 2);
}

#[tokio::test]
async fn what_cannot_be_looked_up_refuses() {
    let write = writes();
    let context = scanning(&write, json!({}), &[&denied()], None);
    let expect = "scan-findings: could not be looked up: ecr:DescribeImageScanFindings failed: AccessDeniedException";
    refused(&context, expect).await;
    let mut context = scanning(&write, json!({}), &[], None);
    let nothing =
        mock!(Client::batch_get_image).then_output(|| BatchGetImageOutput::builder().build());
    context.observer.ecr = client(&images(1), &nothing);
    refused(
        &context,
        "scan-findings: could not be looked up: ECR gave no manifest",
    )
    .await;
    assert_eq!(write.num_calls(), 0);
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

/// A stack with a verifier, asked once more by an execution for which it has let this image in.
async fn verified(context: &Context, digest: Option<&str>) -> Answer {
    let mut task = detect_task(tag());
    task["verified"] = json!(digest);
    handle(context, task).await.expect("an answer")
}

#[tokio::test]
async fn the_verifier_is_asked_about_each_image_before_the_claim() {
    let write = writes();
    let mut context = context(newest(), &write, &images(1), Running);
    context.observer.images.has_verifier = true;
    for other in [None, Some("sha256:moved")] {
        let answer = verified(&context, other).await;
        let json = json!(answer);
        assert_eq!(json["decision"], "verify-image", "{json}");
        assert_eq!(json["plan"]["image"]["digest"], "sha256:new");
        let reason = json["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("request the release again"), "{reason}");
    }
    assert_eq!(write.num_calls(), 0);
    let answer = verified(&context, Some("sha256:new")).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 1);
}

/// Switching the verifier on between a claim and its retry must not let an image in that nobody has verified.
#[tokio::test]
async fn a_task_delivered_twice_is_verified_as_any_other() {
    let write = writes();
    let mut context = context(held_by(ME), &write, &images(1), Running);
    context.observer.images.has_verifier = true;
    assert_eq!(
        json!(verified(&context, None).await)["decision"],
        "verify-image"
    );
    let answer = verified(&context, Some("sha256:new")).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_refused_already_and_by_a_plan() {
    let write = writes();
    let bad = scan("sha256:new", ScanStatus::Complete, 1);
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
