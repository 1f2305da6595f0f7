//! Releases whose image needs a scan: what is asked of the registry, and what comes of it before anything is written.

use super::asking::{ask_for, plan_of, writes};
use super::images::{denied, refused, scanning, tag};
use super::records::noon;
use super::registry::{client, images};
use crate::task::{Answer, PreviewedAction};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::types::ScanStatus;
use aws_smithy_mocks::mock;
use chrono::TimeDelta;
use fixtures::image_scan;
use serde_json::{Value, json};
use shared::Digest;

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

#[tokio::test]
async fn a_scan_that_is_decided_refuses_before_anything_is_claimed() {
    let (write, bad) = (writes(), image_scan("sha256:new", ScanStatus::Complete, 2));
    let context = scanning(&write, json!({}), &[&bad], None);
    refused(
        &context,
        "scan-findings: sha256:new has 2 HIGH findings, expected none of HIGH or worse. The stack",
    )
    .await;
    assert_eq!(write.num_calls(), 0);
    let (write, good) = (writes(), image_scan("sha256:new", ScanStatus::Complete, 0));
    let context = scanning(&write, json!({}), &[&good], None);
    let answer = ask_for(&context, tag()).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    assert_eq!((plan.scan, write.num_calls()), (None, 1));
}

#[tokio::test]
async fn a_scan_that_is_still_going_is_left_to_the_deployment_and_a_plan_says_so() {
    let (write, going) = (
        writes(),
        image_scan("sha256:new", ScanStatus::InProgress, 0),
    );
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
        image_scan(AMD64, ScanStatus::Complete, 0),
        image_scan(ARM64, ScanStatus::Complete, 1),
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
