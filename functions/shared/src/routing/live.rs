//! The rules as the load balancer has them now.

use crate::Error;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use std::collections::{BTreeSet, HashMap};

/// A rule, or a listener's default, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveRule {
    pub arn: String,
    pub actions: Vec<Action>,
}

impl LiveRule {
    pub fn is_listener(&self) -> bool {
        is_listener(&self.arn)
    }
}

fn is_listener(arn: &str) -> bool {
    arn.contains(":listener/")
}

/// The action that forwards; a rule has one at most.
pub(super) fn forward_of(actions: &[Action]) -> Option<&Action> {
    let mut actions = actions.iter();
    actions.find(|action| action.r#type() == Some(&ActionTypeEnum::Forward))
}

/// The target groups that the actions forward to, each with its weight.
///
/// ELBv2 shows a simple forward as `TargetGroupArn`, as `ForwardConfig`, or as both; a group without a weight
/// has weight 1.
pub fn forward_targets(actions: &[Action]) -> Vec<(String, i32)> {
    let Some(action) = forward_of(actions) else {
        return Vec::new();
    };
    let weighted: Vec<_> = action
        .forward_config()
        .map(|config| config.target_groups())
        .unwrap_or_default()
        .iter()
        .filter_map(|group| {
            Some((
                group.target_group_arn()?.to_owned(),
                group.weight().unwrap_or(1),
            ))
        })
        .collect();
    if weighted.is_empty() {
        action
            .target_group_arn()
            .map(|arn| (arn.to_owned(), 1))
            .into_iter()
            .collect()
    } else {
        weighted
    }
}

/// Reads the rules in the order of `arns`: all rules at one moment, and all listeners at one moment. One that is listed
/// twice is asked for once.
///
/// # Errors
/// `NotFound` where a rule does not exist, and the named errors of both calls.
pub async fn live_rules(client: &Client, arns: &[String]) -> Result<Vec<LiveRule>, Error> {
    let (listeners, rules): (BTreeSet<_>, BTreeSet<_>) =
        arns.iter().cloned().partition(|arn| is_listener(arn));
    let (rules, listeners) = tokio::try_join!(
        rules_by_arn(client, rules),
        listeners_by_arn(client, listeners)
    )?;
    let found: HashMap<_, _> = rules.into_iter().chain(listeners).collect();
    let in_order = arns.iter().map(|arn| {
        let missing = || {
            Error::NotFound(format!(
                "{arn} was not found. Check the stack's parameters LoadBalancerArn, ListenerRuleArns and IdleRuleArns."
            ))
        };
        let actions = found.get(arn).cloned().flatten().ok_or_else(missing)?;
        let arn = arn.clone();
        Ok(LiveRule { arn, actions })
    });
    in_order.collect()
}

type ActionsByArn = Vec<(String, Option<Vec<Action>>)>;

async fn rules_by_arn(client: &Client, arns: BTreeSet<String>) -> Result<ActionsByArn, Error> {
    if arns.is_empty() {
        return Ok(Vec::new());
    }
    let output = client
        .describe_rules()
        .set_rule_arns(Some(arns.into_iter().collect()))
        .send()
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeRules", e))?;
    let rules = output.rules.unwrap_or_default().into_iter();
    Ok(rules
        .filter_map(|rule| Some((rule.rule_arn?, rule.actions)))
        .collect())
}

async fn listeners_by_arn(client: &Client, arns: BTreeSet<String>) -> Result<ActionsByArn, Error> {
    if arns.is_empty() {
        return Ok(Vec::new());
    }
    let output = client
        .describe_listeners()
        .set_listener_arns(Some(arns.into_iter().collect()))
        .send()
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeListeners", e))?;
    let listeners = output.listeners.unwrap_or_default().into_iter();
    Ok(listeners
        .filter_map(|listener| Some((listener.listener_arn?, listener.default_actions)))
        .collect())
}
