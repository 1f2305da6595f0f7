//! Reads every rule of the load balancers' listeners: what else forwards to the environments.

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Listener, ProtocolEnum, Rule};
use futures::{StreamExt, TryStreamExt, stream};
use shared::Error;
use shared::routing::LiveRule;
use std::collections::BTreeSet;

/// Listeners whose rules are read at once. A load balancer has up to 50 (its quota), and ELBv2 takes a burst of 40 reads
/// from all callers of an account together.
const AT_ONCE: usize = 8;

/// A rule of a listener, or its default action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListenerRule {
    /// ARN of the listener.
    pub listener: String,
    /// The listener's protocol and port: `HTTPS:443`.
    pub name: String,
    /// A default action stands under the listener's ARN.
    pub rule: LiveRule,
    /// The other ARN of a default action, by which nobody may modify it; none for any other rule.
    pub default_rule: Option<String>,
}

impl ListenerRule {
    pub(crate) fn has_arn(&self, arn: &str) -> bool {
        self.rule.arn == arn || self.default_rule.as_deref() == Some(arn)
    }
}

/// Every rule and default action of the load balancers; both calls are paged.
///
/// # Errors
/// The named errors of both calls.
pub(super) async fn listener_rules(
    client: &Client,
    load_balancers: BTreeSet<&str>,
) -> Result<Vec<ListenerRule>, Error> {
    let mut found = Vec::new();
    for arn in load_balancers {
        let pages = client.describe_listeners().load_balancer_arn(arn);
        let listeners = pages.into_paginator().items().send().try_collect();
        let listeners: Vec<Listener> = listeners
            .await
            .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeListeners", e))?;
        let rules = listeners.into_iter().map(|it| rules_of(client, it));
        let rules = stream::iter(rules).buffered(AT_ONCE);
        let rules: Vec<_> = rules.try_collect().await?;
        found.extend(rules.into_iter().flatten());
    }
    Ok(found)
}

/// The default action first.
async fn rules_of(client: &Client, listener: Listener) -> Result<Vec<ListenerRule>, Error> {
    let arn = listener.listener_arn.unwrap_or_default();
    let protocol = listener.protocol.as_ref();
    let name = protocol.map_or("no protocol", ProtocolEnum::as_str);
    let name = format!("{name}:{}", listener.port.unwrap_or_default());
    let entry = |rule_arn: String, actions| ListenerRule {
        listener: arn.clone(),
        name: name.clone(),
        rule: LiveRule {
            arn: rule_arn,
            actions,
        },
        default_rule: None,
    };
    let mut default = entry(arn.clone(), listener.default_actions.unwrap_or_default());
    let mut others = Vec::new();
    // Only a listener of an Application Load Balancer has rules; of another, DescribeRules is an error.
    if matches!(protocol, Some(ProtocolEnum::Http | ProtocolEnum::Https)) {
        for rule in rules(client, &arn).await? {
            if rule.is_default == Some(true) {
                default.default_rule = rule.rule_arn;
            } else {
                let rule_arn = rule.rule_arn.unwrap_or_default();
                others.push(entry(rule_arn, rule.actions.unwrap_or_default()));
            }
        }
    }
    others.insert(0, default);
    Ok(others)
}

async fn rules(client: &Client, listener: &str) -> Result<Vec<Rule>, Error> {
    let pages = client.describe_rules().listener_arn(listener);
    let rules = pages.into_paginator().items().send().try_collect();
    rules
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeRules", e))
}

#[cfg(test)]
#[path = "listener_rules_tests.rs"]
mod tests;
