//! What a flip makes of the rules: the actions that send traffic where a release wants it. Pure.

use super::{LiveRule, Routing};
use crate::{OriginalForward, Refusal, Splits, Traffic, WeightedGroup};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupTuple,
};

impl Routing {
    /// The rules that send traffic elsewhere than `traffic` says, with actions that do as it says. `splits` are those that
    /// were made on purpose.
    ///
    /// # Errors
    /// Says which rule cannot be rewritten: it is split by somebody else, forwards to neither environment, or was not
    /// there when the release began to split the others.
    pub fn rewritten(
        &self,
        rules: &[LiveRule],
        traffic: Traffic,
        splits: &[Splits<'_>],
    ) -> Result<Vec<LiveRule>, Refusal> {
        let rewrite = |rule| {
            let written = if traffic.share.is_all() {
                self.with_all(rule, traffic, splits)
            } else {
                self.with_share(rule, traffic, splits)
            };
            written.transpose()
        };
        rules.iter().filter_map(rewrite).collect()
    }

    /// The rule with everything to one environment, in the shape that it had before it was split; none where it is so.
    fn with_all(
        &self,
        rule: &LiveRule,
        traffic: Traffic,
        splits: &[Splits<'_>],
    ) -> Result<Option<LiveRule>, Refusal> {
        let to = self.target_groups.get(traffic.to);
        let original = self.before_split(rule, splits);
        let unsplit = match original {
            Some(original) => with_forward(rule, |forward| restore(forward, original, to)),
            None => rule.clone(),
        };
        let is_there = self.environment_of(&unsplit)? == traffic.to;
        if is_there {
            return Ok(original.map(|_| unsplit));
        }
        let from = self.target_groups.get(traffic.to.other());
        Ok(Some(with_forward(&unsplit, |forward| {
            point(forward, to, from);
        })))
    }

    /// The rule with a share of its traffic to the environment and the rest to the other one; none where it is so.
    fn with_share(
        &self,
        rule: &LiveRule,
        traffic: Traffic,
        splits: &[Splits<'_>],
    ) -> Result<Option<LiveRule>, Refusal> {
        if self.before_split(rule, splits).is_none() {
            self.environment_of(rule)?;
        } else if self.traffic_of(rule, traffic.to)? == traffic {
            return Ok(None);
        }
        let has_begun = splits.iter().any(|own| !own.originals.is_empty());
        if has_begun
            && splits
                .iter()
                .all(|own| own.original_of(&rule.arn).is_none())
        {
            return Err(Refusal::from(format!(
                "{} was not among the rules when this release took its first share of the traffic. \
                 Flip back, and release again",
                rule.arn
            )));
        }
        let percent = i32::from(traffic.share.percent());
        let groups = [(traffic.to.other(), 100 - percent), (traffic.to, percent)];
        let groups = groups.map(|(environment, weight)| WeightedGroup {
            group: self.target_groups.get(environment).clone(),
            weight: Some(weight),
        });
        Ok(Some(with_forward(rule, |forward| {
            forward.target_group_arn = None;
            set_groups(forward, &groups);
        })))
    }
}

/// The rule with another forward: every other action, order and attribute stays.
fn with_forward(rule: &LiveRule, change: impl FnOnce(&mut Action)) -> LiveRule {
    let mut rule = rule.clone();
    for action in &mut rule.actions {
        // ELBv2 does not show an OIDC client's secret; it takes the action back only with this flag.
        if let Some(oidc) = &mut action.authenticate_oidc_config {
            oidc.use_existing_client_secret = Some(true);
        }
    }
    let mut actions = rule.actions.iter_mut();
    let forward = actions.find(|action| action.r#type() == Some(&ActionTypeEnum::Forward));
    if let Some(forward) = forward {
        change(forward);
    }
    rule
}

/// Gives the forward the shape that it had. The record does not keep the group that it named alone: that is `to`.
fn restore(forward: &mut Action, original: &OriginalForward, to: &str) {
    forward.target_group_arn = original.single.then(|| to.to_owned());
    match &original.groups {
        Some(groups) => set_groups(forward, groups),
        None => forward.forward_config = None,
    }
}

/// Replaces the groups, and keeps the stickiness beside them.
fn set_groups(forward: &mut Action, groups: &[WeightedGroup]) {
    let tuple = |group: &WeightedGroup| {
        TargetGroupTuple::builder()
            .target_group_arn(&group.group)
            .set_weight(group.weight)
            .build()
    };
    let empty = || ForwardActionConfig::builder().build();
    let config = forward.forward_config.get_or_insert_with(empty);
    config.target_groups = Some(groups.iter().map(tuple).collect());
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
#[path = "rewrite_tests.rs"]
mod tests;
