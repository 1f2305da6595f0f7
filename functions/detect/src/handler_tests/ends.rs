//! The ends of executions: whatever failed, the answer has a name and a reason to end with, and the record the same.

use super::asking::{context, writes};
use super::records::{ME, held_by};
use super::registry::image_found;
use crate::handler::handle;
use crate::task::Answer;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, mock};
use record::Record;
use serde_json::{Value, json};
use shared::Error;

/// What detect answers to the end of `ME` for a reason: error and reason.
async fn finished(write: &Rule, outcome: &str, reason: &Value) -> (Option<String>, String) {
    let context = context(held_by(ME), write, &image_found(), Running);
    let execution = json!({"id": ME, "name": "me", "startTime": "2026-11-23T12:00:00Z"});
    let task =
        json!({"action": "finish", "execution": execution, "outcome": outcome, "reason": reason});
    match handle(&context, task).await {
        Ok(Answer::Finished { error, reason, .. }) => (error, reason),
        other => panic!("not finished: {other:?}"),
    }
}

/// A state's failure as the machine gives it.
fn caught(error: &str, cause: &str) -> Value {
    json!({"Error": error, "Cause": cause, "State": "Flip traffic"})
}

#[tokio::test]
async fn whatever_failed_the_answer_has_an_error_and_a_reason_to_end_with() {
    let ours = Error::ALL.iter().map(|(name, _)| *name);
    let names = ours.chain([
        "States.Timeout",
        "States.DataLimitExceeded",
        "Lambda.Unknown",
        "",
    ]);
    for name in names {
        let (error, reason) = finished(&writes(), "failed", &caught(name, "")).await;
        let error = error.expect("a name");
        assert!(
            !error.is_empty() && !error.starts_with("States."),
            "{error}"
        );
        assert!(reason.starts_with("Flip traffic: "), "{reason}");
    }
}

#[tokio::test]
async fn a_timeout_ends_a_release_by_a_name_of_ours_and_the_record_says_which_state_it_was() {
    let says = "Flip traffic: no answer within its timeout";
    let write = mock!(Client::transact_write_items)
        .match_requests(move |request| {
            let put = request.transact_items()[0].put().expect("a put");
            let record: Record = serde_dynamo::from_item(put.item().clone()).expect("a record");
            record.release.and_then(|it| it.reason).as_deref() == Some(says)
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let end = finished(&write, "failed", &caught("States.Timeout", "")).await;
    assert_eq!(end, (Some("TaskTimedOut".to_owned()), says.to_owned()));
    assert_eq!(write.num_calls(), 1);
}

#[tokio::test]
async fn a_failed_flip_back_reads_without_any_json() {
    let report = r#"{"errorType":"AccessDenied","errorMessage":"ModifyRule failed: \"no\""}"#;
    let reason = json!({
        "Error": "FlipBackFailed",
        "Cause": {"Error": "AccessDenied", "Cause": report, "State": "Flip back"},
        "Because": {"Error": "ReleaseUnhealthy", "Cause": "target 5xx 14 > 10"},
    });
    let (error, reason) = finished(&writes(), "failed", &reason).await;
    assert_eq!(error.as_deref(), Some("FlipBackFailed"));
    let says = "AccessDenied: ModifyRule failed: \"no\" (requested because: target 5xx 14 > 10)";
    assert_eq!(reason, says);
}

#[tokio::test]
async fn a_good_end_has_no_error() {
    let (error, reason) = finished(&writes(), "synced", &json!("as it was asked")).await;
    assert_eq!((error, reason.as_str()), (None, "as it was asked"));
}
