//! The world of the preflight's tests: blue is live, green still has the version before, and nothing is wrong.

use crate::facts::{Attributes, Facts, Looked};
use crate::images::Known;
use crate::preflight::{Finding, Rules, Seen, preflight};
use crate::world::{Found, FoundSide, ServiceName};
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, DeploymentCircuitBreaker, DeploymentConfiguration,
    KeyValuePair, Service, TaskDefinition,
};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, Matcher, TargetGroup, TargetGroupStickinessConfig,
    TargetGroupTuple,
};
use shared::alarms::{Alarm, Alarms, WhenAlarmed};
use shared::record::{Contract, Expand, Phase, Record, Release, Time};
use shared::routing::LiveRule;
use shared::{Environment, Image, PerEnvironment, Plan, Side};
use std::collections::HashMap;

pub const ME: &str = "arn:me";
pub const LIVE: &str = "sha256:live";
pub const BEFORE: &str = "sha256:before";
pub const NEW: &str = "sha256:new";
pub const ROLE: &str = "arn:aws:iam::1:role/shop";

/// Everything that a preflight looks at.
pub struct World {
    pub found: Found,
    pub images: Looked<HashMap<String, Known>>,
    pub record: Record,
    pub facts: Facts,
    pub rules: Rules,
    pub plan: Plan,
}

impl World {
    pub fn healthy() -> World {
        let images = [(BEFORE, 1), (LIVE, 10), (NEW, 20)];
        let images = images.map(|(digest, day)| (digest.to_owned(), pushed(day)));
        World {
            found: found(),
            images: Ok(images.into()),
            record: Record {
                version: 7,
                release: Some(release()),
                ..Record::default()
            },
            facts: facts(),
            rules: Rules {
                refuse_on: Vec::new(),
                task_roles: vec![ROLE.to_owned()],
                container: "api".to_owned(),
            },
            plan: plan(),
        }
    }

    pub fn findings(&self) -> Vec<Finding> {
        let seen = Seen {
            found: &self.found,
            images: &self.images,
            record: &self.record,
            now: day(21),
        };
        preflight(&seen, &self.facts, &self.rules, &self.plan)
    }

    pub fn group(&mut self) -> &mut TargetGroup {
        self.found.sides.green.group.as_mut().expect("a group")
    }

    pub fn service(&mut self) -> &mut Service {
        self.found.sides.green.service.as_mut().expect("a service")
    }

    pub fn attributes(&mut self) -> &mut Attributes {
        self.facts.attributes.green.as_mut().expect("attributes")
    }

    pub fn wanted(&mut self) -> &mut TaskDefinition {
        self.facts.wanted.as_mut().expect("a task definition")
    }

    pub fn images(&mut self) -> &mut HashMap<String, Known> {
        self.images.as_mut().expect("images")
    }

    pub fn release(&mut self) -> &mut Release {
        self.record.release.as_mut().expect("a release")
    }

    /// What the wanted revision's container is told.
    pub fn tell(&mut self, name: &str, value: &str) {
        let containers = &mut self.wanted().container_definitions;
        let container = &mut containers.as_mut().expect("containers")[0];
        let variable = KeyValuePair::builder().name(name).value(value).build();
        container.environment.get_or_insert_default().push(variable);
    }

    pub fn alarm(&mut self, name: &str, when_alarmed: WhenAlarmed) {
        self.facts.judge.when_alarmed = when_alarmed;
        self.facts.alarms = Ok(vec![alarm(name, "ALARM")]);
    }

    /// A contract step that belongs to a release whose image was pushed on this day.
    pub fn contracted(&mut self, digest: &str, pushed: u32) {
        let expand = Expand {
            release: "r0".to_owned(),
            digest: digest.to_owned(),
            pushed_at: day(pushed),
            stable: 2,
            proven: true,
        };
        self.record.contract = Some(Contract::wish("c1", "arn:c1", day(20), expand));
    }
}

pub fn day(day: u32) -> Time {
    let text = format!("2026-11-{day:02}T12:00:00Z");
    text.parse().expect("a time")
}

pub fn pushed(on: u32) -> Known {
    Known {
        pushed_at: Some(day(on)),
    }
}

/// What a rule does whose target group stickiness is on or off.
pub fn forwarding(sticky: bool) -> Action {
    let sticky = TargetGroupStickinessConfig::builder().enabled(sticky);
    let group = |arn: &str| TargetGroupTuple::builder().target_group_arn(arn).build();
    let forward = ForwardActionConfig::builder()
        .target_groups(group("tg-blue"))
        .target_groups(group("tg-green"))
        .target_group_stickiness_config(sticky.build());
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(forward.build())
        .build()
}

