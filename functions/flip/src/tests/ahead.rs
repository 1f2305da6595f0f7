//! The look of a flip as it asks the record: what of it counts, how patient it is, and by which name it fails.

use super::shares::{at_share, flip_task};
use super::throttled::turned_away;
use super::{
    active_wants, described, invoke, invoke_with_ecs, invoke_within, modifies, reads, record,
    rule_forwards_to, saves, targets_are,
};
use crate::answer::{Answer, Decision};
use crate::clients::tests::THROTTLED;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::error::ErrorMetadata;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::{
    DescribeRulesError, DescribeRulesOutput,
};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum::Healthy;
use aws_smithy_mocks::{Rule, mock};
use chrono::TimeDelta;
use record::Phase;
use serde_json::json;
use shared::Error;
use tokio::time::Instant;

fn healthy(count: usize) -> Rule {
    targets_are(vec![Healthy; count])
}

/// The rules, of which AWS turns the question away so many times.
fn throttled(times: usize) -> Rule {
    mock!(Client::describe_rules)
        .sequence()
        .http_status(400, Some(THROTTLED.to_owned()))
        .times(times)
        .output(|| DescribeRulesOutput::builder().build())
        .build()
}

/// The answer to a flip to all of the traffic with this much time until the deadline, with flip's own client of the load
/// balancer.
async fn patiently(time: TimeDelta, table: &[&Rule], elb: &[&Rule]) -> Result<Answer, Error> {
    let ecs = [&active_wants(2)];
    invoke_within(time, flip_task(100), table, elb, &ecs).await
}

/// Targets may have become healthy since, and a split may be an earlier try's that the record knows of by now.
#[tokio::test]
async fn a_reason_to_write_nothing_is_looked_at_once_more() {
    let (deploying, leased, ended) = (reads(record(Phase::Deploying)), saves(), saves());
    let ((few, blue), (enough, again)) = (
        (healthy(1), rule_forwards_to("tg-blue")),
        (healthy(2), rule_forwards_to("tg-blue")),
    );
    let (modified, green) = (modifies(), rule_forwards_to("tg-green"));
    let table = [&deploying, &leased, &ended];
    let elb = [&few, &blue, &enough, &again, &modified, &green];
    let ecs = [active_wants(2), active_wants(2)];
    let answer = invoke_with_ecs(flip_task(100), &table, &elb, &ecs.each_ref()).await;
    assert_eq!(
        (answer.expect("an answer").decision, modified.num_calls()),
        (Decision::Flipped, 1)
    );
}

/// An earlier try, whose answer was lost, has written the rule between the two answers: it is written once more.
#[tokio::test]
async fn a_rule_that_an_earlier_try_has_written_meanwhile_is_written_again() {
    let (passed, leased, ended) = (
        reads(at_share(Phase::Watching, 10, Some(10))),
        saves(),
        saves(),
    );
    let (two, blue, modified, green) = (
        healthy(2),
        rule_forwards_to("tg-blue"),
        modifies(),
        rule_forwards_to("tg-green"),
    );
    let table = [&passed, &leased, &ended];
    let answer = invoke(flip_task(100), &table, &[&two, &blue, &modified, &green]).await;
    assert_eq!(
        (answer.expect("an answer").decision, modified.num_calls()),
        (Decision::Flipped, 1)
    );
}

/// The plan names another environment than the record: what was found of its targets says nothing about the record's.
#[tokio::test]
async fn a_look_at_the_targets_of_another_environment_is_not_used() {
    let of = |group, count| {
        mock!(Client::describe_target_health)
            .match_requests(move |it| it.target_group_arn() == Some(group))
            .then_output(move || described(&vec![Healthy; count]))
    };
    let mut task = flip_task(100);
    task["plan"]["to"] = json!("blue");
    let deploying = [
        reads(record(Phase::Deploying)),
        reads(record(Phase::Deploying)),
    ];
    let (blue, green) = (of("tg-blue", 2), of("tg-green", 0));
    let (rules, again) = (rule_forwards_to("tg-blue"), rule_forwards_to("tg-blue"));
    let (elb, ecs) = (
        [&blue, &rules, &green, &again],
        [active_wants(2), active_wants(2)],
    );
    let answer = invoke_with_ecs(task, &deploying.each_ref(), &elb, &ecs.each_ref()).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::NotReady, "{}", answer.reason);
    assert_eq!(green.num_calls(), 1);
}

