//! The rules' forwards as a release finds them. Pure.

use super::live::{LiveRule, forward_of};
use crate::{OriginalForward, WeightedGroup};
use aws_sdk_elasticloadbalancingv2::types::{ForwardActionConfig, TargetGroupTuple};

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
