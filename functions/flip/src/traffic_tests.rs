//! The tests of `traffic.rs`: what a write needs before it is made, and what becomes of one that fails.

use crate::answer::Decision;
use crate::handler_tests::{
    alarm, ask, back, modifies, reads, record, rule_forwards_to, saves, target_is,
};
use aws_sdk_elasticloadbalancingv2::error::ErrorMetadata;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::{ModifyRuleError, ModifyRuleOutput};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use aws_smithy_mocks::{Rule, mock};
use chrono::{TimeDelta, Utc};
use shared::record::{Lease, Phase, Record};

/// The table's part up to the lease: asked, asked again, written.
fn leased() -> [Rule; 3] {
    [
        reads(record(Phase::Watching)),
        reads(record(Phase::Watching)),
        saves(),
    ]
}

/// The balancer's part up to the write: blue is well, and green has the traffic.
fn looked() -> [Rule; 2] {
    [
        target_is(TargetHealthStateEnum::Healthy),
        rule_forwards_to("tg-green"),
    ]
}

#[tokio::test]
async fn rules_are_looked_at_anew_when_the_record_changed_meanwhile() {
    let watching = |version| {
        reads(Record {
            version,
            ..record(Phase::Watching)
        })
    };
    let (before, after, again, same) = (watching(7), watching(9), watching(9), watching(9));
    let (saved, rolling, ended) = (saves(), reads(record(Phase::RollingBack)), saves());
    let healthy = || target_is(TargetHealthStateEnum::Healthy);
    let (well, still_well) = (healthy(), healthy());
    let (stale, green, modified, blue) = (
        rule_forwards_to("tg-blue"),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let table = [&before, &after, &again, &same, &saved, &rolling, &ended];
    let elb = [&well, &stale, &still_well, &green, &modified, &blue];
    let answer = ask(back(), &table, &elb).await.expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::FlippedBack, 1)
    );
}

#[tokio::test]
async fn a_rule_that_does_not_read_back_is_an_error_to_be_tried_again() {
    let [first, second, saved] = leased();
    let [healthy, green] = looked();
    let (modified, still_green) = (modifies(), rule_forwards_to("tg-green"));
    let elb = [&healthy, &green, &modified, &still_green];
    let error = ask(alarm(Utc::now()), &[&first, &second, &saved], &elb)
        .await
        .expect_err("not verified");
    assert_eq!(error.name(), "FlipNotVerified");
}

#[tokio::test]
async fn a_throttled_write_is_an_error_to_be_tried_again() {
    let [first, second, saved] = leased();
    let [healthy, green] = looked();
    let throttled = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule).then_error(|| {
        ModifyRuleError::generic(ErrorMetadata::builder().code("Throttling").build())
    });
    let error = ask(
        back(),
        &[&first, &second, &saved],
        &[&healthy, &green, &throttled],
    )
    .await;
    assert_eq!(error.expect_err("throttled").name(), "AwsUnavailable");
}

#[tokio::test]
async fn a_write_that_was_turned_away_is_sent_again_at_once() {
    let ([first, second, saved], [healthy, green]) = (leased(), looked());
    let (rolling, ended, blue) = (
        reads(record(Phase::RollingBack)),
        saves(),
        rule_forwards_to("tg-blue"),
    );
    let body = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    let turned_away = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .sequence()
        .http_status(400, Some(body.to_owned()))
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let table = [&first, &second, &saved, &rolling, &ended];
    let answer = ask(back(), &table, &[&healthy, &green, &turned_away, &blue]).await;
    assert_eq!(answer.expect("an answer").decision, Decision::FlippedBack);
    assert_eq!(turned_away.num_calls(), 2);
}

#[tokio::test]
async fn a_write_without_a_good_answer_is_not_sent_again_by_this_try() {
    let [first, second, saved] = leased();
    let [healthy, green] = looked();
    let unanswered = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .sequence()
        .http_status(503, None)
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let error = ask(
        back(),
        &[&first, &second, &saved],
        &[&healthy, &green, &unanswered],
    )
    .await;
    assert_eq!(error.expect_err("no answer").name(), "AwsUnavailable");
    assert_eq!(unanswered.num_calls(), 1);
}

/// Nothing is on its way then, so a flip back need not wait for the end of the lease.
#[tokio::test]
async fn a_write_that_is_refused_for_good_gives_the_lease_back() {
    let mine = Record {
        writer: Some(Lease {
            by: "arn:r1".to_owned(),
            until: Utc::now() + TimeDelta::seconds(20),
            retried: false,
        }),
        ..record(Phase::RollingBack)
    };
    let [first, second, saved] = leased();
    let (mine, given_back) = (reads(mine), saves());
    let [healthy, green] = looked();
    let refused = mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule).then_error(|| {
        ModifyRuleError::generic(ErrorMetadata::builder().code("AccessDenied").build())
    });
    let table = [&first, &second, &saved, &mine, &given_back];
    let error = ask(back(), &table, &[&healthy, &green, &refused]).await;
    assert_eq!(error.expect_err("refused").name(), "AccessDenied");
    assert_eq!(given_back.num_calls(), 1);
}
