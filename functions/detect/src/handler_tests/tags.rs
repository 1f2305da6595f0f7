//! Releases where the repository lets a tag move, and the stack refuses that.

use super::artifacts::{PUSHED, push_of};
use super::asking::{ask_for, context, writes};
use super::records::newest;
use super::registry::{image_found, registry_of, stored};
use crate::look::MutableTags;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::{Value, json};

async fn answer(request: Value) -> Answer {
    let mut context = context(newest(), &writes(), &image_found(), Running);
    context.observer.ecr = registry_of(vec![stored("v1.3.0", PUSHED, json!({}))]);
    context.observer.images.mutable_tags = MutableTags::Refuse;
    ask_for(&context, request).await
}

#[tokio::test]
async fn a_tag_that_may_be_moved_refuses_a_push_and_whoever_names_nothing_else() {
    for request in [
        push_of("v1.3.0"),
        json!({"tag": "v1.3.0"}),
        json!({"image": "shop:v1.3.0"}),
    ] {
        let answer = answer(request).await;
        let Answer::Refuse { reason, .. } = &answer else {
            panic!("not refused: {answer:?}")
        };
        let expect = "mutable-tags: tag v1.3.0 may be moved";
        assert!(reason.as_str().contains(expect), "{reason}");
    }
}

#[tokio::test]
async fn a_request_that_names_a_digest_is_released_whatever_its_tag_does() {
    for image in [format!("shop:v1.3.0@{PUSHED}"), format!("shop@{PUSHED}")] {
        let answer = answer(json!({ "image": image })).await;
        assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    }
}
