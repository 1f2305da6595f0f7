//! What a flip makes of the rules: the actions that forward to the other environment. Pure.

use super::{LiveRule, Routing};
use crate::{Environment, Refusal};
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};

impl Routing {
    /// The rules that do not forward to `to`, with actions that do.
    ///
    /// # Errors
    /// Says which rule cannot be rewritten: it splits traffic, or forwards to neither environment.
    pub fn rewritten(&self, rules: &[LiveRule], to: Environment) -> Result<Vec<LiveRule>, Refusal> {
        let mut writes = Vec::new();
        for rule in rules {
            if self.environment_of(rule)? != to {
                writes.push(self.retargeted(rule.clone(), to));
            }
        }
        Ok(writes)
    }

    /// The rule with the forward pointed at `to`: every other action, order and attribute stays.
    fn retargeted(&self, mut rule: LiveRule, to: Environment) -> LiveRule {
        let groups = &self.target_groups;
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
