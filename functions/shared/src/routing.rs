//! Reads where the service's rules send traffic. The live rule alone says which environment is active.

mod rewrite;

use crate::config::Settings;
use crate::{Environment, Error, PerEnvironment, Refusal};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use std::collections::{BTreeSet, HashMap};

/// The rules that carry the service, and the target group of each environment.
#[derive(Clone, Debug)]
pub struct Routing {
    /// ARNs of listener rules, or of listeners whose default action it is.
    pub rule_arns: Vec<String>,
    pub target_groups: PerEnvironment<String>,
}

impl Routing {
    /// Reads `RULE_ARNS`, `BLUE_TARGET_GROUP_ARN` and `GREEN_TARGET_GROUP_ARN`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Routing, Error> {
        Ok(Routing {
            rule_arns: settings.list("RULE_ARNS")?,
            target_groups: settings.per_environment("TARGET_GROUP_ARN")?,
        })
    }

    /// The environment that gets all traffic of every rule.
    ///
    /// # Errors
    /// Says which rules forward elsewhere, or split traffic.
    pub fn active_environment(&self, rules: &[LiveRule]) -> Result<Environment, Refusal> {
        let (first, others) = rules.split_first().ok_or("no rule was found")?;
        let active = self.environment_of(first)?;
        for rule in others {
            let environment = self.environment_of(rule)?;
            if environment != active {
                return Err(Refusal::from(format!(
                    "the rules disagree: {} forwards to {active}, {} forwards to {environment}. \
                     Make them forward to the same environment.",
                    first.arn, rule.arn
                )));
            }
        }
        Ok(active)
    }

    /// The environment that gets all traffic of one rule.
    ///
    /// # Errors
    /// Says what the rule forwards to instead.
    pub fn environment_of(&self, rule: &LiveRule) -> Result<Environment, Refusal> {
        let arn = &rule.arn;
        let mut receiving = Vec::new();
        for (group, weight) in forward_targets(&rule.actions) {
            let environment = self.target_groups.find(|arn| *arn == group).ok_or_else(|| {
                format!(
                    "{arn} forwards to {group} (weight {weight}), which is neither blue's nor green's target group"
                )
            })?;
            if weight > 0 {
                receiving.push((environment, weight));
            }
        }
        match receiving.as_slice() {
            [] => Err(format!("{arn} forwards to neither blue nor green").into()),
            [(environment, _)] => Ok(*environment),
            [(a, x), (b, y), ..] => Err(Refusal::from(format!(
                "{arn} splits traffic: {a} has weight {x}, {b} has weight {y}. Give one of them all of the weight."
            ))),
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
pub fn forward_targets(actions: &[Action]) -> Vec<(String, i32)> {
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

/// Reads the rules in the order of `arns`: all rules at one moment, and all listeners at one moment. One that is listed
/// twice is asked for once.
///
/// # Errors
/// `NotFound` where a rule does not exist, and the named errors of both calls.
pub async fn live_rules(client: &Client, arns: &[String]) -> Result<Vec<LiveRule>, Error> {
    let (listeners, rules): (BTreeSet<_>, BTreeSet<_>) =
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

async fn rules_by_arn(client: &Client, arns: BTreeSet<String>) -> Result<ActionsByArn, Error> {
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

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
