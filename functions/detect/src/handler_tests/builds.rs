//! One build is one release: pushes of a build that ended badly, and of one that is live under another digest.

use super::artifacts::{PUSHED, asked, push_of, skipped, unqueued};
use super::asking::{ask_for, context};
use super::records::{ME, held_by, newest};
use super::registry::{Stored, image_found, registry_of, stored};
use crate::handler::handle;
use crate::task::Answer;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsInput, TransactWriteItemsOutput,
};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::mock;
use record::{End, QueuedRequest, Record};
use serde_json::{Value, json};

/// The record after release `r1` of this digest failed its smoke test. `ME` is the newest request, if it is to begin.
fn after_failure_of(digest: &str, newest: Option<QueuedRequest>) -> Record {
    let end = End {
        digest: digest.into(),
        members: Vec::new(),
        release: "r1".into(),
        reason: "GET /health answered 500".to_owned(),
    };
    Record {
        ends: vec![end],
        newest,
        ..unqueued()
    }
}

/// An index of images for these platforms of Linux, with the attestations that BuildKit adds.
fn index(members: &[(&str, &str)]) -> Value {
    let manifest = "application/vnd.oci.image.manifest.v1+json";
    let mut of: Vec<Value> = members
        .iter()
        .map(|(cpu, digest)| {
            json!({"mediaType": manifest, "digest": digest, "platform": {"os": "linux", "architecture": cpu}})
        })
        .collect();
    of.push(json!({
        "mediaType": manifest, "digest": "sha256:attestation",
        "platform": {"os": "unknown", "architecture": "unknown"},
    }));
    let media_type = "application/vnd.oci.image.index.v1+json";
    json!({"schemaVersion": 2, "mediaType": media_type, "manifests": of})
}

fn image(tag: &'static str, manifest: Value) -> Vec<Stored> {
    vec![stored(tag, PUSHED, manifest)]
}

#[tokio::test]
async fn another_tag_of_a_build_that_failed_is_no_release_and_takes_no_place() {
    let record = after_failure_of(PUSHED, None);
    let answered = asked(record, image("latest", json!({})), push_of("latest")).await;
    let reason = skipped(answered);
    let expect = format!("release r1 of {PUSHED} ended badly: GET /health answered 500");
    assert!(reason.starts_with(&expect), "{reason}");
}

#[tokio::test]
async fn a_push_that_waited_while_its_build_failed_is_told_at_its_next_poll() {
    let waiting = newest().newest;
    let record = after_failure_of(PUSHED, waiting);
    let answered = asked(record, image("latest", json!({})), push_of("latest")).await;
    assert!(skipped(answered).contains("ended badly"));
}

#[tokio::test]
async fn an_index_of_an_image_that_failed_is_no_release() {
    let record = after_failure_of("sha256:amd64", None);
    let manifest = index(&[("amd64", "sha256:amd64"), ("arm64", "sha256:arm64")]);
    let answered = asked(record, image("v1.3.0", manifest), push_of("v1.3.0")).await;
    assert!(skipped(answered).starts_with("release r1 of sha256:amd64"));
}

#[tokio::test]
async fn an_operator_who_names_a_build_that_failed_gets_it() {
    let record = after_failure_of(PUSHED, newest().newest);
    let request = json!({"tag": "v1.1.0"});
    let answer = asked(record, image("v1.1.0", json!({})), request).await;
    assert!(matches!(answer, (Answer::Release { .. }, 1)), "{answer:?}");
}

#[tokio::test]
async fn an_index_that_holds_the_live_image_is_live_already() {
    let manifest = index(&[("amd64", "sha256:live"), ("arm64", "sha256:arm64")]);
    let request = json!({"tag": "v1.3.0"});
    let answered = asked(newest(), image("v1.3.0", manifest), request).await;
    let expect = format!("{PUSHED} is live in blue already");
    assert_eq!(skipped(answered), expect);
}

#[tokio::test]
async fn an_image_of_the_live_index_is_live_already() {
    let live = |members: &[(&str, &str)]| {
        vec![
            stored("v1.3.0-arm64", PUSHED, json!({})),
            stored("v1.3.0", "sha256:live", index(members)),
        ]
    };
    let request = json!({"tag": "v1.3.0-arm64"});
    let images = live(&[("amd64", "sha256:amd64"), ("arm64", PUSHED)]);
    let answered = asked(newest(), images, request.clone()).await;
    assert!(skipped(answered).contains("is live in blue already"));
    let images = live(&[("amd64", "sha256:amd64"), ("arm64", "sha256:arm64")]);
    let answer = asked(newest(), images, request).await;
    assert!(matches!(answer, (Answer::Release { .. }, 1)), "{answer:?}");
}

/// The record that a write puts into the table.
pub fn written(request: &TransactWriteItemsInput) -> Record {
    let put = request.transact_items()[0].put().expect("a put");
    serde_dynamo::from_item(put.item().clone()).expect("a record")
}

#[tokio::test]
async fn a_release_remembers_the_images_of_its_index() {
    let members = ["sha256:amd64".into(), "sha256:arm64".into()];
    let write = mock!(Client::transact_write_items)
        .match_requests(move |request| {
            let release = written(request).release;
            release.is_some_and(|it| it.members == members)
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let manifest = index(&[("amd64", "sha256:amd64"), ("arm64", "sha256:arm64")]);
    let mut context = context(newest(), &write, &image_found(), Running);
    context.observer.ecr = registry_of(image("v1.3.0", manifest));
    let answer = ask_for(&context, json!({"tag": "v1.3.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 1);
}

/// Ends the release of `ME` for this reason, and checks what one write says of its build.
async fn ended(error: &str, remembered: bool) {
    let write = mock!(Client::transact_write_items)
        .match_requests(move |request| written(request).ends.is_empty() != remembered)
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let context = context(held_by(ME), &write, &image_found(), Running);
    let execution = json!({"id": ME, "name": "me", "startTime": "2026-11-23T12:00:00Z"});
    let reason = json!({"Error": error, "Cause": "GET /health answered 500"});
    let outcome = "failed";
    let task =
        json!({"action": "finish", "execution": execution, "outcome": outcome, "reason": reason});
    let answer = handle(&context, task).await.expect("an answer");
    assert!(matches!(answer, Answer::Finished { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 1, "{error}");
}

#[tokio::test]
async fn an_end_is_remembered_by_the_name_that_the_state_machine_gives_it() {
    ended("SmokeTestFailed", true).await;
    ended("AwsUnavailable", false).await;
}
