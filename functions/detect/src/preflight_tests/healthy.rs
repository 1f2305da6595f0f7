//! The parts of a world in which nothing is wrong: blue is live, and green still has the version before.

use super::routes::{forwarding_to, listener_rules};
use crate::look::{
    Attributes, EnvironmentObservation, Facts, NamedResource, RollbackAlarm, Snapshot,
};
use crate::request::OwnRepository;
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, DeploymentCircuitBreaker, DeploymentConfiguration,
    LoadBalancer, PortMapping, Service, TaskDefinition,
};
use aws_sdk_elasticloadbalancingv2::types::{Matcher, ProtocolEnum, TargetGroup, TargetTypeEnum};
use fixtures::target_health;
use record::{Phase, Release, Time};
use serde_json::Value;
use shared::alarms::{AlarmPolicy, AlarmState, DescribedAlarm, OnAlarmBeforeFlip, PreFlipCheck};
use shared::ecs::{Revision, RevisionContent};
use shared::routing::LiveRule;
use shared::{Environment, EnvironmentSnapshot, Image, PerEnvironment, ReleasePlan};

pub const ME: &str = "arn:me";
pub const LIVE: &str = "sha256:live";
pub const BEFORE: &str = "sha256:before";
pub const NEW: &str = "sha256:new";
pub const ROLE: &str = "arn:aws:iam::1:role/shop";

pub fn day(day: u32) -> Time {
    let text = format!("2026-11-{day:02}T12:00:00Z");
    text.parse().expect("a time")
}

/// Its images have `host/shop` before them too, as ECR says.
pub fn repository() -> OwnRepository {
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop:r2".into();
    OwnRepository::of("shop", "111122223333", &execution)
}

pub fn snapshot() -> Snapshot {
    let rule = LiveRule {
        arn: "arn:rule".to_owned(),
        actions: vec![forwarding_to("tg-blue")],
    };
    Snapshot {
        active: Ok(Environment::Blue),
        rules: vec![rule],
        environments: PerEnvironment {
            blue: observation("blue", LIVE, "shop:2", "10.0.0.1"),
            green: observation("green", BEFORE, "shop:1", "10.0.0.2"),
        },
    }
}

fn observation(name: &str, digest: &str, revision: &str, target: &str) -> EnvironmentObservation {
    let breaker = DeploymentCircuitBreaker::builder().enable(true);
    let breaker = breaker.rollback(false).build();
    let deployment = DeploymentConfiguration::builder().deployment_circuit_breaker(breaker);
    let balancer = LoadBalancer::builder()
        .target_group_arn(format!("tg-{name}"))
        .container_name("api")
        .container_port(8080);
    let service = Service::builder()
        .load_balancers(balancer.build())
        .deployment_configuration(deployment.build())
        .task_definition(revision)
        .desired_count(2)
        .running_count(2);
    let group = TargetGroup::builder()
        .target_type(TargetTypeEnum::Ip)
        .protocol(ProtocolEnum::Http)
        .protocol_version("HTTP1")
        .load_balancer_arns("arn:alb")
        .health_check_path("/health")
        .matcher(Matcher::builder().http_code("200").build())
        .health_check_interval_seconds(60)
        .unhealthy_threshold_count(2);
    EnvironmentObservation {
        service: Some(service.build()),
        group: Some(group.build()),
        targets: vec![target_health(target, "healthy")],
        digests: vec![digest.into()],
        ..EnvironmentObservation::test(name)
    }
}

/// The release that made blue live, and left green what it had.
pub fn release() -> Release {
    Release {
        phase: Phase::Stable,
        claimed_at: day(11),
        from: Environment::Green,
        to: Environment::Blue,
        from_digest: Some(BEFORE.into()),
        to_digest: LIVE.into(),
        from_task_definition: Some("shop:1".to_owned()),
        flipped_at: Some(day(11)),
        share: None,
        share_since: None,
        passed_share: None,
        original_forwards: Vec::new(),
        active_since: None,
        ..fixtures::release("r1")
    }
}

pub fn facts() -> Facts {
    let attributes = Attributes {
        sticky: false,
        deregistration_seconds: Some(30),
    };
    Facts {
        idle: Ok(revision()),
        wanted: Ok(revision()),
        attributes: PerEnvironment {
            blue: Ok(attributes.clone()),
            green: Ok(attributes),
        },
        listener_rules: Ok(listener_rules()),
        ceilings: PerEnvironment {
            blue: Ok(Some(4)),
            green: Ok(Some(4)),
        },
        platforms: Ok(vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()]),
        alarms: Ok(before_flip(
            OnAlarmBeforeFlip::Refuse,
            &[("latency", "OK"), ("shop-green-5xx", "OK")],
        )),
        rollback_alarms: Ok(vec![rollback_alarm()]),
        log_groups: vec![existing("log group /shop")],
        secrets: vec![existing("secret db")],
        tags: Some(Default::default()),
        scans: None,
        signing: None,
    }
}

/// It invokes flip.
fn rollback_alarm() -> RollbackAlarm {
    let state = AlarmState {
        name: "payments".to_owned(),
        state: "OK".to_owned(),
        reason: "all is paid".to_owned(),
    };
    let flip = "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip";
    RollbackAlarm {
        name: "payments".to_owned(),
        found: Some(DescribedAlarm {
            state,
            actions_enabled: true,
            actions: vec![flip.to_owned()],
        }),
    }
}

fn existing(name: &str) -> NamedResource {
    NamedResource {
        name: name.to_owned(),
        exists: Ok(true),
    }
}

/// What the checks read of it is what the SDK knows.
fn revision() -> Revision {
    Revision {
        definition: definition(),
        content: RevisionContent::of_answer(&Value::Null),
    }
}

fn definition() -> TaskDefinition {
    let container = ContainerDefinition::builder()
        .name("api")
        .image("host/shop:v1.0.0")
        .port_mappings(PortMapping::builder().container_port(8080).build());
    TaskDefinition::builder()
        .family("shop")
        .requires_compatibilities(Compatibility::Fargate)
        .task_role_arn(ROLE)
        .execution_role_arn(ROLE)
        .container_definitions(container.build())
        .build()
}

/// What alarms say before a flip to green, each by its name and its state.
pub fn before_flip(
    on_alarm_before_flip: OnAlarmBeforeFlip,
    alarms: &[(&str, &str)],
) -> PreFlipCheck {
    let policy = AlarmPolicy {
        service: "shop".to_owned(),
        names: vec!["latency".to_owned()],
        on_alarm_before_flip,
    };
    let states = alarms.iter().map(|(name, state)| AlarmState {
        name: (*name).to_owned(),
        state: (*state).to_owned(),
        reason: "too slow".to_owned(),
    });
    policy.check_before_flip(&states.collect::<Vec<_>>(), Environment::Green)
}

pub fn plan() -> ReleasePlan {
    ReleasePlan {
        release: "r2".into(),
        execution: ME.into(),
        image: Image {
            uri: format!("host/shop@{NEW}"),
            tag: None,
            digest: NEW.into(),
        },
        active: environment(Environment::Blue, LIVE, "shop:2"),
        idle: environment(Environment::Green, BEFORE, "shop:1"),
        ..fixtures::release_plan()
    }
}

fn environment(environment: Environment, digest: &str, revision: &str) -> EnvironmentSnapshot {
    EnvironmentSnapshot {
        task_definition: revision.to_owned(),
        digest: Some(digest.into()),
        ..fixtures::environment_snapshot(environment)
    }
}
