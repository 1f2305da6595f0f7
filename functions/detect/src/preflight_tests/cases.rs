//! One row for each way in which a check finds something in what the balancer, the service and the revision are.

use super::world::{World, forwarding};
use crate::preflight::Severity::{self, Refusal, Warning};
use aws_sdk_ecs::types::{OsFamily, RuntimePlatform};
use aws_sdk_elasticloadbalancingv2::types::Matcher;
use shared::alarms::WhenAlarmed;

/// A check, what its finding does and says, and what is changed in the healthy world.
pub type Case = (&'static str, Severity, &'static str, fn(&mut World));

pub const BALANCER: &[Case] = &[
    (
        "group-stickiness",
        Refusal,
        "arn:rule has it enabled",
        |it| {
            it.found.rules[0].actions = vec![forwarding(true)];
        },
    ),
    (
        "target-stickiness",
        Warning,
        "green's target group has stickiness enabled",
        |it| {
            it.attributes().sticky = true;
        },
    ),
    (
        "deregistration-delay",
        Warning,
        "green's target group waits 0 s",
        |it| {
            it.attributes().deregistration_seconds = Some(0);
        },
    ),
    (
        "deregistration-delay",
        Warning,
        "green's target group waits 300 s",
        |it| {
            it.attributes().deregistration_seconds = Some(300);
        },
    ),
    (
        "health-path",
        Warning,
        "green's health check asks /",
        |it| {
            it.group().health_check_path = Some("/".to_owned());
        },
    ),
    (
        "health-matcher",
        Warning,
        "green's health check accepts 200-399",
        |it| {
            it.group().matcher = Some(Matcher::builder().http_code("200-399").build());
        },
    ),
    (
        "slow-health-check",
        Warning,
        "green: 2 failures of one check each 61 s > 120 s",
        |it| {
            it.group().health_check_interval_seconds = Some(61);
        },
    ),
    ("alarm-on", Refusal, "alarm latency: too slow", |it| {
        it.alarm("latency", WhenAlarmed::Refuse);
    }),
    ("alarm-on", Warning, "alarm latency: too slow", |it| {
        it.alarm("latency", WhenAlarmed::Warn);
    }),
    (
        "alarm-on",
        Warning,
        "alarm shop-green-5xx: too slow",
        |it| {
            it.alarm("shop-green-5xx", WhenAlarmed::Refuse);
        },
    ),
];

pub const SERVICE: &[Case] = &[
    (
        "no-circuit-breaker",
        Warning,
        "green's service api has none",
        |it| {
            it.service().deployment_configuration = None;
        },
    ),
    (
        "no-circuit-breaker",
        Warning,
        "green's service api has none",
        |it| {
            let deployment = it.service().deployment_configuration.as_mut();
            let breaker = deployment.and_then(|it| it.deployment_circuit_breaker.as_mut());
            breaker.expect("a circuit breaker").enable = false;
        },
    ),
    (
        "low-desired-count",
        Warning,
        "green wants 1 tasks < 2 of blue",
        |it| {
            it.plan.idle.desired = 1;
        },
    ),
    (
        "low-desired-count",
        Warning,
        "green wants 2 tasks < 3 of blue",
        |it| {
            it.plan.active.running = 3;
        },
    ),
    (
        "low-scaling-ceiling",
        Warning,
        "green's autoscaling stops at 1 tasks < 2 of blue",
        |it| {
            it.facts.ceilings.green = Ok(Some(1));
        },
    ),
];

pub const DEFINITION: &[Case] = &[
    (
        "role-not-passable",
        Refusal,
        "names arn:aws:iam::1:role/other",
        |it| {
            it.wanted().task_role_arn = Some("arn:aws:iam::1:role/other".to_owned());
        },
    ),
    ("role-not-passable", Refusal, "names other", |it| {
        it.wanted().execution_role_arn = Some("other".to_owned());
    }),
    (
        "slot-in-variable",
        Warning,
        "STAGE of container api is Green",
        |it| {
            it.tell("STAGE", "Green");
        },
    ),
    (
        "no-log-group",
        Refusal,
        "log group /shop does not exist",
        |it| {
            it.facts.log_groups[0].1 = Ok(false);
        },
    ),
    ("no-secret", Refusal, "secret db does not exist", |it| {
        it.facts.secrets[0].1 = Ok(false);
    }),
    (
        "wrong-architecture",
        Refusal,
        "sha256:new is built for linux/arm64, the task definition asks for linux/amd64",
        |it| it.facts.platforms = Ok(vec!["linux/arm64".to_owned()]),
    ),
    (
        "wrong-architecture",
        Refusal,
        "the task definition asks for windows/amd64",
        |it| {
            let windows = RuntimePlatform::builder()
                .operating_system_family(OsFamily::WindowsServer2022Core)
                .build();
            it.wanted().runtime_platform = Some(windows);
        },
    ),
];
