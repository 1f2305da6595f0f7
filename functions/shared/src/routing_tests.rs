//! The tests of `routing.rs`.

use super::*;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupTuple,
};

fn routing() -> Routing {
    Routing {
        rule_arns: vec![],
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    }
}

fn simple(group: &str) -> Action {
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .target_group_arn(group)
        .build()
}

fn weighted(groups: &[(&str, i32)]) -> Action {
    let tuples = groups.iter().map(|(arn, weight)| {
        TargetGroupTuple::builder()
            .target_group_arn(*arn)
            .weight(*weight)
            .build()
    });
    let config = ForwardActionConfig::builder()
        .set_target_groups(Some(tuples.collect()))
        .build();
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(config)
        .build()
}

fn check(rules: &[Action], expect: Result<Environment, &str>) {
    let live: Vec<_> = rules
        .iter()
        .enumerate()
        .map(|(n, action)| LiveRule {
            arn: format!("rule-{n}"),
            actions: vec![action.clone()],
        })
        .collect();
    match (routing().active_environment(&live), expect) {
        (Ok(found), Ok(wanted)) => assert_eq!(found, wanted),
        (Err(reason), Err(part)) => assert!(reason.as_str().contains(part), "{reason}"),
        (found, wanted) => panic!("found {found:?}, wanted {wanted:?}"),
    }
}

#[test]
fn the_side_that_gets_all_traffic_is_active() {
    check(&[simple("tg-green")], Ok(Environment::Green));
    check(
        &[weighted(&[("tg-blue", 100), ("tg-green", 0)])],
        Ok(Environment::Blue),
    );
    check(
        &[simple("tg-blue"), weighted(&[("tg-blue", 1)])],
        Ok(Environment::Blue),
    );
}

#[test]
fn anything_else_is_refused_with_what_was_found() {
    check(&[], Err("no rule was found"));
    check(
        &[weighted(&[("tg-blue", 90), ("tg-green", 10)])],
        Err("blue has weight 90, green has weight 10"),
    );
    check(
        &[weighted(&[("tg-blue", 0), ("tg-green", 0)])],
        Err("neither blue nor green"),
    );
    check(
        &[simple("tg-other")],
        Err("forwards to tg-other (weight 1), which is neither"),
    );
    check(
        &[simple("tg-blue"), simple("tg-green")],
        Err("rule-0 forwards to blue, rule-1 forwards to green"),
    );
    let fixed = Action::builder()
        .r#type(ActionTypeEnum::FixedResponse)
        .build();
    check(&[fixed], Err("rule-0 forwards to neither"));
}
