//! Whether the service that is deployed to can run the wanted revision at all. What AWS leaves out decides nothing.

use super::checks::SERVICE_MISMATCH;
use super::evidence::{Evidence, Finding};
use aws_sdk_ecs::types::{Compatibility, LaunchType, NetworkMode, Service, TaskDefinition};
use aws_sdk_elasticloadbalancingv2::types::TargetTypeEnum;
use shared::{Environment, listed};

pub(super) fn findings(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    to: Environment,
) -> Vec<Finding> {
    let found = [
        network_mode(evidence, definition, to),
        fargate(evidence, definition, to),
    ];
    let found = found.into_iter().flatten();
    found.map(|it| SERVICE_MISMATCH.finding(it)).collect()
}

/// Only tasks with an interface of their own can be registered by their IP address (ECS Developer Guide, "Use load
/// balancing to distribute Amazon ECS service traffic").
fn network_mode(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    to: Environment,
) -> Option<String> {
    let mode = definition.network_mode()?;
    let group = evidence.environment(to).group.as_ref()?;
    let by_address = group.target_type() == Some(&TargetTypeEnum::Ip);
    (by_address && *mode != NetworkMode::Awsvpc).then(|| {
        format!(
            "the task definition's networkMode is {mode}, expected awsvpc, since the targets of {to}'s group are of type ip"
        )
    })
}

/// ECS finds out what a revision can run on (`compatibilities`). What it was asked to validate it against may be less.
fn fargate(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    to: Environment,
) -> Option<String> {
    let observation = evidence.environment(to);
    observation.service.as_ref().filter(|it| on_fargate(it))?;
    let (field, can) = match definition.compatibilities() {
        [] => (
            "requiresCompatibilities",
            definition.requires_compatibilities(),
        ),
        compatibilities => ("compatibilities", compatibilities),
    };
    let names: Vec<_> = can.iter().map(Compatibility::as_str).collect();
    let name = &observation.name.service;
    let mismatch = !can.is_empty() && !can.contains(&Compatibility::Fargate);
    mismatch.then(|| {
        format!(
            "the task definition's {field} are {}, expected FARGATE, since {to}'s service {name} runs there",
            listed(names, " and ")
        )
    })
}

/// By its launch type, or by the providers that stand for Fargate, which no strategy mixes with others.
fn on_fargate(service: &Service) -> bool {
    let mut providers = service.capacity_provider_strategy().iter();
    let is_fargate = |provider: &str| matches!(provider, "FARGATE" | "FARGATE_SPOT");
    service.launch_type() == Some(&LaunchType::Fargate)
        || providers.any(|it| is_fargate(it.capacity_provider()))
}
