//! What the tests of `handler` and of `traffic` share: a mocked table, a mocked load balancer, and events.

mod ahead;
mod alarms;
mod capacity;
mod handler;
mod idle_rules;
mod people;
mod shares;
mod smoke;
mod stopped;
mod throttled;
mod traffic;
mod two_rules;

use crate::answer::Answer;
use crate::clients::tests::patient;
use crate::handler::Flip;
use crate::rules::ListenerRules;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::types::Service;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleOutput;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Rule as ListenerRule, TargetDescription, TargetHealth,
    TargetHealthDescription, TargetHealthStateEnum,
};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use chrono::{TimeDelta, Utc};
use fixtures::mock_client;
use lambda_runtime::{Context, LambdaEvent};
use record::{PassedSmoke, Phase, Record, Release, Store};
use serde_json::{Value, json};
use shared::routing::Routing;
use shared::{Error, PerEnvironment, WhenStopped};

const RULE: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/3";

/// A record whose release `r1` of execution `arn:r1` is in `phase`; it passed its smoke test with `shop:2`, and flipped
/// 30 s ago.
fn record(phase: Phase) -> Record {
    let flipped_at = (phase != Phase::Deploying).then(|| Utc::now() - TimeDelta::seconds(30));
    let passed_smoke = PassedSmoke {
        execution: "arn:r1".into(),
        digest: "sha256:new".into(),
        task_definition: "shop:2".to_owned(),
    };
    let release = Release {
        phase,
        flipped_at,
        share_since: flipped_at,
        passed_smoke: Some(passed_smoke),
        ..fixtures::release("r1")
    };
    Record {
        version: 1,
        holder: Some("arn:r1".into()),
        release: Some(release),
        ..Record::default()
    }
}

fn reads(record: Record) -> Rule {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(&record).expect("an item");
    mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        GetItemOutput::builder()
            .set_item(Some(item.clone()))
            .build()
    })
}

fn saves() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

fn rule_forwards_to(group: &'static str) -> Rule {
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

fn target_is(state: TargetHealthStateEnum) -> Rule {
    targets_are(vec![state])
}

/// One target for each state.
fn targets_are(states: Vec<TargetHealthStateEnum>) -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .then_output(move || described(&states))
}

fn described(states: &[TargetHealthStateEnum]) -> DescribeTargetHealthOutput {
    let described = (1..).zip(states).map(|(at, state)| {
        let target = TargetDescription::builder()
            .id(format!("10.0.0.{at}"))
            .port(8080);
        TargetHealthDescription::builder()
            .target(target.build())
            .target_health(TargetHealth::builder().state(state.clone()).build())
            .build()
    });
    DescribeTargetHealthOutput::builder()
        .set_target_health_descriptions(Some(described.collect()))
        .build()
}

fn modifies() -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::modify_rule)
        .then_output(|| ModifyRuleOutput::builder().build())
}

/// What blue's service, the active one, wants now.
fn active_wants(tasks: i32) -> Rule {
    mock!(aws_sdk_ecs::Client::describe_services)
        .match_requests(|it| it.cluster() == Some("blue") && it.services() == ["api"])
        .then_output(move || {
            let service = Service::builder().desired_count(tasks).build();
            DescribeServicesOutput::builder().services(service).build()
        })
}

/// What the load balancer answers to a flip to this share as it asks the record: blue has the traffic of two tasks.
fn found_ahead(share: u8) -> Vec<Rule> {
    let groups = if share < 100 { 2 } else { 1 };
    let healthy = |_| targets_are(vec![TargetHealthStateEnum::Healthy; 2]);
    let rules = [rule_forwards_to("tg-blue")];
    (0..groups).map(healthy).chain(rules).collect()
}

/// What flip answers to the payload, with these calls to the table and to the load balancer, in this order. ECS says that
/// active wants two tasks.
async fn invoke(payload: Value, table: &[&Rule], elb: &[&Rule]) -> Result<Answer, Error> {
    invoke_with_ecs(payload, table, elb, &[&active_wants(2)]).await
}

/// The same with these calls to ECS.
async fn invoke_with_ecs(
    payload: Value,
    table: &[&Rule],
    elb: &[&Rule],
    ecs: &[&Rule],
) -> Result<Answer, Error> {
    let elb = mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::Sequential, elb);
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, ecs);
    let event = LambdaEvent::new(payload, context());
    flip(table, elb, ecs).handle(event).await
}

/// The same with this much time until the deadline, and with flip's own client of the load balancer.
async fn invoke_within(
    time: TimeDelta,
    payload: Value,
    table: &[&Rule],
    elb: &[&Rule],
    ecs: &[&Rule],
) -> Result<Answer, Error> {
    let mut context = context();
    context.deadline = (Utc::now() + time).timestamp_millis().unsigned_abs();
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, ecs);
    let event = LambdaEvent::new(payload, context);
    flip(table, patient(elb), ecs).handle(event).await
}

/// The answer to a flip to this share where the record alone decides, whatever is found as it is asked.
async fn invoke_by_record(share: u8, payload: Value, table: &[&Rule]) -> Result<Answer, Error> {
    let found = found_ahead(share);
    invoke(payload, table, &found.iter().collect::<Vec<_>>()).await
}

/// The function with these calls to the table, and with these clients.
fn flip(
    table: &[&Rule],
    elb: aws_sdk_elasticloadbalancingv2::Client,
    ecs: aws_sdk_ecs::Client,
) -> Flip {
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, table);
    let target_groups = PerEnvironment {
        blue: "tg-blue".to_owned(),
        green: "tg-green".to_owned(),
    };
    let routing = Routing {
        rule_arns: vec![RULE.to_owned()],
        target_groups,
    };
    Flip {
        rules: ListenerRules::new(elb, routing),
        idle_rules: Vec::new(),
        ecs,
        sfn: mock_client!(aws_sdk_sfn, RuleMode::Sequential, &[] as &[&Rule]),
        store: Store::new(table, "releases".to_owned(), "shop".to_owned()),
        service: "shop".to_owned(),
        rollback_alarms: Vec::new(),
        when_stopped: WhenStopped::FlipBack,
    }
}

/// What Lambda gives with a call of the function, whose timeout is 15 s.
fn context() -> Context {
    let mut context = Context::default();
    let deadline = (Utc::now() + TimeDelta::seconds(15)).timestamp_millis();
    context.deadline = deadline.unsigned_abs();
    context.invoked_function_arn =
        "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip".to_owned();
    context
}

fn flip_back_task() -> Value {
    json!({"action": "flip-back", "release": "r1", "execution": "arn:r1", "reason": "slow"})
}

fn alarm(changed_at: chrono::DateTime<Utc>) -> Value {
    let state =
        json!({"value": "ALARM", "reason": "14 > 10", "timestamp": changed_at.to_rfc3339()});
    json!({"source": "aws.cloudwatch", "alarmData": {"alarmName": "shop-green-5xx", "state": state},
        "alarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-green-5xx"})
}
