//! Whether a release's steps can be judged: asked before the record is claimed.

use super::asking::{answered, ask_checked, ask_for, context, plan_of, writes};
use super::records::newest;
use super::registry::images;
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
async fn one_step_needs_no_such_question_and_a_preview_asks_for_itself() {
    let (answer, _) = answered(newest(), Running, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    let request = json!({"tag": "v1.1.0", "traffic": "10:300,100:120"});
    let (answer, _) = answered(newest(), Running, plan_of(&request)).await;
    assert!(matches!(answer, Answer::Preview { .. }), "{answer:?}");
}
