//! The tests of `decide.rs`.

use super::*;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, AuthenticateOidcActionConfig, ForwardActionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};
use fixtures::target_health;
use shared::targets::TargetHealth;
use shared::{PerEnvironment, Share};

fn routing() -> Routing {
    let target_groups = PerEnvironment {
        blue: "tg-blue".to_owned(),
        green: "tg-green".to_owned(),
    };
    Routing {
        rule_arns: vec![],
        target_groups,
    }
}

fn rule(actions: Vec<Action>) -> LiveRule {
    LiveRule {
        arn: "rule".to_owned(),
        actions,
    }
}

fn simple(group: &str) -> Action {
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .order(2)
        .target_group_arn(group)
        .build()
}

fn weighted(blue: i32, green: i32) -> Action {
    let tuple = |arn: &str, weight| {
        TargetGroupTuple::builder()
            .target_group_arn(arn)
            .weight(weight)
            .build()
    };
    let sticky = TargetGroupStickinessConfig::builder()
        .enabled(true)
        .duration_seconds(60)
        .build();
    let config = ForwardActionConfig::builder()
        .target_groups(tuple("tg-blue", blue))
        .target_groups(tuple("tg-green", green))
        .target_group_stickiness_config(sticky)
        .build();
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(config)
        .build()
}

fn needed(rules: &[LiveRule], to: Environment) -> Vec<LiveRule> {
    let healthy = [target_health("10.0.0.1", "healthy")];
    match writes(rules, to, all(1), &healthy) {
        RuleWrites::Needed(writes) => writes,
        RuleWrites::NotReady(reason) | RuleWrites::Refused(reason) => panic!("refused: {reason}"),
    }
}

fn writes(rules: &[LiveRule], to: Environment, need: Need, targets: &[TargetHealth]) -> RuleWrites {
    let targets = Targets {
        receiving: Capacity::of(targets, need.wanted()),
        previous: None,
    };
    rule_writes(rules, &routing(), Traffic::all(to), &[], need, &targets)
}

/// What a flip of all of the traffic needs that begins.
fn all(wanted: usize) -> Need {
    let previous = 0;
    Need::All { wanted, previous }
}

/// Ten targets, of which this many are healthy.
fn ten(healthy: usize) -> Vec<TargetHealth> {
    let state = |at| if at < healthy { "healthy" } else { "initial" };
    let target = |at| target_health(&format!("10.0.0.{at}"), state(at));
    (0..10).map(target).collect()
}

#[test]
fn a_simple_forward_changes_its_group_and_nothing_else() {
    let oidc = AuthenticateOidcActionConfig::builder()
        .issuer("https://id")
        .authorization_endpoint("https://id/a")
        .token_endpoint("https://id/t")
        .user_info_endpoint("https://id/u")
        .client_id("shop")
        .scope("openid")
        .build();
    let login = Action::builder()
        .r#type(ActionTypeEnum::AuthenticateOidc)
        .order(1);
    let before = rule(vec![
        login.authenticate_oidc_config(oidc).build(),
        simple("tg-blue"),
    ]);
    let after = &needed(std::slice::from_ref(&before), Environment::Green)[0].actions;
    let mut expect = before.actions;
    expect[1].target_group_arn = Some("tg-green".to_owned());
    expect[0]
        .authenticate_oidc_config
        .as_mut()
        .expect("oidc")
        .use_existing_client_secret = Some(true);
    assert_eq!(*after, expect);
}

#[test]
fn two_weighted_groups_swap_their_weights_and_keep_their_stickiness() {
    let after = needed(&[rule(vec![weighted(100, 0)])], Environment::Green).remove(0);
    assert_eq!(routing().environment_of(&after), Ok(Environment::Green));
    let config = after.actions[0].forward_config().expect("weighted");
    assert_eq!(config.target_groups().len(), 2);
    assert!(
        config
            .target_group_stickiness_config()
            .and_then(|s| s.enabled())
            .expect("stickiness")
    );
    let back = needed(&[after], Environment::Blue).remove(0);
    assert_eq!(routing().environment_of(&back), Ok(Environment::Blue));
}

