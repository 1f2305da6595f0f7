//! The rules as ELBv2 shows them: a forward to one environment, of either shape, or a split of both.

use crate::premise::Rules;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupTuple,
};
use shared::routing::{LiveRule, Routing, forward_targets};
use shared::{Environment, PerEnvironment, Traffic};

/// How a rule names its environment where it has all of the traffic.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One target group.
    Single,
    /// Both target groups, one of them with all of the weight.
    Weighted,
}

pub fn routing(rules: usize) -> Routing {
    Routing {
        rule_arns: (0..rules).map(|index| format!("rule-{index}")).collect(),
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    }
}

/// The rules, each of which sends traffic as it says.
pub fn live(rules: &Rules, shape: Shape) -> Vec<LiveRule> {
    let rule = |(index, traffic): (usize, &Option<Traffic>)| LiveRule {
        arn: format!("rule-{index}"),
        actions: vec![forward(*traffic, shape)],
    };
    rules.iter().enumerate().map(rule).collect()
}

fn forward(traffic: Option<Traffic>, shape: Shape) -> Action {
    let forward = Action::builder().r#type(ActionTypeEnum::Forward);
    let forward = match (traffic, shape) {
        (None, _) => forward.target_group_arn("tg-else"),
        (Some(Traffic { to, share }), Shape::Single) if share.is_all() => {
            forward.target_group_arn(group(to))
        }
        (Some(Traffic { to, share }), Shape::Single | Shape::Weighted) => {
            let percent = i32::from(share.percent());
            let weights = [(to, percent), (to.other(), 100 - percent)];
            let groups = weights.map(|(environment, weight)| {
                let tuple = TargetGroupTuple::builder().target_group_arn(group(environment));
                tuple.weight(weight).build()
            });
            let config = ForwardActionConfig::builder();
            forward.forward_config(config.set_target_groups(Some(groups.into())).build())
        }
    };
    forward.build()
}

fn group(environment: Environment) -> &'static str {
    match environment {
        Environment::Blue => "tg-blue",
        Environment::Green => "tg-green",
    }
}

/// Both name the same groups in the same way; their order says nothing.
pub fn is_alike(one: &LiveRule, other: &LiveRule) -> bool {
    let read = |rule: &LiveRule| {
        let mut groups = forward_targets(&rule.actions);
        groups.sort();
        let is_single = rule.actions.iter().any(|it| it.target_group_arn.is_some());
        (groups, is_single)
    };
    read(one) == read(other)
}

/// A rule that was a single forward before is not alike once it has two groups, or another one.
#[test]
fn another_shape_is_not_alike() {
    let all = |to| vec![Some(Traffic::all(to))];
    let blue = |shape| live(&all(Environment::Blue), shape).remove(0);
    let green = live(&all(Environment::Green), Shape::Single).remove(0);
    assert!(is_alike(&blue(Shape::Weighted), &blue(Shape::Weighted)));
    assert!(!is_alike(&blue(Shape::Single), &blue(Shape::Weighted)));
    assert!(!is_alike(&blue(Shape::Single), &green));
}
