//! Reads where the service's rules send traffic. The live rule is the only truth about which side is active.

use crate::config::Settings;
use crate::{Environment, Error, PerEnvironment};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use std::collections::HashMap;

/// The rules that carry the service, and the target group of each environment.
#[derive(Clone, Debug)]
pub struct Routing {
    /// ARNs of listener rules, or of listeners whose default action it is.
    pub rules: Vec<String>,
    pub target_groups: PerEnvironment<String>,
}

impl Routing {
    /// Reads `RULE_ARNS`, `BLUE_TARGET_GROUP_ARN` and `GREEN_TARGET_GROUP_ARN`.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Routing, Error> {
        Ok(Routing {
            rules: settings.list("RULE_ARNS")?,
            target_groups: settings.per_environment("TARGET_GROUP_ARN")?,
        })
    }

    /// The environment that every rule forwards to, and all of its traffic; otherwise what stands in the way.
    pub fn active(&self, rules: &[LiveRule]) -> Result<Environment, String> {
        let mut found = rules.iter().map(|rule| Ok((rule, self.target_of(rule)?)));
        let (first, active) = found
            .next()
            .unwrap_or_else(|| Err("no rule was found".to_owned()))?;
        for other in found {
            let (rule, target) = other?;
            if target != active {
                return Err(format!(
                    "the rules disagree: {} forwards to {active}, {} forwards to {target}. \
                     Make them forward to the same environment.",
                    first.arn, rule.arn
                ));
            }
        }
        Ok(active)
    }

    /// The environment that gets all traffic of one rule; otherwise what stands in the way.
    pub fn target_of(&self, rule: &LiveRule) -> Result<Environment, String> {
        let arn = &rule.arn;
        let mut receiving = Vec::new();
        for (group, weight) in forwards(&rule.actions) {
            let environment = self.target_groups.find(|known| *known == group).ok_or_else(|| {
                format!(
                    "{arn} forwards to {group} (weight {weight}), which is neither blue's nor green's target group"
                )
            })?;
            if weight > 0 {
                receiving.push((environment, weight));
            }
        }
        match receiving.as_slice() {
            [] => Err(format!("{arn} forwards to neither blue nor green")),
            [(environment, _)] => Ok(*environment),
            [(a, x), (b, y), ..] => Err(format!(
                "{arn} splits traffic: {a} has weight {x}, {b} has weight {y}. Give one of them all of the weight."
            )),
        }
    }
}

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

/// The target groups that the actions forward to, each with its weight.
///
/// ELBv2 shows a simple forward as `TargetGroupArn`, as `ForwardConfig`, or as both; a group without a weight
/// has weight 1.
pub fn forwards(actions: &[Action]) -> Vec<(String, i32)> {
    let forward = actions
        .iter()
        .find(|action| action.r#type() == Some(&ActionTypeEnum::Forward));
    let Some(action) = forward else {
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

/// Reads the rules in the order of `arns`: all rules at one moment, and all listeners at one moment.
pub async fn live_rules(client: &Client, arns: &[String]) -> Result<Vec<LiveRule>, Error> {
    let (listeners, rules): (Vec<_>, Vec<_>) =
        arns.iter().cloned().partition(|arn| is_listener(arn));
    let mut found = HashMap::new();
    if !rules.is_empty() {
        found.extend(rules_by_arn(client, rules).await?);
    }
    if !listeners.is_empty() {
        found.extend(listeners_by_arn(client, listeners).await?);
    }
    let in_order = arns.iter().map(|arn| {
        let missing = || {
            Error::NotFound(format!(
                "{arn} was not found. Check the stack's parameter ListenerRuleArns."
            ))
        };
        let actions = found.get(arn).cloned().flatten().ok_or_else(missing)?;
        let arn = arn.clone();
        Ok(LiveRule { arn, actions })
    });
    in_order.collect()
}

type ActionsByArn = Vec<(String, Option<Vec<Action>>)>;

async fn rules_by_arn(client: &Client, arns: Vec<String>) -> Result<ActionsByArn, Error> {
    let call = client.describe_rules().set_rule_arns(Some(arns)).send();
    let output = call
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeRules", e))?;
    let rules = output.rules.unwrap_or_default().into_iter();
    Ok(rules
        .filter_map(|rule| Some((rule.rule_arn?, rule.actions)))
        .collect())
}

async fn listeners_by_arn(client: &Client, arns: Vec<String>) -> Result<ActionsByArn, Error> {
    let call = client
        .describe_listeners()
        .set_listener_arns(Some(arns))
        .send();
    let output = call
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeListeners", e))?;
    let listeners = output.listeners.unwrap_or_default().into_iter();
    Ok(listeners
        .filter_map(|it| Some((it.listener_arn?, it.default_actions)))
        .collect())
}

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