#[test]
fn already_there_changes_nothing_and_a_half_done_flip_changes_the_rest() {
    let (blue, green) = (
        rule(vec![simple("tg-blue")]),
        rule(vec![simple("tg-green")]),
    );
    assert_eq!(
        needed(std::slice::from_ref(&green), Environment::Green),
        vec![]
    );
    assert_eq!(needed(&[green, blue], Environment::Green).len(), 1);
}

#[test]
fn no_rule_is_written_for_an_environment_without_a_healthy_target_or_with_a_foreign_target_group() {
    let check = |actions, targets: &[TargetHealth], expect: &str| {
        let rules = [rule(actions)];
        let found = writes(&rules, Environment::Green, Need::OneOf(10), targets);
        assert!(
            matches!(&found, RuleWrites::Refused(refusal) if refusal.as_str().contains(expect)),
            "{found:?}"
        );
    };
    check(
        vec![simple("tg-blue")],
        &[],
        "green has no healthy target (registered: 0)",
    );
    check(
        vec![simple("tg-blue")],
        &[target_health("10.0.0.1", "unhealthy")],
        "no healthy target (registered: 1)",
    );
    check(
        vec![simple("tg-other")],
        &[target_health("10.0.0.1", "healthy")],
        "neither blue's nor green's",
    );
    check(
        vec![weighted(50, 50)],
        &[target_health("10.0.0.1", "healthy")],
        "splits traffic",
    );
}

#[test]
fn a_flip_begins_with_all_targets_that_are_wanted_and_goes_on_with_one() {
    let blue = [rule(vec![simple("tg-blue")])];
    let with = |need, healthy| writes(&blue, Environment::Green, need, &ten(healthy));
    let not_ready = |healthy| {
        let figures = format!("{healthy} of 10 wanted targets of green are healthy");
        RuleWrites::NotReady(format!("{figures} (registered: 10)").into())
    };
    assert_eq!(with(all(10), 0), not_ready(0));
    assert_eq!(with(all(10), 3), not_ready(3));
    assert_eq!(with(all(10), 9), not_ready(9));
    for (need, healthy) in [
        (all(10), 10),
        (all(3), 3),
        (all(3), 10),
        (Need::OneOf(10), 1),
    ] {
        let found = with(need, healthy);
        assert!(
            matches!(&found, RuleWrites::Needed(writes) if writes.len() == 1),
            "{need:?} of {healthy}: {found:?}"
        );
    }
}

#[test]
fn a_rule_that_no_waiting_mends_is_refused_though_targets_are_missing() {
    let foreign = [rule(vec![simple("tg-other")])];
    let found = writes(&foreign, Environment::Green, all(10), &ten(3));
    assert!(matches!(found, RuleWrites::Refused(_)), "{found:?}");
}

/// A share of green's, with so many healthy targets of ten in each environment.
#[test]
fn a_share_begins_with_what_it_needs_in_both_environments() {
    let blue = [rule(vec![simple("tg-blue")])];
    let tenth = Traffic {
        to: Environment::Green,
        share: Share::new(10).expect("a share"),
    };
    let with = |green, blue_has| {
        let (wanted, previous) = (1, 9);
        let need = Need::All { wanted, previous };
        let targets = Targets {
            receiving: Capacity::of(&ten(green), wanted),
            previous: Some(Capacity::of(&ten(blue_has), previous)),
        };
        rule_writes(&blue, &routing(), tenth, &[], need, &targets)
    };
    let found = with(1, 9);
    assert!(
        matches!(&found, RuleWrites::Needed(writes) if writes.len() == 1),
        "{found:?}"
    );
    let not_ready = |figures: &str| {
        let refusal = format!("{figures} are healthy (registered: 10)");
        RuleWrites::NotReady(refusal.into())
    };
    assert_eq!(with(0, 9), not_ready("0 of 1 wanted targets of green"));
    assert_eq!(with(0, 8), not_ready("0 of 1 wanted targets of green"));
    assert_eq!(with(1, 8), not_ready("8 of 9 wanted targets of blue"));
}
