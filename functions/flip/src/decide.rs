//! Which rules must change so that all of them forward to one environment, and to what.

use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use shared::Environment;
use shared::routing::{LiveRule, Routing};
use shared::targets::{TargetHealth, healthy};

/// What to do so that traffic goes to an environment.
#[derive(Clone, Debug, PartialEq)]
pub enum Movement {
    /// The rules that forward elsewhere, with their actions as they shall be. None: all are there already.
    Change(Vec<LiveRule>),
    /// Traffic must not move, and why.
    Refuse(String),
}

/// Decides the movement to `to`. Rules may stand on both sides, as a try that failed in between left them.
pub fn movement(
    rules: &[LiveRule],
    routing: &Routing,
    to: Environment,
    targets: &[TargetHealth],
) -> Movement {
    if healthy(targets) == 0 {
        return Movement::Refuse(format!(
            "{to} has no healthy target (registered: {})",
            targets.len()
        ));
    }
    match changes(rules, routing, to) {
        Ok(change) => Movement::Change(change),
        Err(reason) => Movement::Refuse(reason),
    }
}

/// The rules that forward elsewhere, as they shall be; or which rule cannot be moved, and why.
pub fn changes(
    rules: &[LiveRule],
    routing: &Routing,
    to: Environment,
) -> Result<Vec<LiveRule>, String> {
    let mut change = Vec::new();
    for rule in rules {
        if routing.target_of(rule)? != to {
            change.push(LiveRule {
                arn: rule.arn.clone(),
                actions: retarget(rule, routing, to),
            });
        }
    }
    Ok(change)
}

/// The rule's actions with traffic sent to `to`: every other action, order and attribute stays.
fn retarget(rule: &LiveRule, routing: &Routing, to: Environment) -> Vec<Action> {
    let mut actions = rule.actions.clone();
    for action in &mut actions {
        keep_client_secret(action);
    }
    if let Some(forward) = actions
        .iter_mut()
        .find(|action| action.r#type() == Some(&ActionTypeEnum::Forward))
    {
        point(
            forward,
            routing.target_groups.get(to),
            routing.target_groups.get(to.other()),
        );
    }
    actions
}

/// ELBv2 does not show an OIDC client's secret; it takes the action back only with this flag.
fn keep_client_secret(action: &mut Action) {
    if let Some(oidc) = action.authenticate_oidc_config.as_mut() {
        oidc.use_existing_client_secret = Some(true);
    }
}

/// Writes the shape that was found: two weighted groups swap their weights, a single group is replaced.
fn point(forward: &mut Action, to: &str, from: &str) {
    if forward.target_group_arn.is_some() {
        forward.target_group_arn = Some(to.to_owned());
    }
    let groups = forward
        .forward_config
        .as_mut()
        .and_then(|config| config.target_groups.as_mut());
    for group in groups.into_iter().flatten() {
        let other = if group.target_group_arn.as_deref() == Some(to) {
            from
        } else {
            to
        };
        group.target_group_arn = Some(other.to_owned());
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
