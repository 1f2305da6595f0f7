//! The tests of `listener_rules.rs`.

use super::*;
use aws_sdk_elasticloadbalancingv2::operation::describe_listeners::DescribeListenersOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesError;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::types::error::UnsupportedProtocolException;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;

fn forward(group: &str) -> Action {
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .target_group_arn(group)
        .build()
}

fn listener(arn: &str, protocol: ProtocolEnum, port: i32) -> Listener {
    Listener::builder()
        .listener_arn(arn)
        .protocol(protocol)
        .port(port)
        .default_actions(forward("tg-blue"))
        .build()
}

fn rule(arn: &str, group: &str, is_default: bool) -> Rule {
    let rule = Rule::builder().rule_arn(arn).is_default(is_default);
    rule.actions(forward(group)).build()
}

/// ARN, name, group and second ARN of each rule that was found.
fn shown(rules: &[ListenerRule]) -> Vec<(&str, &str, &str, Option<&str>)> {
    let shown = rules.iter().map(|it| {
        let group = it.rule.actions[0].target_group_arn();
        (
            it.rule.arn.as_str(),
            it.name.as_str(),
            group.expect("a group"),
            it.default_rule.as_deref(),
        )
    });
    shown.collect()
}

#[tokio::test]
async fn every_page_of_every_listener_is_read() {
    let page = |request: Option<&str>, listener: Listener, next: Option<&str>| {
        let (request, next) = (request.map(str::to_owned), next.map(str::to_owned));
        mock!(Client::describe_listeners)
            .match_requests(move |it| it.marker() == request.as_deref())
            .then_output(move || {
                let output = DescribeListenersOutput::builder().listeners(listener.clone());
                output.set_next_marker(next.clone()).build()
            })
    };
    let first = page(None, listener("l80", ProtocolEnum::Http, 80), Some("2"));
    let second = page(Some("2"), listener("l443", ProtocolEnum::Https, 443), None);
    let page = |listener: &'static str, request: Option<&'static str>, rule: Rule, next| {
        let next: Option<&str> = next;
        let next = next.map(str::to_owned);
        mock!(Client::describe_rules)
            .match_requests(move |it| it.listener_arn() == Some(listener) && it.marker() == request)
            .then_output(move || {
                let output = DescribeRulesOutput::builder().rules(rule.clone());
                output.set_next_marker(next.clone()).build()
            })
    };
    let of_80 = page("l80", None, rule("r1", "tg-green", false), Some("b"));
    let default = page("l80", Some("b"), rule("r80", "tg-stale", true), None);
    let of_443 = page("l443", None, rule("r443", "tg-blue", true), None);
    let rules = [&first, &second, &of_80, &default, &of_443];
    let client = mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::MatchAny, rules);
    let found = listener_rules(&client, ["alb"].into()).await;
    assert_eq!(
        shown(&found.expect("rules")),
        [
            ("l80", "HTTP:80", "tg-blue", Some("r80")),
            ("r1", "HTTP:80", "tg-green", None),
            ("l443", "HTTPS:443", "tg-blue", Some("r443")),
        ]
    );
}

/// A load balancer with this one listener, whose rules nobody can read.
fn without_rules(arn: &'static str, protocol: ProtocolEnum, port: i32) -> Client {
    let listeners = mock!(Client::describe_listeners).then_output(move || {
        let listener = listener(arn, protocol.clone(), port);
        DescribeListenersOutput::builder()
            .listeners(listener)
            .build()
    });
    let rules = mock!(Client::describe_rules).then_error(|| {
        let reason = UnsupportedProtocolException::builder().build();
        DescribeRulesError::UnsupportedProtocolException(reason)
    });
    mock_client!(
        aws_sdk_elasticloadbalancingv2,
        RuleMode::MatchAny,
        [&listeners, &rules]
    )
}

#[tokio::test]
async fn a_network_load_balancers_listener_has_its_default_action_alone() {
    let client = without_rules("l5432", ProtocolEnum::Tcp, 5432);
    let found = listener_rules(&client, ["nlb"].into()).await;
    assert_eq!(
        shown(&found.expect("rules")),
        [("l5432", "TCP:5432", "tg-blue", None)]
    );
}

#[tokio::test]
async fn where_a_listener_is_not_read_nothing_is_known() {
    let client = without_rules("l80", ProtocolEnum::Http, 80);
    let error = listener_rules(&client, ["alb"].into()).await;
    let error = error.expect_err("no rules").to_string();
    assert!(
        error.contains("elasticloadbalancing:DescribeRules"),
        "{error}"
    );
}
