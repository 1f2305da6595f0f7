//! The rows of the checks that ask how ECS deploys the services, where their tasks are registered, and who can reach them.

use super::cases::Case;
use crate::preflight::Severity::{Refusal, Warning};
use aws_sdk_ecs::types::{
    AdvancedConfiguration, DeploymentController, DeploymentControllerType, DeploymentLifecycleHook,
    DeploymentStrategy, LoadBalancer, SchedulingStrategy,
};
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetTypeEnum};
use fixtures::target_health;

fn in_group(group: &str) -> LoadBalancer {
    LoadBalancer::builder().target_group_arn(group).build()
}

pub const SERVICES: &[Case] = &[
    (
        "no-healthy-target",
        Refusal,
        "active blue has no healthy target (registered: 0)",
        |world| world.blue().targets.clear(),
    ),
    (
        "no-healthy-target",
        Refusal,
        "active blue has no healthy target (registered: 1)",
        |world| world.blue().targets = vec![target_health("10.0.0.1", "unhealthy")],
    ),
    (
        "in-both-groups",
        Refusal,
        "green's service api registers its tasks in tg-green and in tg-blue",
        |world| world.balancers().push(in_group("tg-blue")),
    ),
    (
        "in-both-groups",
        Refusal,
        "blue's service api registers its tasks in tg-blue and in tg-green",
        |world| {
            let service = world.blue().service.as_mut().expect("a service");
            let balancers = service.load_balancers.get_or_insert_default();
            balancers.push(in_group("tg-green"));
        },
    ),
    (
        "in-both-groups",
        Refusal,
        "tg-blue and tg-green both have the targets 10.0.0.1:8080, 10.0.0.3:8080",
        |world| {
            let third = target_health("10.0.0.3", "unhealthy");
            world.blue().targets.push(third.clone());
            let first = target_health("10.0.0.1", "initial");
            world.green().targets.extend([third, first]);
        },
    ),
    (
        "other-group",
        Refusal,
        "green's service api registers its tasks in [tg-x], expected tg-green",
        |world| *world.balancers() = vec![in_group("tg-x")],
    ),
    (
        "other-group",
        Refusal,
        "green's service api registers its tasks in [tg-blue], expected tg-green",
        |world| *world.balancers() = vec![in_group("tg-blue")],
    ),
    (
        "other-group",
        Refusal,
        "green's service api registers its tasks in [], expected tg-green",
        |world| world.balancers().clear(),
    ),
    (
        "deployment-strategy",
        Refusal,
        "green's service api: deploymentConfiguration.strategy is BLUE_GREEN, expected ROLLING",
        |world| world.deployment().strategy = Some(DeploymentStrategy::BlueGreen),
    ),
    (
        "deployment-strategy",
        Refusal,
        "deploymentConfiguration.strategy is LINEAR, expected ROLLING",
        |world| world.deployment().strategy = Some(DeploymentStrategy::Linear),
    ),
    (
        "deployment-strategy",
        Refusal,
        "deploymentConfiguration.strategy is CANARY, expected ROLLING",
        |world| world.deployment().strategy = Some(DeploymentStrategy::Canary),
    ),
    (
        "deployment-strategy",
        Refusal,
        "deploymentConfiguration.strategy is OF_TOMORROW, expected ROLLING",
        |world| world.deployment().strategy = Some("OF_TOMORROW".into()),
    ),
    (
        "deployment-strategy",
        Refusal,
        "deploymentConfiguration.lifecycleHooks is set, expected no hook",
        |world| {
            let hook = DeploymentLifecycleHook::builder().target_type("PAUSE".into());
            world.deployment().lifecycle_hooks = Some(vec![hook.build()]);
        },
    ),
    (
        "deployment-strategy",
        Refusal,
        "loadBalancers.advancedConfiguration is set, expected none",
        |world| {
            let advanced = AdvancedConfiguration::builder().alternate_target_group_arn("tg-x");
            world.balancers()[0].advanced_configuration = Some(advanced.build());
        },
    ),
    (
        "deployment-strategy",
        Refusal,
        "green's service api: deploymentController is EXTERNAL, expected ECS",
        |world| {
            let controller = DeploymentController::builder();
            let controller = controller
                .r#type(DeploymentControllerType::External)
                .build();
            world.service().deployment_controller = Some(controller.expect("a type"));
        },
    ),
    (
        "deployment-strategy",
        Refusal,
        "blue's service api: deploymentController is CODE_DEPLOY, expected ECS; schedulingStrategy is DAEMON, expected REPLICA",
        |world| {
            let controller = DeploymentController::builder();
            let controller = controller
                .r#type(DeploymentControllerType::CodeDeploy)
                .build();
            let service = world.blue().service.as_mut().expect("a service");
            service.deployment_controller = Some(controller.expect("a type"));
            service.scheduling_strategy = Some(SchedulingStrategy::Daemon);
        },
    ),
    (
        "protocol",
        Refusal,
        "green's target group speaks GRPC, expected HTTP1",
        |world| world.group().protocol_version = Some("GRPC".to_owned()),
    ),
    (
        "protocol",
        Refusal,
        "green's target group speaks TCP, expected HTTP1",
        |world| {
            world.group().protocol = Some(ProtocolEnum::Tcp);
            world.group().protocol_version = None;
        },
    ),
    (
        "protocol",
        Warning,
        "green's target group speaks HTTP2, expected HTTP1",
        |world| world.group().protocol_version = Some("HTTP2".to_owned()),
    ),
    (
        "unreachable-targets",
        Refusal,
        "the targets of green's target group are of type instance, expected ip",
        |world| world.group().target_type = Some(TargetTypeEnum::Instance),
    ),
    (
        "unreachable-targets",
        Refusal,
        "the targets of green's target group are of type lambda, expected ip",
        |world| {
            world.group().target_type = Some(TargetTypeEnum::Lambda);
            (world.group().protocol, world.group().protocol_version) = (None, None);
        },
    ),
    (
        "unreachable-targets",
        Refusal,
        "the targets of blue's target group are of type instance, expected ip",
        |world| {
            let group = world.blue().group.as_mut().expect("a group");
            group.target_type = Some(TargetTypeEnum::Instance);
        },
    ),
];
