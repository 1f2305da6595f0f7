//! Which rules must be written so that all of them forward to one environment, and with which actions.

use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use shared::routing::{LiveRule, Routing};
use shared::targets::{TargetHealth, healthy_count};
use shared::{Environment, Refusal};

/// What makes every rule forward to an environment.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleWrites {
    /// The rules that forward elsewhere, each with the actions to write. Empty where every rule forwards there already.
    Needed(Vec<LiveRule>),
    /// No rule may be written, and why.
    Refused(Refusal),
}

/// Decides which rules to write for a flip to `to`. Rules may forward to both environments, as a try that failed
/// between two of them left them.
pub fn rule_writes(
    rules: &[LiveRule],
    routing: &Routing,
    to: Environment,
    targets: &[TargetHealth],
) -> RuleWrites {
    if healthy_count(targets) == 0 {
        let registered = targets.len();
        let refusal = format!("{to} has no healthy target (registered: {registered})");
        return RuleWrites::Refused(refusal.into());
    }
    let writes = rewritten(rules, routing, to);
    writes.map_or_else(RuleWrites::Refused, RuleWrites::Needed)
}

/// The rules that forward elsewhere, with actions that forward to `to`; or which rule cannot be rewritten.
pub(crate) fn rewritten(
    rules: &[LiveRule],
    routing: &Routing,
    to: Environment,
) -> Result<Vec<LiveRule>, Refusal> {
    let mut writes = Vec::new();
    for rule in rules {
        if routing.environment_of(rule)? != to {
            writes.push(retargeted(rule.clone(), routing, to));
        }
    }
    Ok(writes)
}

/// The rule with the forward pointed at `to`: every other action, order and attribute stays.
fn retargeted(mut rule: LiveRule, routing: &Routing, to: Environment) -> LiveRule {
    let groups = &routing.target_groups;
    for action in &mut rule.actions {
        // ELBv2 does not show an OIDC client's secret; it takes the action back only with this flag.
        if let Some(oidc) = &mut action.authenticate_oidc_config {
            oidc.use_existing_client_secret = Some(true);
        }
    }
    let mut actions = rule.actions.iter_mut();
    let forward = actions.find(|action| action.r#type() == Some(&ActionTypeEnum::Forward));
    if let Some(forward) = forward {
        point(forward, groups.get(to), groups.get(to.other()));
    }
    rule
}

/// Keeps the shape of the forward: two weighted groups swap their weights, a single group is replaced.
fn point(forward: &mut Action, to: &str, from: &str) {
    if forward.target_group_arn.is_some() {
        forward.target_group_arn = Some(to.to_owned());
    }
    let config = forward.forward_config.as_mut();
    let groups = config.and_then(|config| config.target_groups.as_mut());
    for group in groups.into_iter().flatten() {
        let arn = group.target_group_arn.get_or_insert_default();
        *arn = if arn == to { from } else { to }.to_owned();
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
