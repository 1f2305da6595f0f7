//! The rows of the check that asks whether the service can run the wanted revision.

use super::cases::Case;
use super::harmless::Harmless;
use super::world;
use super::world::World;
use crate::preflight::Severity::Refusal;
use aws_sdk_ecs::types::{CapacityProviderStrategyItem, Compatibility, LaunchType, NetworkMode};
use aws_sdk_elasticloadbalancingv2::types::TargetTypeEnum;

fn provided_by(world: &mut World, provider: &str) {
    let item = CapacityProviderStrategyItem::builder().capacity_provider(provider);
    let item = item.build().expect("complete");
    world.service().capacity_provider_strategy = Some(vec![item]);
}

pub const COMPATIBILITY: &[Case] = &[
    (
        "service-mismatch",
        Refusal,
        "the task definition's networkMode is bridge, expected awsvpc, since the targets of green's group are of type ip",
        |world| world.wanted().network_mode = Some(NetworkMode::Bridge),
    ),
    (
        "service-mismatch",
        Refusal,
        "the task definition's networkMode is host, expected awsvpc",
        |world| world.wanted().network_mode = Some(NetworkMode::Host),
    ),
    (
        "service-mismatch",
        Refusal,
        "the task definition's compatibilities are EC2 and EXTERNAL, expected FARGATE, since green's service api runs there",
        |world| {
            world.service().launch_type = Some(LaunchType::Fargate);
            let can = vec![Compatibility::Ec2, Compatibility::External];
            world.wanted().compatibilities = Some(can);
        },
    ),
    (
        "service-mismatch",
        Refusal,
        "the task definition's compatibilities are EC2, expected FARGATE",
        |world| {
            provided_by(world, "FARGATE_SPOT");
            world.wanted().compatibilities = Some(vec![Compatibility::Ec2]);
        },
    ),
];

const COMPATIBLE: &[Harmless] = &[
    ("a network mode that is not said", |world| {
        world.wanted().network_mode = None;
    }),
    ("tasks with addresses of their own", |world| {
        world.wanted().network_mode = Some(NetworkMode::Awsvpc);
    }),
    ("ports of instances behind a base URL", |world| {
        world.wanted().network_mode = Some(NetworkMode::Bridge);
        world.group().target_type = Some(TargetTypeEnum::Instance);
        world.policy.base_urls.green = Some("http://green.internal".to_owned());
    }),
    (
        "a revision for more than it was validated against",
        |world| {
            world.service().launch_type = Some(LaunchType::Fargate);
            let can = vec![Compatibility::Ec2, Compatibility::Fargate];
            world.wanted().compatibilities = Some(can);
        },
    ),
    ("a service on instances", |world| {
        world.service().launch_type = Some(LaunchType::Ec2);
        provided_by(world, "fleet");
        world.wanted().compatibilities = Some(vec![Compatibility::Ec2]);
    }),
    ("a service that does not say where it runs", |world| {
        world.wanted().compatibilities = Some(vec![Compatibility::Ec2]);
    }),
    ("a live service elsewhere", |world| {
        let live = world.blue().service.as_mut().expect("a service");
        live.launch_type = Some(LaunchType::Fargate);
        world.wanted().compatibilities = Some(vec![Compatibility::Ec2]);
    }),
];

#[test]
fn what_fits_or_is_not_said_decides_nothing() {
    for (name, change) in COMPATIBLE {
        assert_eq!(world(change).findings(), [], "{name}");
    }
}

#[test]
fn where_ecs_does_not_say_what_a_revision_can_run_on_its_own_list_decides() {
    let findings = |required: &[Compatibility]| {
        let world = world(|it| {
            it.service().launch_type = Some(LaunchType::Fargate);
            it.wanted().requires_compatibilities = Some(required.to_vec());
        });
        let findings = world.findings().into_iter();
        let findings = findings.filter(|it| it.name == "service-mismatch");
        findings.map(|it| it.found).collect::<Vec<_>>()
    };
    assert_eq!(
        findings(&[Compatibility::Ec2]),
        [
            "the task definition's requiresCompatibilities are EC2, expected FARGATE, since green's service api runs there"
        ]
    );
    assert_eq!(findings(&[]), [""; 0]);
    assert_eq!(findings(&[Compatibility::Fargate]), [""; 0]);
}
