//! Releases whose image a verifier of the team's own lets in.

use super::asking::{context, detect_task, writes};
use super::images::tag;
use super::records::{ME, held_by, newest};
use super::registry::images;
use crate::claim::Context;
use crate::handler::handle;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::json;

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
