//! One row for each way in which a check finds something in what the balancer, the service and the revision are.

use super::routes::{alone, weighted};
use super::world::World;
use crate::preflight::Severity::{self, Refusal, Warning};
use aws_sdk_ecs::types::{OsFamily, RuntimePlatform};
use aws_sdk_elasticloadbalancingv2::types::Matcher;
use shared::alarms::OnAlarmBeforeFlip;

/// A check, what its finding does and says, and what is changed in the healthy world.
pub type Case = (&'static str, Severity, &'static str, fn(&mut World));

pub const BALANCER: &[Case] = &[
    (
        "group-stickiness",
        Refusal,
        "arn:rule has it enabled",
        |world| {
            world.set_rule(weighted(100, 0, true));
        },
    ),
    (
        "group-stickiness",
        Refusal,
        "arn:rule has it enabled",
        |world| {
            world.set_rule(alone("tg-blue", true));
            world.split();
        },
    ),
    (
        "short-steps",
        Warning,
        "the first step lasts 300 s, instead of 60",
        |world| {
            world.short_steps = Some("the first step lasts 300 s, instead of 60".to_owned());
        },
    ),
    (
        "target-stickiness",
        Warning,
        "green's target group has stickiness enabled",
        |world| {
            world.attributes().sticky = true;
        },
    ),
    (
        "deregistration-delay",
        Warning,
        "green's target group waits 0 s",
        |world| {
            world.attributes().deregistration_seconds = Some(0);
        },
    ),
    (
        "deregistration-delay",
        Warning,
        "green's target group waits 300 s",
        |world| {
            world.attributes().deregistration_seconds = Some(300);
        },
    ),
    (
        "health-path",
        Warning,
        "green's health check requests /",
        |world| {
            world.group().health_check_path = Some("/".to_owned());
        },
    ),
    (
        "health-matcher",
        Warning,
        "green's health check accepts 200-399",
        |world| {
            world.group().matcher = Some(Matcher::builder().http_code("200-399").build());
        },
    ),
    (
        "slow-health-check",
        Warning,
        "green: 2 failures of one check each 61 s > 120 s",
        |world| {
            world.group().health_check_interval_seconds = Some(61);
        },
    ),
    ("alarm-on", Refusal, "alarm latency: too slow", |world| {
        world.alarm("latency", OnAlarmBeforeFlip::Refuse);
    }),
    ("alarm-on", Warning, "alarm latency: too slow", |world| {
        world.alarm("latency", OnAlarmBeforeFlip::Warn);
    }),
    (
        "alarm-on",
        Warning,
        "alarm shop-green-5xx: too slow",
        |world| {
            world.alarm("shop-green-5xx", OnAlarmBeforeFlip::Refuse);
        },
    ),
];

pub const SERVICE: &[Case] = &[
    (
        "no-circuit-breaker",
        Warning,
        "green's service api has none",
        |world| {
            world.service().deployment_configuration = None;
        },
    ),
    (
        "no-circuit-breaker",
        Warning,
        "green's service api has none",
        |world| {
            let deployment = world.service().deployment_configuration.as_mut();
            let breaker = deployment.and_then(|world| world.deployment_circuit_breaker.as_mut());
            breaker.expect("a circuit breaker").enable = false;
        },
    ),
    (
        "low-desired-count",
        Warning,
        "green wants 1 tasks < 2 of blue",
        |world| {
            world.plan.idle.desired = 1;
        },
    ),
    (
        "low-desired-count",
        Warning,
        "green wants 2 tasks < 3 of blue",
        |world| {
            world.plan.active.running = 3;
        },
    ),
    (
        "low-scaling-ceiling",
        Warning,
        "green's autoscaling stops at 1 tasks < 2 of blue",
        |world| {
            world.facts.ceilings.green = Ok(Some(1));
        },
    ),
];

pub const DEFINITION: &[Case] = &[
    (
        "role-not-passable",
        Refusal,
        "names arn:aws:iam::1:role/other",
        |world| {
            world.wanted().task_role_arn = Some("arn:aws:iam::1:role/other".to_owned());
        },
    ),
    ("role-not-passable", Refusal, "names other", |world| {
        world.wanted().execution_role_arn = Some("other".to_owned());
    }),
    // A revision of the team's own has to name roles that the stack knows, too.
    (
        "role-not-passable",
        Refusal,
        "names arn:aws:iam::1:role/admin",
        |world| {
            world.own_revision();
            world.wanted().task_role_arn = Some("arn:aws:iam::1:role/admin".to_owned());
        },
    ),
    (
        "role-not-passable",
        Refusal,
        "names arn:aws:iam::1:role/pull",
        |world| {
            world.own_revision();
            world.wanted().execution_role_arn = Some("arn:aws:iam::1:role/pull".to_owned());
        },
    ),
    (
        "no-log-group",
        Refusal,
        "log group /shop does not exist",
        |world| {
            world.facts.log_groups[0].exists = Ok(false);
        },
    ),
    ("no-secret", Refusal, "secret db does not exist", |world| {
        world.facts.secrets[0].exists = Ok(false);
    }),
    (
        "wrong-architecture",
        Refusal,
        "sha256:new is built for linux/arm64, the task definition asks for linux/amd64",
        |world| world.facts.platforms = Ok(vec!["linux/arm64".to_owned()]),
    ),
    (
        "wrong-architecture",
        Refusal,
        "the task definition asks for windows/amd64",
        |world| {
            let windows = RuntimePlatform::builder()
                .operating_system_family(OsFamily::WindowsServer2022Core)
                .build();
            world.wanted().runtime_platform = Some(windows);
        },
    ),
];