fn found() -> Found {
    let rule = LiveRule {
        arn: "arn:rule".to_owned(),
        actions: Vec::new(),
    };
    Found {
        active: Ok(Environment::Blue),
        rules: vec![rule],
        sides: PerEnvironment {
            blue: found_side("blue", LIVE, "shop:2"),
            green: found_side("green", BEFORE, "shop:1"),
        },
    }
}

fn found_side(name: &str, digest: &str, revision: &str) -> FoundSide {
    let breaker = DeploymentCircuitBreaker::builder().enable(true);
    let breaker = breaker.rollback(false).build();
    let deployment = DeploymentConfiguration::builder().deployment_circuit_breaker(breaker);
    let service = Service::builder()
        .deployment_configuration(deployment.build())
        .task_definition(revision)
        .desired_count(2)
        .running_count(2);
    let group = TargetGroup::builder()
        .health_check_path("/health")
        .matcher(Matcher::builder().http_code("200").build())
        .health_check_interval_seconds(60)
        .unhealthy_threshold_count(2);
    FoundSide {
        name: ServiceName {
            cluster: format!("shop-{name}"),
            service: "api".to_owned(),
        },
        target_group: format!("tg-{name}"),
        service: Some(service.build()),
        group: Some(group.build()),
        targets: Vec::new(),
        digests: vec![digest.to_owned()],
    }
}

/// The release that made blue live, and left green what it had.
fn release() -> Release {
    Release {
        id: "r1".to_owned(),
        phase: Phase::Stable,
        claimed_at: day(11),
        from: Environment::Green,
        to: Environment::Blue,
        from_digest: Some(BEFORE.to_owned()),
        to_digest: LIVE.to_owned(),
        from_task_definition: Some("shop:1".to_owned()),
        idle_digest: None,
        sync: false,
        expand: None,
        from_desired: 2,
        flipped_at: Some(day(11)),
        reason: None,
    }
}

fn facts() -> Facts {
    let attributes = Attributes {
        sticky: false,
        deregistration_seconds: Some(30),
    };
    Facts {
        idle: Ok(definition()),
        wanted: Ok(definition()),
        attributes: PerEnvironment {
            blue: Ok(attributes.clone()),
            green: Ok(attributes),
        },
        ceilings: PerEnvironment {
            blue: Ok(Some(4)),
            green: Ok(Some(4)),
        },
        platforms: Ok(vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()]),
        missing_alarm: None,
        alarms: Ok(vec![alarm("latency", "OK"), alarm("shop-green-5xx", "OK")]),
        judge: Alarms {
            service: "shop".to_owned(),
            names: vec!["latency".to_owned()],
            when_alarmed: WhenAlarmed::Refuse,
        },
        log_groups: vec![("log group /shop".to_owned(), Ok(true))],
        secrets: vec![("secret db".to_owned(), Ok(true))],
    }
}

fn definition() -> TaskDefinition {
    let container = ContainerDefinition::builder().name("api").build();
    TaskDefinition::builder()
        .requires_compatibilities(Compatibility::Fargate)
        .task_role_arn(ROLE)
        .execution_role_arn(ROLE)
        .container_definitions(container)
        .build()
}

fn alarm(name: &str, state: &str) -> Alarm {
    Alarm {
        name: name.to_owned(),
        state: state.to_owned(),
        reason: "too slow".to_owned(),
    }
}

fn plan() -> Plan {
    Plan {
        release: "r2".to_owned(),
        execution: ME.to_owned(),
        image: Image {
            uri: format!("host/shop@{NEW}"),
            tag: None,
            digest: NEW.to_owned(),
        },
        task_definition: None,
        from: Environment::Blue,
        to: Environment::Green,
        active: side(Environment::Blue, LIVE, "shop:2"),
        idle: side(Environment::Green, BEFORE, "shop:1"),
        sync: false,
        migration: None,
        warnings: Vec::new(),
    }
}

fn side(environment: Environment, digest: &str, revision: &str) -> Side {
    Side {
        environment,
        cluster: format!("shop-{environment}"),
        service: "api".to_owned(),
        target_group: format!("tg-{environment}"),
        protocol: "HTTP".to_owned(),
        task_definition: revision.to_owned(),
        desired: 2,
        running: 2,
        digest: Some(digest.to_owned()),
    }
}
