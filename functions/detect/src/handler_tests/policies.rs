//! What of the stack's policy a claim fixes for the release: a later change of a parameter does not reach it.

use super::asking::{ask_for, context};
use super::builds::written;
use super::records::{newest, stable};
use super::registry::images;
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
    let fits = |it: &Release| it.approval == Some(approval()) && it.freeze_after_rollback;
    let answer = claimed(newest(), json!({"tag": "v1.1.0"}), fits).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_sync_waits_for_nobody() {
    let fits = |it: &Release| it.approval.is_none() && !it.freeze_after_rollback;
    let answer = claimed(stable(), json!({"action": "sync"}), fits).await;
    assert!(matches!(answer, Answer::Sync { .. }), "{answer:?}");
}
