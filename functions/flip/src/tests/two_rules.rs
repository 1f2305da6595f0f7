//! Two rules are written side by side: what becomes of one whose fate is not the other's.

use super::{RULE, context, flip, flip_back_task, reads, record, saves, targets_are};
use crate::answer::{Answer, Decision};
use crate::rules::ListenerRules;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::error::ErrorMetadata;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::{ModifyRuleError, ModifyRuleOutput};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum::Healthy;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, Rule as ListenerRule};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::mock_client;
use lambda_runtime::LambdaEvent;
use record::Phase;
use shared::Error;
use shared::routing::Routing;

const SECOND: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/4";

fn rules_forward_to(group: &'static str) -> Rule {
    mock!(Client::describe_rules).then_output(move || {
        let forward = Action::builder().r#type(ActionTypeEnum::Forward);
        let forward = forward.target_group_arn(group).build();
        let rule = |arn| {
            ListenerRule::builder()
                .rule_arn(arn)
                .actions(forward.clone())
        };
        let rules = [RULE, SECOND].map(|arn| rule(arn).build());
        DescribeRulesOutput::builder()
            .set_rules(Some(rules.into()))
            .build()
    })
}

fn written(arn: &'static str) -> Rule {
    mock!(Client::modify_rule)
        .match_requests(move |it| it.rule_arn() == Some(arn))
        .then_output(|| ModifyRuleOutput::builder().build())
}

/// A write of the first rule that AWS answers with this error.
fn fails(code: &'static str) -> Rule {
    mock!(Client::modify_rule)
        .match_requests(|it| it.rule_arn() == Some(RULE))
        .then_error(move || ModifyRuleError::generic(ErrorMetadata::builder().code(code).build()))
}

/// The flip back of both rules from green, with these writes of them, and what follows.
async fn flip_back(table: &[&Rule], writes: &[&Rule]) -> Result<Answer, Error> {
    let (healthy, green) = (targets_are(vec![Healthy; 2]), rules_forward_to("tg-green"));
    let look = [&healthy, &green];
    let elb = look.into_iter().chain(writes.iter().copied());
    let elb = mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::Sequential, elb);
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, [] as [&Rule; 0]);
    let mut flip = flip(table, elb.clone(), ecs);
    let routing = Routing {
        rule_arns: vec![RULE.to_owned(), SECOND.to_owned()],
        ..flip.rules.routing
    };
    flip.rules = ListenerRules::new(elb, routing);
    flip.handle(LambdaEvent::new(flip_back_task(), context()))
        .await
}

#[tokio::test]
async fn both_rules_are_written_and_read_back_at_once() {
    let (watching, leased, ended) = (reads(record(Phase::Watching)), saves(), saves());
    let (first, second, blue) = (written(RULE), written(SECOND), rules_forward_to("tg-blue"));
    let table = [&watching, &leased, &ended];
    let answer = flip_back(&table, &[&first, &second, &blue]).await;
    assert_eq!(answer.expect("an answer").decision, Decision::FlippedBack);
    assert_eq!((first.num_calls(), second.num_calls()), (1, 1));
}

/// AWS has answered both writes, so nobody need wait for the lease's end.
#[tokio::test]
async fn a_rule_that_is_refused_stops_no_other_and_the_lease_is_released() {
    let (watching, leased, released) = (reads(record(Phase::Watching)), saves(), saves());
    let (refused, second) = (fails("AccessDenied"), written(SECOND));
    let table = [&watching, &leased, &released];
    let error = flip_back(&table, &[&refused, &second]).await;
    assert_eq!(error.expect_err("refused").name(), "AccessDenied");
    assert_eq!((second.num_calls(), released.num_calls()), (1, 1));
}

/// The second write may take effect at any time until the lease has ended.
#[tokio::test]
async fn a_refusal_beside_a_write_without_an_answer_keeps_the_lease() {
    let (watching, leased, released) = (reads(record(Phase::Watching)), saves(), saves());
    let unanswered = mock!(Client::modify_rule)
        .sequence()
        .http_status(503, None)
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let table = [&watching, &leased, &released];
    let error = flip_back(&table, &[&fails("AccessDenied"), &unanswered]).await;
    assert_eq!(error.expect_err("no answer").name(), "AwsUnavailable");
    assert_eq!((unanswered.num_calls(), released.num_calls()), (1, 0));
}
