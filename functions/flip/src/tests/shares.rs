//! Shares of the traffic at the edge: what is written to the rules and to the record.

mod back;
mod previews;

use super::{
    RULE, active_wants, invoke, invoke_by_record, invoke_with_ecs, reads, record, rule_forwards_to,
    saves, targets_are,
};
use crate::answer::{Answer, Decision};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleOutput;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, Rule as ListenerRule, TargetGroupTuple,
    TargetHealthStateEnum as State,
};
use aws_smithy_mocks::{Rule, mock};
use record::{Phase, Record, Release};
use serde_json::{Value, json};
use shared::{OriginalForward, Share};

fn share(percent: u8) -> Share {
    Share::new(percent).expect("a share")
}

/// The release has this share of the traffic, and found a simple forward.
pub(super) fn at_share(phase: Phase, percent: u8, passed: Option<u8>) -> Record {
    let record = record(phase);
    let original = OriginalForward {
        rule: RULE.to_owned(),
        single: true,
        groups: None,
    };
    let release = record.release.map(|release| Release {
        share: Some(share(percent)),
        passed_share: passed.map(share),
        original_forwards: vec![original],
        ..release
    });
    Record { release, ..record }
}

fn split(green: i32) -> Vec<Action> {
    let tuple = |group, weight| {
        TargetGroupTuple::builder()
            .target_group_arn(group)
            .weight(weight)
            .build()
    };
    let config = ForwardActionConfig::builder()
        .target_groups(tuple("tg-blue", 100 - green))
        .target_groups(tuple("tg-green", green));
    let forward = Action::builder().r#type(ActionTypeEnum::Forward);
    vec![forward.forward_config(config.build()).build()]
}

fn rule_is_split(green: i32) -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules).then_output(move || {
        let rule = ListenerRule::builder()
            .rule_arn(RULE)
            .set_actions(Some(split(green)));
        DescribeRulesOutput::builder().rules(rule.build()).build()
    })
}

/// The write of these actions and no others.
fn modifies_to(actions: Vec<Action>) -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .match_requests(move |input| input.actions() == actions)
        .then_output(|| ModifyRuleOutput::builder().build())
}

fn simple(group: &str) -> Vec<Action> {
    let forward = Action::builder().r#type(ActionTypeEnum::Forward);
    vec![forward.target_group_arn(group).build()]
}

pub(super) fn flip_task(percent: u8) -> Value {
    let plan = fixtures::release_plan();
    json!({"action": "flip", "plan": plan, "execution": "arn:r1", "wanted": 2, "taskDefinition": "shop:2",
        "share": percent})
}

fn healthy(count: usize) -> Rule {
    targets_are(vec![State::Healthy; count])
}

/// A flip to a share that changes nothing, with this record: read twice where rules and targets are too, as here.
async fn flip_nothing(percent: u8, record: Record, elb: &[&Rule], active: i32) -> Answer {
    let (first, second) = (reads(record.clone()), reads(record));
    let ecs = [active_wants(active), active_wants(active)];
    let task = flip_task(percent);
    let answer = invoke_with_ecs(task, &[&first, &second], elb, &ecs.each_ref()).await;
    answer.expect("an answer")
}

#[tokio::test]
async fn the_first_share_splits_the_rule_and_keeps_the_forward_that_it_found() {
    let deploying = reads(record(Phase::Deploying));
    let leased = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|input| {
            let put = input.transact_items()[0].put().expect("a put");
            let release = put.item()["release"].as_m().expect("a release");
            let originals = release["originalForwards"].as_l().expect("a list");
            let rule = originals[0].as_m().expect("a forward")["rule"].as_s();
            rule.expect("an ARN") == RULE && release["share"].as_n().expect("a share") == "10"
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let ended = saves();
    let (modified, tenth) = (modifies_to(split(10)), rule_is_split(10));
    let (green, blue, found) = (healthy(2), healthy(2), rule_forwards_to("tg-blue"));
    let table = [&deploying, &leased, &ended];
    let elb = [&green, &blue, &found, &modified, &tenth];
    let answer = invoke(flip_task(10), &table, &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, answer.share),
        (Decision::Flipped, Some(share(10)))
    );
    assert_eq!(answer.reason, "every rule forwards to green (10 %)");
    assert_eq!(answer.share_since, answer.flipped_at);
    assert_eq!((modified.num_calls(), ended.num_calls()), (1, 1));
}

