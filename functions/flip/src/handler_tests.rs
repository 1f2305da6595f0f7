//! flip at its edge: which calls it makes, and which it does not.

use crate::answer::{Answer, Decision};
use crate::handler::Flip;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleOutput;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Rule as ListenerRule, TargetDescription, TargetHealth,
    TargetHealthDescription, TargetHealthStateEnum,
};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use chrono::{TimeDelta, Utc};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use shared::record::{Phase, Record, Release};
use shared::routing::Routing;
use shared::store::Store;
use shared::{Environment, Error, PerEnvironment};

const RULE: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/3";

pub fn record(phase: Phase) -> Record {
    let now = Utc::now();
    let release = Release {
        id: "r1".to_owned(),
        phase,
        claimed_at: now,
        from: Environment::Blue,
        to: Environment::Green,
        from_digest: None,
        to_digest: "sha256:new".to_owned(),
        from_task_definition: None,
        idle_digest: None,
        sync: false,
        expand: None,
        from_desired: 2,
        flipped_at: (phase != Phase::Deploying).then(|| now - TimeDelta::seconds(30)),
        reason: None,
    };
    Record {
        version: 1,
        holder: Some("arn:r1".to_owned()),
        release: Some(release),
        ..Record::default()
    }
}

pub fn reads(record: Record) -> Rule {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(&record).expect("an item");
    mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        GetItemOutput::builder()
            .set_item(Some(item.clone()))
            .build()
    })
}

pub fn saves() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

pub fn rule_forwards_to(group: &'static str) -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules).then_output(move || {
        let forward = Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .target_group_arn(group)
            .build();
        let rule = ListenerRule::builder()
            .rule_arn(RULE)
            .actions(forward)
            .build();
        DescribeRulesOutput::builder().rules(rule).build()
    })
}

pub fn target_is(state: TargetHealthStateEnum) -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health).then_output(move || {
        let description = TargetHealthDescription::builder()
            .target(
                TargetDescription::builder()
                    .id("10.0.0.1")
                    .port(8080)
                    .build(),
            )
            .target_health(TargetHealth::builder().state(state.clone()).build())
            .build();
        DescribeTargetHealthOutput::builder()
            .target_health_descriptions(description)
            .build()
    })
}

pub fn modifies() -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .then_output(|| ModifyRuleOutput::builder().build())
}

pub async fn ask(payload: Value, table: &[&Rule], elb: &[&Rule]) -> Result<Answer, Error> {
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, table);
    let target_groups = PerEnvironment {
        blue: "tg-blue".to_owned(),
        green: "tg-green".to_owned(),
    };
    let flip = Flip {
        elb: mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::Sequential, elb),
        store: Store::new(table, "releases".to_owned(), "shop".to_owned()),
        routing: Routing {
            rules: vec![RULE.to_owned()],
            target_groups,
        },
        service: "shop".to_owned(),
    };
    flip.handle(LambdaEvent::new(payload, Context::default()))
        .await
}

pub fn back() -> Value {
    json!({"action": "flip-back", "release": "r1", "execution": "arn:r1", "reason": "slow"})
}

pub fn alarm(changed_at: chrono::DateTime<Utc>) -> Value {
    let state =
        json!({"value": "ALARM", "reason": "14 > 10", "timestamp": changed_at.to_rfc3339()});
    json!({"source": "aws.cloudwatch", "alarmData": {"alarmName": "shop-green-5xx", "state": state}})
}

#[tokio::test]
async fn a_flip_back_writes_the_rule_once_and_reads_it_back() {
    let watching = || reads(record(Phase::Watching));
    let (first, second, rolling, saved, ended) = (
        watching(),
        watching(),
        reads(record(Phase::RollingBack)),
        saves(),
        saves(),
    );
    let (healthy, green, modified, blue) = (
        target_is(TargetHealthStateEnum::Healthy),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let table = [&first, &second, &saved, &rolling, &ended];
    let answer = ask(back(), &table, &[&healthy, &green, &modified, &blue])
        .await
        .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::FlippedBack, 1)
    );
    assert_eq!(
        (answer.reason.as_str(), answer.from),
        ("slow", Some(Environment::Blue))
    );
}

/// Somebody who moved traffic meanwhile has changed the record: what was seen of the rules is worth nothing.
#[tokio::test]
async fn already_back_makes_no_write_call() {
    let (rolled_back, modified) = (reads(record(Phase::RolledBack)), modifies());
    let answer = ask(back(), &[&rolled_back], &[&modified])
        .await
        .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::AlreadyBack, 0)
    );
}

#[tokio::test]
async fn a_side_without_a_healthy_target_gets_no_traffic() {
    let (watching, modified) = (reads(record(Phase::Watching)), modifies());
    let (sick, green) = (
        target_is(TargetHealthStateEnum::Unhealthy),
        rule_forwards_to("tg-green"),
    );
    let answer = ask(back(), &[&watching], &[&sick, &green, &modified])
        .await
        .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::Refused, 0)
    );
    assert!(
        answer.reason.contains("blue has no healthy target"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn an_alarm_from_before_the_flip_is_ignored() {
    let watching = reads(record(Phase::Watching));
    let answer = ask(alarm(Utc::now() - TimeDelta::minutes(5)), &[&watching], &[])
        .await
        .expect("an answer");
    assert_eq!(answer.decision, Decision::Ignored);
}

/// The first request may still take effect after a second one was answered, when the lease is given back already.
#[tokio::test]
async fn an_alarm_whose_flip_back_is_refused_is_delivered_again() {
    let (watching, modified) = (reads(record(Phase::Watching)), modifies());
    let (sick, green) = (
        target_is(TargetHealthStateEnum::Initial),
        rule_forwards_to("tg-green"),
    );
    let error = ask(alarm(Utc::now()), &[&watching], &[&sick, &green, &modified]).await;
    assert_eq!(error.expect_err("refused").name(), "FlipBackRefused");
    assert_eq!(modified.num_calls(), 0);
}
