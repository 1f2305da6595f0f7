//! The rules that follow a flip inversely: after which answers, and where to.

mod warnings;

use super::shares::at_share;
use super::{
    RULE, active_wants, alarm, context, flip, found_ahead, modifies, reads, record,
    rule_forwards_to, saves, targets_are,
};
use crate::answer::{Answer, Decision};
use crate::handler::Flip;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleOutput;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Rule as ListenerRule, TargetHealthStateEnum as State,
};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use chrono::Utc;
use fixtures::mock_client;
use lambda_runtime::LambdaEvent;
use record::{Phase, Record};
use serde_json::{Value, json};

const IDLE: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/9";

/// What flip answers where these rules follow.
async fn invoke(
    idle_rules: &[&str],
    payload: Value,
    table: &[&Rule],
    elb: &[&Rule],
) -> Result<Answer, shared::Error> {
    let elb = mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::Sequential, elb);
    invoke_with(idle_rules, payload, table, elb).await
}

async fn invoke_with(
    idle_rules: &[&str],
    payload: Value,
    table: &[&Rule],
    elb: Client,
) -> Result<Answer, shared::Error> {
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, [&active_wants(2)]);
    let flip = Flip {
        idle_rules: idle_rules.iter().map(|it| (*it).to_owned()).collect(),
        ..flip(table, elb, ecs)
    };
    flip.handle(LambdaEvent::new(payload, context())).await
}

/// The flip to this share, which an earlier try has made, with these calls to the load balancer.
async fn flipped(share: u8, idle_rules: &[&str], elb: &[&Rule]) -> Answer {
    let read = reads(at_share(Phase::Watching, share, None));
    let found = found_ahead(share);
    let elb: Vec<&Rule> = found.iter().chain(elb.iter().copied()).collect();
    let answer = invoke(idle_rules, flip_task(share), &[&read], &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::AlreadyThere);
    answer
}

fn flip_task(share: u8) -> Value {
    let plan = fixtures::release_plan();
    json!({"action": "flip", "plan": plan, "execution": "arn:r1", "wanted": 2, "taskDefinition": "shop:2",
        "share": share})
}

fn forward(group: &str) -> Action {
    let forward = Action::builder().r#type(ActionTypeEnum::Forward);
    forward.target_group_arn(group).build()
}

/// This rule is asked for alone, and forwards to the group.
fn forwards(arn: &'static str, group: &'static str) -> Rule {
    mock!(Client::describe_rules)
        .match_requests(move |input| input.rule_arns() == [arn])
        .then_output(move || {
            let rule = ListenerRule::builder()
                .rule_arn(arn)
                .actions(forward(group));
            DescribeRulesOutput::builder().rules(rule.build()).build()
        })
}

/// The write that makes this rule forward to the group.
fn writes(arn: &'static str, group: &'static str) -> Rule {
    mock!(Client::modify_rule)
        .match_requests(move |input| {
            input.rule_arn() == Some(arn) && input.actions() == [forward(group)]
        })
        .then_output(|| ModifyRuleOutput::builder().build())
}

#[tokio::test]
async fn after_all_of_the_traffic_a_rule_forwards_to_the_environment_that_has_none() {
    let (live, found) = (rule_forwards_to("tg-green"), forwards(IDLE, "tg-green"));
    let written = writes(IDLE, "tg-blue");
    let (still, there) = (rule_forwards_to("tg-green"), forwards(IDLE, "tg-blue"));
    let elb = [&live, &found, &written, &still, &there];
    let answer = flipped(100, &[IDLE], &elb).await;
    assert_eq!(
        (
            answer.warnings.len(),
            written.num_calls(),
            there.num_calls()
        ),
        (0, 1, 1)
    );
}

#[tokio::test]
async fn after_a_flip_back_by_an_alarm_it_follows_once_the_record_has_its_end() {
    let (watching, saved, ended) = (reads(record(Phase::Watching)), saves(), saves());
    let (healthy, green, modified, blue) = (
        targets_are(vec![State::Healthy; 2]),
        rule_forwards_to("tg-green"),
        writes(RULE, "tg-blue"),
        rule_forwards_to("tg-blue"),
    );
    let (live, found, written) = (
        rule_forwards_to("tg-blue"),
        forwards(IDLE, "tg-blue"),
        writes(IDLE, "tg-green"),
    );
    let (still, there) = (rule_forwards_to("tg-blue"), forwards(IDLE, "tg-green"));
    let table = [&watching, &saved, &ended];
    let elb = [
        &healthy, &green, &modified, &blue, &live, &found, &written, &still, &there,
    ];
    let answer = invoke(&[IDLE], alarm(Utc::now()), &table, &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::FlippedBack);
    assert_eq!((ended.num_calls(), written.num_calls()), (1, 1));
}

#[tokio::test]
async fn a_rule_that_is_there_already_is_not_written() {
    let (live, found, written) = (
        rule_forwards_to("tg-green"),
        forwards(IDLE, "tg-blue"),
        modifies(),
    );
    let answer = flipped(100, &[IDLE], &[&live, &found, &written]).await;
    assert_eq!((answer.warnings.len(), written.num_calls()), (0, 0));
}

#[tokio::test]
async fn at_a_share_no_rule_is_asked_for() {
    let live = rule_forwards_to("tg-green");
    let answer = flipped(10, &[IDLE], &[&live]).await;
    assert_eq!((answer.warnings.len(), live.num_calls()), (0, 0));
}

#[tokio::test]
async fn without_such_rules_none_is_asked_for_and_the_answer_has_no_warnings() {
    let live = rule_forwards_to("tg-green");
    let answer = flipped(100, &[], &[&live]).await;
    assert_eq!(live.num_calls(), 0);
    assert_eq!(json!(answer).get("warnings"), None);
}

#[tokio::test]
async fn a_refusal_leaves_them_where_they_are() {
    let released = Record {
        holder: None,
        ..record(Phase::Stable)
    };
    let (read, live) = (reads(released), rule_forwards_to("tg-green"));
    let found = found_ahead(100);
    let elb: Vec<&Rule> = found.iter().chain([&live]).collect();
    let answer = invoke(&[IDLE], flip_task(100), &[&read], &elb).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision, live.num_calls()), (Decision::Refused, 0));
}

/// An alarm flips back between the first look and the write.
#[tokio::test]
async fn a_flip_that_came_between_is_followed_as_well() {
    let (live, found, to_blue) = (
        rule_forwards_to("tg-green"),
        forwards(IDLE, "tg-green"),
        writes(IDLE, "tg-blue"),
    );
    let (back, again, to_green) = (
        rule_forwards_to("tg-blue"),
        forwards(IDLE, "tg-blue"),
        writes(IDLE, "tg-green"),
    );
    let (still, there) = (rule_forwards_to("tg-blue"), forwards(IDLE, "tg-green"));
    let elb = [
        &live, &found, &to_blue, &back, &again, &to_green, &still, &there,
    ];
    let answer = flipped(100, &[IDLE], &elb).await;
    assert_eq!((answer.warnings.len(), to_green.num_calls()), (0, 1));
}
