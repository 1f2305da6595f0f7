//! The end of an execution that has no end of its own: whom flip believes, and what it does.

mod later;

use super::{context, flip, modifies, reads, record, rule_forwards_to, saves, targets_are};
use crate::answer::{Answer, Decision};
use crate::handler::Flip;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum as State;
use aws_sdk_sfn::error::ErrorMetadata;
use aws_sdk_sfn::operation::describe_execution::{DescribeExecutionError, DescribeExecutionOutput};
use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sfn::types::error::ExecutionDoesNotExist;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use aws_smithy_types::DateTime;
use chrono::{TimeDelta, Utc};
use fixtures::mock_client;
use lambda_runtime::LambdaEvent;
use record::{Phase, Record};
use serde_json::json;
use shared::{Error, WhenStopped};

/// Step Functions reports of `arn:r1` that it ended so many minutes ago, or that it has not ended.
fn execution(status: ExecutionStatus, minutes_ago: i64) -> Rule {
    let stopped = Utc::now() - TimeDelta::minutes(minutes_ago);
    mock!(aws_sdk_sfn::Client::describe_execution)
        .match_requests(|input| input.execution_arn() == Some("arn:r1"))
        .then_output(move || {
            let output = DescribeExecutionOutput::builder()
                .execution_arn("arn:r1")
                .state_machine_arn("arn:machine")
                .start_date(DateTime::from_secs(0))
                .status(status.clone());
            let runs = status == ExecutionStatus::Running;
            let stopped = (!runs).then(|| DateTime::from_secs(stopped.timestamp()));
            let output = output.set_stop_date(stopped);
            output.build().expect("an execution")
        })
}

pub(super) fn aborted(minutes_ago: i64) -> Rule {
    execution(ExecutionStatus::Aborted, minutes_ago)
}

/// Step Functions does not know it any more.
fn unknown() -> Rule {
    mock!(aws_sdk_sfn::Client::describe_execution).then_error(|| {
        let error = ExecutionDoesNotExist::builder().build();
        DescribeExecutionError::ExecutionDoesNotExist(error)
    })
}

/// What flip answers, with these calls of it.
pub(super) async fn end_stopped(
    when_stopped: WhenStopped,
    execution: &[&Rule],
    table: &[&Rule],
    elb: &[&Rule],
) -> Result<Answer, Error> {
    let elb = mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::Sequential, elb);
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, &[] as &[&Rule]);
    let flip = Flip {
        sfn: mock_client!(aws_sdk_sfn, RuleMode::Sequential, execution),
        when_stopped,
        ..flip(table, elb, ecs)
    };
    let event = LambdaEvent::new(json!({"action": "end-stopped"}), context());
    flip.handle(event).await
}

/// The write that takes the record from its holder; the record's own item is the first.
pub(super) fn closes() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|input| {
            let put = input.transact_items()[0].put();
            put.is_some_and(|put| !put.item().contains_key("holder"))
        })
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

/// A release that its execution left in this phase, with this answer of Step Functions: nothing is written.
async fn ignored(record: Record, execution: &[&Rule], decision: Decision, says: &str) {
    let (read, saved) = (reads(record), saves());
    let answer = end_stopped(WhenStopped::FlipBack, execution, &[&read, &saved], &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision, saved.num_calls()), (decision, 0));
    assert!(answer.reason.contains(says), "{}", answer.reason);
}

/// Flip's answer where it flips a stopped release back, with as many writes of a rule and of a closed record as that
/// takes: one each. `at` is the record in each phase.
pub(super) async fn flips_back(when_stopped: WhenStopped, at: fn(Phase) -> Record) -> Answer {
    let watching = || reads(at(Phase::Watching));
    let (loaded, first, rolled_back) = (watching(), watching(), reads(at(Phase::RolledBack)));
    let (leased, ended, closed) = (saves(), saves(), closes());
    let table = [&loaded, &first, &leased, &ended, &rolled_back, &closed];
    let (blue, live, modified, back) = (
        targets_are(vec![State::Healthy; 2]),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let elb = [&blue, &live, &modified, &back];
    let answer = end_stopped(when_stopped, &[&aborted(1)], &table, &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls(), closed.num_calls()),
        (Decision::FlippedBack, 1, 1)
    );
    answer
}

#[tokio::test]
async fn what_a_stopped_execution_had_flipped_is_flipped_back_and_the_record_is_closed() {
    let answer = flips_back(WhenStopped::FlipBack, record).await;
    let says = "what it had flipped was flipped back";
    assert!(
        answer
            .reason
            .starts_with("execution arn:r1 was ABORTED at ")
            && answer.reason.ends_with(says),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn only_an_execution_that_has_ended_is_dealt_with() {
    let free = Record {
        holder: None,
        ..record(Phase::Stable)
    };
    ignored(
        free,
        &[],
        Decision::NothingToFlipBack,
        "no execution holds the record",
    )
    .await;
    for status in [ExecutionStatus::Running, ExecutionStatus::PendingRedrive] {
        let execution = execution(status, 0);
        let watching = record(Phase::Watching);
        ignored(
            watching,
            &[&execution],
            Decision::Ignored,
            "arn:r1 is still running",
        )
        .await;
    }
}

#[tokio::test]
async fn no_answer_of_step_functions_is_no_end() {
    let unknown = mock!(aws_sdk_sfn::Client::describe_execution).then_error(|| {
        DescribeExecutionError::generic(
            ErrorMetadata::builder()
                .code("AccessDeniedException")
                .build(),
        )
    });
    let watching = reads(record(Phase::Watching));
    let error = end_stopped(WhenStopped::FlipBack, &[&unknown], &[&watching], &[]).await;
    assert_eq!(error.expect_err("no answer").name(), "AccessDenied");
}

/// Closes the release without a rule being written.
async fn closed(record: Record, when_stopped: WhenStopped, execution: Rule, says: &str) {
    let (read, again, closed) = (reads(record.clone()), reads(record), closes());
    let table = [&read, &again, &closed];
    let answer = end_stopped(when_stopped, &[&execution], &table, &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision, closed.num_calls()), (Decision::Closed, 1));
    assert!(answer.reason.contains(says), "{}", answer.reason);
}

#[tokio::test]
async fn a_release_that_has_not_flipped_is_only_closed() {
    let says = "arn:r1 was ABORTED at";
    closed(
        record(Phase::Deploying),
        WhenStopped::FlipBack,
        aborted(1),
        says,
    )
    .await;
    let says = "arn:r1 is not known to Step Functions any more: it left nothing to flip back";
    closed(
        record(Phase::Deploying),
        WhenStopped::FlipBack,
        unknown(),
        says,
    )
    .await;
}

/// Under a version before this one, so that it may have been stopped to keep the release.
#[tokio::test]
async fn a_release_that_has_been_live_since_an_earlier_version_stays() {
    let old = || {
        let mut record = record(Phase::Watching);
        record.release.as_mut().expect("a release").share_since = None;
        record
    };
    let says = "a version flipped it that left traffic where it was";
    closed(old(), WhenStopped::FlipBack, aborted(99), says).await;
    closed(old(), WhenStopped::FlipBack, unknown(), says).await;
}

#[tokio::test]
async fn traffic_stays_where_a_team_wants_it_to() {
    let says = "traffic stays where it is (parameter WhenStopped)";
    closed(
        record(Phase::Watching),
        WhenStopped::Leave,
        aborted(0),
        says,
    )
    .await;
}