#[tokio::test]
async fn a_task_without_a_share_flips_no_plan_of_several_steps() {
    let mut task = flip_task(10);
    let step = |percent| json!({"share": percent, "seconds": 300});
    task["plan"]["steps"] = json!([step(10), step(100)]);
    task.as_object_mut().expect("a task").remove("share");
    let answer = invoke_with_ecs(task, &[], &[], &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::Refused);
    let says = "the plan has 2 steps; found none: this execution began before";
    assert!(answer.reason.contains(says), "{}", answer.reason);
}

#[tokio::test]
async fn a_share_waits_for_the_targets_of_the_environment_that_keeps_the_rest() {
    let look = || [healthy(2), healthy(1), rule_forwards_to("tg-blue")];
    let looks = [look(), look()].concat();
    let elb: Vec<_> = looks.iter().collect();
    let answer = flip_nothing(10, record(Phase::Deploying), &elb, 2).await;
    assert_eq!(answer.decision, Decision::NotReady);
    assert_eq!(
        answer.reason,
        "1 of 2 wanted targets of blue are healthy (registered: 1)"
    );
    assert_eq!(answer.share, None);
}

#[tokio::test]
async fn after_the_last_step_the_rule_has_the_shape_that_was_found() {
    let passed = reads(at_share(Phase::Watching, 10, Some(10)));
    let (saved, ended) = (saves(), saves());
    let (green, tenth, found) = (healthy(2), rule_is_split(10), rule_forwards_to("tg-green"));
    let modified = modifies_to(simple("tg-green"));
    let elb = [&green, &tenth, &modified, &found];
    let answer = invoke(flip_task(100), &[&passed, &saved, &ended], &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, answer.share),
        (Decision::Flipped, Some(Share::ALL))
    );
    assert!(answer.share_since > answer.flipped_at, "{answer:?}");
}

/// Autoscaling has left blue one task of two for its half of the traffic, and green too.
#[tokio::test]
async fn the_last_step_needs_targets_for_all_of_the_traffic() {
    let passed = at_share(Phase::Watching, 50, Some(50));
    let look = || [healthy(1), rule_is_split(50)];
    let looks = [look(), look()].concat();
    let elb: Vec<_> = looks.iter().collect();
    let answer = flip_nothing(100, passed, &elb, 1).await;
    assert_eq!(answer.decision, Decision::NotReady);
    assert_eq!(
        answer.reason,
        "1 of 2 wanted targets of green are healthy (registered: 1)"
    );
    assert_eq!(answer.share, Some(share(50)));
}

#[tokio::test]
async fn a_share_that_has_not_passed_its_watch_does_not_grow() {
    let watching = reads(at_share(Phase::Watching, 10, None));
    let answer = invoke_by_record(100, flip_task(100), &[&watching]).await;
    assert_eq!(answer.expect("an answer").decision, Decision::Refused);
}

#[tokio::test]
async fn the_same_share_again_is_there_already() {
    let watching = reads(at_share(Phase::Watching, 10, Some(10)));
    let answer = invoke_by_record(10, flip_task(10), &[&watching]).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::AlreadyThere);
    assert_eq!(
        (answer.share, answer.share_since),
        (Some(share(10)), answer.flipped_at)
    );
}

/// An earlier try, whose answer was lost, splits the rules after this one has read the record: they look like a person's,
/// and do so once more.
#[tokio::test]
async fn what_another_try_has_split_meanwhile_is_no_reason_to_refuse() {
    let begun = || {
        reads(Record {
            version: 2,
            ..at_share(Phase::Watching, 10, None)
        })
    };
    let (before, after, again) = (reads(record(Phase::Deploying)), begun(), begun());
    let look = || [healthy(2), healthy(2), rule_is_split(10)];
    let looks = [look(), look()].concat();
    let (table, elb) = ([&before, &after, &again], looks.iter().collect::<Vec<_>>());
    let ecs = [active_wants(2), active_wants(2)];
    let answer = invoke_with_ecs(flip_task(10), &table, &elb, &ecs.each_ref()).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, answer.share),
        (Decision::AlreadyThere, Some(share(10)))
    );
}