/// ECS and a second look are for a flip that begins.
#[tokio::test(start_paused = true)]
async fn a_flip_that_has_begun_waits_for_no_answer_that_it_does_not_need() {
    let (flipping, leased, ended) = (reads(record(Phase::Flipping)), saves(), saves());
    let look = || (healthy(2), rule_forwards_to("tg-blue"));
    let ((two, blue), (still, again)) = (look(), look());
    let (modified, green) = (modifies(), rule_forwards_to("tg-green"));
    let silent = mock!(aws_sdk_ecs::Client::describe_services)
        .sequence()
        .http_status(503, None)
        .times(100)
        .output(|| DescribeServicesOutput::builder().build())
        .build();
    let began = Instant::now();
    let table = [&flipping, &leased, &ended];
    let elb = [&two, &blue, &still, &again, &modified, &green];
    let answer = invoke_with_ecs(flip_task(100), &table, &elb, &[&silent]).await;
    assert_eq!(answer.expect("an answer").decision, Decision::Flipped);
    assert_eq!(began.elapsed().as_millis(), 0);
}

/// Hundreds of flips that begin would take from an alarm what it needs.
#[tokio::test(start_paused = true)]
async fn a_flip_that_begins_is_turned_away_once_and_one_that_has_begun_forty_times() {
    let time = TimeDelta::seconds(15);
    let (two, rules) = (healthy(2), throttled(100));
    let begins = patiently(time, &[&reads(record(Phase::Deploying))], &[&two, &rules]).await;
    let error = begins.expect_err("throttled");
    assert_eq!((error.name(), rules.num_calls()), ("AwsUnavailable", 1));
    // Its first look is dropped as the record says that it has begun, and that took one question.
    let once = mock!(Client::describe_rules).then_error(|| {
        let throttling = ErrorMetadata::builder().code("Throttling");
        DescribeRulesError::generic(throttling.build())
    });
    let (two, again, rules) = (healthy(2), healthy(2), throttled(100));
    let elb = [&two, &once, &again, &rules];
    let goes_on = patiently(time, &[&reads(record(Phase::Flipping))], &elb).await;
    let error = goes_on.expect_err("throttled");
    assert_eq!(error.name(), "FlipNotVerified");
    assert_eq!((once.num_calls(), rules.num_calls()), (1, 40));
}

/// Its rules may disagree: the next try comes within seconds, and not after minutes as where AWS throttles.
#[tokio::test(start_paused = true)]
async fn what_fails_under_the_lease_of_a_flip_is_named_so() {
    for (seconds, says) in [(15, "Throttling"), (2, "the time of this function")] {
        let (deploying, leased) = (reads(record(Phase::Deploying)), saves());
        let (two, blue, write) = (healthy(2), rule_forwards_to("tg-blue"), turned_away(100));
        let (table, elb) = ([&deploying, &leased], [&two, &blue, &write]);
        let error = patiently(TimeDelta::seconds(seconds), &table, &elb).await;
        let error = error.expect_err("throttled");
        assert_eq!(error.name(), "FlipNotVerified");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(leased.num_calls(), 1);
    }
}

/// Without its lease a flip has written nothing: it waits as every release that has not begun, unless an earlier try has.
#[tokio::test(start_paused = true)]
async fn a_lease_that_aws_does_not_take_is_no_half_flip() {
    for (phase, name) in [
        (Phase::Deploying, "AwsUnavailable"),
        (Phase::Flipping, "FlipNotVerified"),
    ] {
        let lease = mock!(aws_sdk_dynamodb::Client::transact_write_items).then_error(|| {
            let throttling = ErrorMetadata::builder().code("ThrottlingException");
            TransactWriteItemsError::generic(throttling.build())
        });
        let look = || [healthy(2), rule_forwards_to("tg-blue")];
        let looks = [look(), look()];
        let elb: Vec<_> = looks.iter().flatten().collect();
        let error = invoke(flip_task(100), &[&reads(record(phase)), &lease], &elb).await;
        assert_eq!(error.expect_err("throttled").name(), name, "{phase}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_whose_time_is_up_before_the_lease_is_no_half_flip() {
    let silent = mock!(Client::describe_rules)
        .sequence()
        .http_status(503, None)
        .times(100)
        .output(|| DescribeRulesOutput::builder().build())
        .build();
    let (deploying, two) = (reads(record(Phase::Deploying)), healthy(2));
    let time = TimeDelta::milliseconds(501);
    let error = patiently(time, &[&deploying], &[&two, &silent]).await;
    let error = error.expect_err("no time");
    assert_eq!(error.name(), "AwsUnavailable");
    let says = "the time of this function";
    assert!(error.to_string().contains(says), "{error}");
}
