//! Rules as the tests of this folder need them, of which blue gets everything at first.

use super::{LiveRule, Routing};
use crate::{Environment, OriginalForward, PerEnvironment, Share, Splits, Traffic};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupStickinessConfig, TargetGroupTuple,
};

pub(super) const RULE: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/3";
pub(super) const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2";

pub(super) fn routing() -> Routing {
    Routing {
        rule_arns: Vec::new(),
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    }
}

pub(super) fn group(environment: Environment) -> String {
    format!("tg-{environment}")
}

pub(super) fn share(percent: u8) -> Share {
    Share::new(percent).expect("a share")
}

/// A rule of which one group alone, or the first of several, gets everything.
pub(super) fn rule(
    arn: &str,
    single: bool,
    groups: &[(Environment, Option<i32>)],
    sticky: bool,
) -> LiveRule {
    let tuple = |(environment, weight): &(Environment, Option<i32>)| {
        TargetGroupTuple::builder()
            .target_group_arn(group(*environment))
            .set_weight(*weight)
            .build()
    };
    let stickiness = TargetGroupStickinessConfig::builder().enabled(false);
    let config = ForwardActionConfig::builder()
        .set_target_groups(Some(groups.iter().map(tuple).collect()))
        .set_target_group_stickiness_config(sticky.then(|| stickiness.build()));
    let forward = Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .set_forward_config((!groups.is_empty()).then(|| config.build()))
        .set_target_group_arn(single.then(|| group(Environment::Blue)));
    LiveRule {
        arn: arn.to_owned(),
        actions: vec![forward.build()],
    }
}

pub(super) fn simple(arn: &str) -> LiveRule {
    rule(arn, true, &[], false)
}

pub(super) fn split(arn: &str, blue: i32, green: i32) -> LiveRule {
    let groups = [
        (Environment::Blue, Some(blue)),
        (Environment::Green, Some(green)),
    ];
    rule(arn, false, &groups, false)
}

/// The rule with blue and green exchanged, and nothing else.
pub(super) fn exchanged(rule: &LiveRule) -> LiveRule {
    let other = |arn: &mut String| {
        let is_blue = *arn == group(Environment::Blue);
        *arn = group(if is_blue {
            Environment::Green
        } else {
            Environment::Blue
        });
    };
    let mut rule = rule.clone();
    for action in &mut rule.actions {
        action.target_group_arn.iter_mut().for_each(other);
        let config = action.forward_config.as_mut();
        let tuples = config.and_then(|config| config.target_groups.as_mut());
        for tuple in tuples.into_iter().flatten() {
            tuple.target_group_arn.iter_mut().for_each(other);
        }
    }
    rule
}

pub(super) fn to_green(share: Share) -> Traffic {
    Traffic {
        to: Environment::Green,
        share,
    }
}

pub(super) fn own(shares: [Option<Share>; 2], originals: &[OriginalForward]) -> Splits<'_> {
    Splits {
        to: Environment::Green,
        shares,
        originals,
    }
}
