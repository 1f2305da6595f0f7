//! What a release has made of the rules' forwards, and what they were before. Pure.

use super::live::{LiveRule, forward_of};
use crate::{Environment, OriginalForward, Share, WeightedGroup};
use aws_sdk_elasticloadbalancingv2::types::{ForwardActionConfig, TargetGroupTuple};

/// The splits that a release may have made. Any other is the work of a person, whose reasons nobody here knows.
#[derive(Clone, Copy, Debug)]
pub struct Splits<'a> {
    /// The environment that the release makes active.
    pub to: Environment,
    /// The shares that the rules may have by now: of a flip on its way some rules have the earlier one.
    pub shares: [Option<Share>; 2],
    /// The rules that it splits, as it found them.
    pub originals: &'a [OriginalForward],
}

impl<'a> Splits<'a> {
    pub(super) fn original_of(&self, rule: &LiveRule) -> Option<&'a OriginalForward> {
        let mut originals = self.originals.iter();
        originals.find(|original| original.rule == rule.arn)
    }
}

/// The forwards of the rules as they are, for whoever is about to split them.
pub fn original_forwards(rules: &[LiveRule]) -> Vec<OriginalForward> {
    let original = |rule: &LiveRule| {
        let forward = forward_of(&rule.actions)?;
        let config = forward.forward_config();
        Some(OriginalForward {
            rule: rule.arn.clone(),
            single: forward.target_group_arn().is_some(),
            groups: config.map(groups),
        })
    };
    rules.iter().filter_map(original).collect()
}

fn groups(config: &ForwardActionConfig) -> Vec<WeightedGroup> {
    let read = |tuple: &TargetGroupTuple| {
        Some(WeightedGroup {
            group: tuple.target_group_arn()?.to_owned(),
            weight: tuple.weight(),
        })
    };
    config.target_groups().iter().filter_map(read).collect()
}
