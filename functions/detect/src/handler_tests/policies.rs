//! What of the stack's policy a claim fixes for the release: a later change of a parameter does not reach it.

use super::asking::{ask_for, context, detect_task, writes};
use super::builds::written;
use super::records::{newest, stable};
use super::registry::images;
use crate::handler::handle;
use crate::task::Answer;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::mock;
use record::{Approval, ApprovalBefore, Record, Release};
use serde_json::{Value, json};

fn approval() -> Approval {
    Approval {
        before: vec![ApprovalBefore::Flip, ApprovalBefore::Finish],
        seconds: 3600,
        ..Approval::default()
    }
}

/// The answer to a request whose one write holds a release that fits.
async fn claimed(record: Record, request: Value, fits: fn(&Release) -> bool) -> Answer {
    let write = mock!(Client::transact_write_items)
        .match_requests(move |request| written(request).release.as_ref().is_some_and(fits))
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let mut context = context(record, &write, &images(1), Running);
    context.decisions.approval = approval();
    context.decisions.freeze_after_rollback = true;
    let answer = ask_for(&context, request).await;
    assert_eq!(write.num_calls(), 1);
    answer
}

#[tokio::test]
async fn a_claim_fixes_what_waits_for_approval_and_what_a_flip_back_freezes() {
    let fits =
        |it: &Release| it.approval == Some(approval()) && it.freeze_after_rollback && it.heeds;
    let answer = claimed(newest(), json!({"tag": "v1.1.0"}), fits).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_sync_waits_for_nobody() {
    let fits = |it: &Release| it.approval.is_none() && !it.freeze_after_rollback;
    let answer = claimed(stable(), json!({"action": "sync"}), fits).await;
    assert!(matches!(answer, Answer::Sync { .. }), "{answer:?}");
}

/// The execution began before an update of the stack, and runs the definition of the machine that it began with.
#[tokio::test]
async fn an_older_machine_releases_what_nobody_approves_and_is_refused_what_somebody_does() {
    let asks = async |approval: Approval| {
        let write = writes();
        let mut context = context(newest(), &write, &images(1), Running);
        context.decisions.approval = approval;
        let mut task = detect_task(json!({"tag": "v1.1.0"}));
        let execution = task["execution"].as_object_mut().expect("an execution");
        execution.remove("heeds");
        let answer = handle(&context, task).await.expect("an answer");
        (answer, write.num_calls())
    };
    let (answer, writes) = asks(Approval::default()).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(writes, 1);
    let (answer, writes) = asks(approval()).await;
    let Answer::Refuse { reason, .. } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.as_str().ends_with("Request it again."), "{reason}");
    assert_eq!(writes, 0);
}
