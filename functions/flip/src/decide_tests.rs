//! The tests of `decide.rs`.

use super::*;
use aws_sdk_elasticloadbalancingv2::types::{
    AuthenticateOidcActionConfig, ForwardActionConfig, TargetGroupStickinessConfig,
    TargetGroupTuple,
};
use fixtures::target_health;
use shared::PerEnvironment;

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
    match rule_writes(
        rules,
        &routing(),
        to,
        &[target_health("10.0.0.1", "healthy")],
    ) {
        RuleWrites::Needed(writes) => writes,
        RuleWrites::Refused(reason) => panic!("refused: {reason}"),
    }
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
        let found = rule_writes(&[rule(actions)], &routing(), Environment::Green, targets);
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
