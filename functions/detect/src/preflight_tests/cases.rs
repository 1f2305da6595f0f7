//! One row for each way in which a check finds something: the check, what the finding does and says, and what is
//! changed in the healthy world.

use super::world::{BEFORE, LIVE, NEW, World, pushed};
use crate::preflight::Severity::{self, Refusal, Warning};
use aws_sdk_ecs::types::{CpuArchitecture, OsFamily, RuntimePlatform};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, Matcher, TargetGroupStickinessConfig,
};
use shared::Environment;
use shared::alarms::WhenAlarmed;
use shared::record::Phase;

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

pub const DRIFT: &[Case] = &[
    (
        "idle-drifted",
        Warning,
        "green runs sha256:hand (pushed 2026-11-05 12:00:00 UTC, 16 days ago), expected sha256:before",
        |it| {
            it.found.sides.green.digests = vec!["sha256:hand".to_owned()];
            it.images().insert("sha256:hand".to_owned(), pushed(5));
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs [\"sha256:before\", \"sha256:live\"], expected sha256:before",
        |it| it.found.sides.green.digests = vec![BEFORE.to_owned(), LIVE.to_owned()],
    ),
    (
        "idle-drifted",
        Warning,
        "green runs no task, expected sha256:before",
        |it| {
            it.found.sides.green.digests.clear();
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs revision shop:9, expected shop:1",
        |it| {
            it.service().task_definition = Some("shop:9".to_owned());
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs sha256:before (pushed",
        |it| {
            it.record.release = None;
        },
    ),
    (
        "idle-drifted",
        Warning,
        "expected sha256:live; release r1 left it there and is rolled back",
        |it| {
            let release = it.release();
            (release.phase, release.to_digest) = (Phase::RolledBack, BEFORE.to_owned());
            (release.from, release.to) = (Environment::Blue, Environment::Green);
        },
    ),
    (
        "image-gone",
        Warning,
        "green runs sha256:before, which ECR does not have",
        |it| {
            it.images().remove(BEFORE);
        },
    ),
    (
        "lost-capacity",
        Warning,
        "green runs 1 tasks < 2 at the flip of release r1",
        |it| {
            it.service().running_count = 1;
        },
    ),
    (
        "rule-moved",
        Warning,
        "the rules forward to blue, and release r1 (synced) left them on green",
        |it| {
            it.release().phase = Phase::Synced;
            it.found.sides.green.digests = vec![LIVE.to_owned()];
        },
    ),
    (
        "older-than-contract",
        Refusal,
        "sha256:new was pushed at 2026-11-20 12:00:00 UTC, not after the image of release r0 \
         (2026-11-20 12:00:00 UTC), which contract c1 belongs to",
        |it| it.contracted(LIVE, 20),
    ),
    (
        "ends-flip-back",
        Warning,
        "traffic cannot go back to sha256:before after this",
        |it| {
            it.plan.sync = true;
        },
    ),
];

/// Changes that are at a check's limit, or only look like what it finds.
pub const HARMLESS: &[(&str, fn(&mut World))] = &[
    ("a rule whose stickiness is off", |it| {
        it.found.rules[0].actions = vec![forwarding(false)];
    }),
    ("a delay below AWS's default", |it| {
        it.attributes().deregistration_seconds = Some(299);
    }),
    ("a delay that was not told", |it| {
        it.attributes().deregistration_seconds = None;
    }),
    ("a service that is not scaled", |it| {
        it.facts.ceilings.green = Ok(None)
    }),
    ("a ceiling that is just enough", |it| {
        it.facts.ceilings.green = Ok(Some(2))
    }),
    ("a role by its name alone", |it| {
        it.wanted().task_role_arn = Some("shop".to_owned());
    }),
    ("any role in a revision of the team's own", |it| {
        it.plan.task_definition = Some("shop:3".to_owned());
        it.wanted().task_role_arn = Some("arn:aws:iam::1:role/other".to_owned());
    }),
    ("the variable that is set anew", |it| {
        it.tell("DEPLOYMENT_SLOT", "green")
    }),
    ("a value that only holds a slot's name", |it| {
        it.tell("STAGE", "evergreen")
    }),
    ("an image for the platform that is asked for", |it| {
        let arm = RuntimePlatform::builder().cpu_architecture(CpuArchitecture::Arm64);
        it.wanted().runtime_platform = Some(arm.build());
        it.facts.platforms = Ok(vec!["linux/arm64".to_owned()]);
    }),
    ("the image of the expanding release itself", |it| {
        it.contracted(NEW, 20)
    }),
    ("an image that was pushed after a contract's", |it| {
        it.contracted(LIVE, 19)
    }),
    ("a sync once the flip back is over", |it| {
        it.plan.sync = true;
        it.release().phase = Phase::Synced;
        it.release().from = Environment::Blue;
        it.found.sides.green.digests = vec![LIVE.to_owned()];
    }),
];

fn forwarding(sticky: bool) -> Action {
    let sticky = TargetGroupStickinessConfig::builder().enabled(sticky);
    let forward = ForwardActionConfig::builder().target_group_stickiness_config(sticky.build());
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(forward.build())
        .build()
}
