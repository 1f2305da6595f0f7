//! The rows of the checks that hold the rules, and what the parameters name, against the target groups.

use super::cases::Case;
use super::routes::{default_of, forwarding_to, on, weighted};
use super::world;
use crate::preflight::Severity::{Refusal, Warning};
use crate::preflight::may_pass;
use aws_sdk_ecs::types::DeploymentStrategy;
use aws_sdk_elasticloadbalancingv2::types::TargetTypeEnum;
use fixtures::target_health;
use shared::targets::TargetHealth;

pub const WIRING: &[Case] = &[
    (
        "way-back-shut",
        Refusal,
        "after the flip blue's target group tg-blue would be on no rule: nothing but what is flipped forwards to it (arn:rule)",
        |world| world.remove_rules(&["arn:blue-preview"]),
    ),
    (
        "way-back-shut",
        Refusal,
        "nothing but what is flipped forwards to it (arn:rule, arn:api)",
        |world| {
            world.remove_rules(&["arn:blue-preview"]);
            world.add_rule(on(
                "arn:listener",
                "HTTP:80",
                "arn:api",
                forwarding_to("tg-blue"),
            ));
            world.list("arn:api", forwarding_to("tg-blue"));
        },
    ),
    (
        "way-back-shut",
        Refusal,
        "nothing but what is flipped forwards to it (arn:rule, arn:https)",
        |world| {
            world.remove_rules(&["arn:blue-preview"]);
            world.add_rule(default_of(
                "arn:https",
                "HTTPS:443",
                forwarding_to("tg-blue"),
            ));
            world.list("arn:https", forwarding_to("tg-blue"));
        },
    ),
    (
        "way-back-shut",
        Refusal,
        "green's target group tg-green is on no rule (unused)",
        |world| world.group().load_balancer_arns = None,
    ),
    (
        "way-back-shut",
        Refusal,
        "green's target group tg-green is on no rule (unused)",
        |world| world.remove_rules(&["arn:green-preview"]),
    ),
    (
        "way-back-shut",
        Refusal,
        "green's target group tg-green has targets that are not in use (unused)",
        |world| {
            world.green().targets = vec![TargetHealth {
                reason: "Target.NotInUse".to_owned(),
                ..target_health("10.0.0.2", "unused")
            }];
        },
    ),
    (
        "two-load-balancers",
        Refusal,
        "blue's target group is on arn:alb, green's on arn:internal",
        |world| world.group().load_balancer_arns = Some(vec!["arn:internal".to_owned()]),
    ),
    (
        "default-rule",
        Refusal,
        "arn:default is the default rule of listener HTTP:80, expected arn:listener",
        |world| {
            world.listener_rules()[0].rule.actions = vec![forwarding_to("tg-blue")];
            world.list("arn:default", forwarding_to("tg-blue"));
        },
    ),
    (
        "unlisted-rule",
        Warning,
        "on listener HTTPS:443, arn:https forwards to blue and is not in ListenerRuleArns",
        |world| {
            world.add_rule(default_of(
                "arn:https",
                "HTTPS:443",
                forwarding_to("tg-blue"),
            ));
        },
    ),
    (
        "unlisted-rule",
        Warning,
        "on listener HTTP:80, arn:beta forwards to green",
        |world| {
            world.add_rule(on(
                "arn:listener",
                "HTTP:80",
                "arn:beta",
                forwarding_to("tg-green"),
            ));
        },
    ),
    (
        "unlisted-rule",
        Warning,
        "on listener HTTPS:443, arn:https forwards to blue and green",
        |world| {
            world.add_rule(default_of(
                "arn:https",
                "HTTPS:443",
                weighted(100, 0, false),
            ))
        },
    ),
    (
        "unlisted-rule",
        Warning,
        "on listener HTTP:8081, arn:blue-preview forwards to blue",
        |world| {
            world
                .policy
                .preview_rules
                .retain(|it| it != "arn:blue-preview")
        },
    ),
    (
        "same-twice",
        Refusal,
        "blue and green have the target group tg-blue",
        |world| {
            world.routing.target_groups.green = "tg-blue".to_owned();
            world.green().target_group = "tg-blue".to_owned();
            world.balancers()[0].target_group_arn = Some("tg-blue".to_owned());
        },
    ),
    (
        "same-twice",
        Refusal,
        "blue and green have the service shop-blue/api",
        |world| world.green().name = world.blue().name.clone(),
    ),
    (
        "same-twice",
        Refusal,
        "ListenerRuleArns lists arn:rule twice",
        |world| world.list("arn:rule", forwarding_to("tg-blue")),
    ),
    (
        "same-twice",
        Refusal,
        "arn:rule is in ListenerRuleArns, so a flip changes it, and in PreviewRuleArns",
        |world| world.policy.preview_rules.push("arn:rule".to_owned()),
    ),
    (
        "same-twice",
        Refusal,
        "blue and green have the base URL http://api.internal",
        |world| {
            world.policy.base_urls.blue = Some("http://api.internal".to_owned());
            world.policy.base_urls.green = Some("http://api.internal/".to_owned());
        },
    ),
    (
        "base-url",
        Refusal,
        "blue's base URL cannot be used: it holds a user's name or password before an @",
        |world| {
            world.policy.base_urls.blue = Some("http://ops:s3cret@blue.internal".to_owned());
        },
    ),
    (
        "base-url",
        Refusal,
        "green's base URL cannot be used: it is not a host alone",
        |world| {
            world.policy.base_urls.green = Some("http://green.internal/?key=1".to_owned());
        },
    ),
];

#[test]
fn all_that_is_wrong_is_found_at_once() {
    let world = world(|it| {
        it.remove_rules(&["arn:blue-preview"]);
        it.list("arn:rule", forwarding_to("tg-blue"));
        it.blue().targets.clear();
        it.add_rule(default_of(
            "arn:https",
            "HTTPS:443",
            forwarding_to("tg-green"),
        ));
        let mut production = it.balancers()[0].clone();
        production.target_group_arn = Some("tg-blue".to_owned());
        it.balancers().push(production);
        it.balancers()[0].container_name = Some("app-green".to_owned());
        it.deployment().strategy = Some(DeploymentStrategy::BlueGreen);
        it.group().target_type = Some(TargetTypeEnum::Instance);
        it.group().protocol_version = Some("GRPC".to_owned());
        it.add_container("agent", "vendor/agent:latest");
    });
    let findings = world.findings();
    let found: Vec<_> = findings.iter().map(|it| it.name).collect();
    assert_eq!(
        found,
        [
            "same-twice",
            "in-both-groups",
            "deployment-strategy",
            "way-back-shut",
            "unreachable-targets",
            "protocol",
            "no-healthy-target",
            "container-mismatch",
            "unlisted-rule",
            "unpinned-image",
        ]
    );
    let reason = may_pass(&findings).expect_err("a refusal");
    for name in &found[..8] {
        assert!(reason.as_str().contains(&format!("{name}: ")), "{reason}");
    }
}
