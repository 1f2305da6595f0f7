//! Whether a release's steps can be judged: asked before the record is claimed.

use super::asking::{answered, ask_checked, ask_for, context, plan_of, writes};
use super::aws::services;
use super::records::newest;
use super::registry::{images, registry_of, stored};
use super::steps::step;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::json;

/// The answer to a request of two steps, and how often detect writes.
async fn canary(checked: bool) -> (Answer, usize) {
    let write = writes();
    let context = context(newest(), &write, &images(1), Running);
    let request = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let answer = if checked {
        ask_checked(&context, request).await
    } else {
        ask_for(&context, request).await
    };
    (answer, write.num_calls())
}

/// A claim takes the flip back from the live release, so a release that then does not begin would cost it that.
#[tokio::test]
async fn whether_several_steps_can_be_judged_is_asked_before_the_claim() {
    let (answer, writes) = canary(false).await;
    let Answer::CheckTraffic { plan, .. } = &answer else {
        panic!("claimed unchecked: {answer:?}")
    };
    assert_eq!(plan.steps, [step(10, 300), step(100, 120)]);
    assert_eq!(writes, 0);
    let json = json!(answer);
    assert_eq!(json["decision"], "check-traffic");
    assert!(
        json["reason"]
            .as_str()
            .is_some_and(|it| it.contains("from blue to green"))
    );
    let (answer, writes) = canary(true).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn the_checks_come_after_that_question_so_their_facts_are_read_once() {
    let image = images(1);
    let mut context = context(newest(), &writes(), &image, Running);
    context.observer.ecs = services("sha256:before");
    context.preflight.refuse_on_warnings = vec!["idle-drifted".to_owned()];
    let request = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let answer = ask_for(&context, request.clone()).await;
    assert!(matches!(answer, Answer::CheckTraffic { .. }), "{answer:?}");
    assert_eq!(image.num_calls(), 1, "of the new image alone");
    let answer = ask_checked(&context, request).await;
    assert!(
        matches!(&answer, Answer::Refuse { reason, .. } if reason.as_str().contains("idle-drifted")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn nobody_is_asked_about_the_traffic_of_a_build_that_is_live() {
    let live = json!({"manifests": [{"digest": "sha256:new"}, {"digest": "sha256:other"}]});
    let mut context = context(newest(), &writes(), &images(1), Running);
    context.observer.ecr = registry_of(vec![
        stored("v1.1.0", "sha256:new", json!({})),
        stored("v1.1", "sha256:live", live),
    ]);
    let request = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let answer = ask_for(&context, request).await;
    assert!(matches!(answer, Answer::Skip { .. }), "{answer:?}");
}

#[tokio::test]
async fn one_step_needs_no_such_question_and_a_preview_asks_for_itself() {
    let (answer, _) = answered(newest(), Running, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    let request = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let (answer, _) = answered(newest(), Running, plan_of(&request)).await;
    assert!(matches!(answer, Answer::Preview { .. }), "{answer:?}");
}
