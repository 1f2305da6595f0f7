//! The tests of `traffic.rs`: what a write needs before it is made, and what becomes of one that fails.

use super::{
    alarm, flip_back_task, invoke, modifies, reads, record, rule_forwards_to, saves, target_is,
};
use crate::answer::Decision;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_sdk_elasticloadbalancingv2::error::ErrorMetadata;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::{ModifyRuleError, ModifyRuleOutput};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use aws_smithy_mocks::{Rule, mock};
use chrono::{TimeDelta, Utc};
use record::{Lease, Phase, Record};
use serde_json::json;

/// The table's calls up to the lease: the record is read and written.
fn leased() -> [Rule; 2] {
    [reads(record(Phase::Watching)), saves()]
}

/// A write of the record, which is another one by now.
fn loses() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items).then_error(|| {
        let reason = CancellationReason::builder().code("ConditionalCheckFailed");
        let canceled = TransactionCanceledException::builder().cancellation_reasons(reason.build());
        TransactWriteItemsError::TransactionCanceledException(canceled.build())
    })
}

/// The lease of the release's execution.
fn lease() -> Lease {
    Lease {
        owner: "arn:r1".into(),
        until: Utc::now() + TimeDelta::seconds(20),
        retried: false,
    }
}

/// The load balancer's calls up to the write: blue is healthy, and green has the traffic.
fn snapshot() -> [Rule; 2] {
    [
        target_is(TargetHealthStateEnum::Healthy),
        rule_forwards_to("tg-green"),
    ]
}

/// Whoever wrote the rules meanwhile has changed the record: the first snapshot of the rules is worth nothing.
#[tokio::test]
async fn rules_are_looked_at_anew_when_the_record_changed_meanwhile() {
    let watching = |version| {
        reads(Record {
            version,
            ..record(Phase::Watching)
        })
    };
    let (before, lost, after, again) = (watching(7), loses(), watching(9), watching(9));
    let (saved, ended) = (saves(), saves());
    let healthy = || target_is(TargetHealthStateEnum::Healthy);
    let (before_change, after_change) = (healthy(), healthy());
    let (stale, green, modified, blue) = (
        rule_forwards_to("tg-blue"),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let table = [&before, &lost, &after, &again, &saved, &ended];
    let elb = [
        &before_change,
        &stale,
        &after_change,
        &green,
        &modified,
        &blue,
    ];
    let answer = invoke(flip_back_task(), &table, &elb)
        .await
        .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::FlippedBack, 1)
    );
}

/// An earlier try of the flip may still look at the rules: the closed release refuses its lease.
#[tokio::test]
async fn giving_up_before_the_flip_closes_the_release_in_one_write() {
    let (deploying, modified) = (reads(record(Phase::Deploying)), modifies());
    // The record itself, and the history of a release that has ended.
    let closed = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|input| input.transact_items().len() == 2)
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let answer = invoke(flip_back_task(), &[&deploying, &closed], &[&modified]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, closed.num_calls(), modified.num_calls()),
        (Decision::NothingToFlipBack, 1, 0)
    );
}

#[tokio::test]
async fn somebody_else_who_rolls_back_before_the_flip_changes_nothing() {
    let (deploying, saved) = (reads(record(Phase::Deploying)), saves());
    let task =
        json!({"action": "flip-back", "release": "r1", "execution": "arn:op", "reason": "slow"});
    let answer = invoke(task, &[&deploying, &saved], &[]).await;
    let decision = answer.expect("an answer").decision;
    assert_eq!(
        (decision, saved.num_calls()),
        (Decision::NothingToFlipBack, 0)
    );
}

#[tokio::test]
async fn a_flip_that_took_the_lease_before_the_release_could_be_closed_is_waited_for() {
    let lost = loses();
    let flipping = Record {
        lease: Some(lease()),
        ..record(Phase::Flipping)
    };
    let (deploying, flipping) = (reads(record(Phase::Deploying)), reads(flipping));
    let error = invoke(flip_back_task(), &[&deploying, &lost, &flipping], &[]).await;
    assert_eq!(error.expect_err("a lease").name(), "LeaseHeld");
}

#[tokio::test]
async fn a_rule_that_does_not_read_back_is_an_error_to_be_tried_again() {
    let [watching, saved] = leased();
    let [healthy, green] = snapshot();
    let (modified, still_green) = (modifies(), rule_forwards_to("tg-green"));
    let elb = [&healthy, &green, &modified, &still_green];
    let error = invoke(alarm(Utc::now()), &[&watching, &saved], &elb)
        .await
        .expect_err("not verified");
    assert_eq!(error.name(), "FlipNotVerified");
}

#[tokio::test]
async fn a_throttled_write_is_an_error_to_be_tried_again() {
    let [watching, saved] = leased();
    let [healthy, green] = snapshot();
    let throttled = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule).then_error(|| {
        ModifyRuleError::generic(ErrorMetadata::builder().code("Throttling").build())
    });
    let error = invoke(
        flip_back_task(),
        &[&watching, &saved],
        &[&healthy, &green, &throttled],
    )
    .await;
    assert_eq!(error.expect_err("throttled").name(), "AwsUnavailable");
}

#[tokio::test]
async fn a_write_that_was_turned_away_is_sent_again_at_once() {
    let ([watching, saved], [healthy, green]) = (leased(), snapshot());
    let (ended, blue) = (saves(), rule_forwards_to("tg-blue"));
    let body = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    let turned_away = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .sequence()
        .http_status(400, Some(body.to_owned()))
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let table = [&watching, &saved, &ended];
    let answer = invoke(
        flip_back_task(),
        &table,
        &[&healthy, &green, &turned_away, &blue],
    )
    .await;
    assert_eq!(answer.expect("an answer").decision, Decision::FlippedBack);
    assert_eq!(turned_away.num_calls(), 2);
}

/// The first request may still take effect after a second one was answered, when the lease is released already.
#[tokio::test]
async fn a_write_without_a_good_answer_is_not_sent_again_by_this_try() {
    let [watching, saved] = leased();
    let [healthy, green] = snapshot();
    let unanswered = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .sequence()
        .http_status(503, None)
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let error = invoke(
        flip_back_task(),
        &[&watching, &saved],
        &[&healthy, &green, &unanswered],
    )
    .await;
    assert_eq!(error.expect_err("no answer").name(), "AwsUnavailable");
    assert_eq!(unanswered.num_calls(), 1);
}

/// Nothing is on its way then, so a flip back need not wait for the end of the lease.
#[tokio::test]
async fn a_write_that_is_refused_for_good_releases_the_lease() {
    let [watching, saved] = leased();
    let released = saves();
    let [healthy, green] = snapshot();
    let refused = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule).then_error(|| {
        ModifyRuleError::generic(ErrorMetadata::builder().code("AccessDenied").build())
    });
    let table = [&watching, &saved, &released];
    let error = invoke(flip_back_task(), &table, &[&healthy, &green, &refused]).await;
    assert_eq!(error.expect_err("refused").name(), "AccessDenied");
    assert_eq!(released.num_calls(), 1);
}
