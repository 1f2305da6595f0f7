//! Whether ECS deploys the services as a release expects: one rolling deployment of a number of tasks, nothing else.

use super::checks::DEPLOYMENT_STRATEGY;
use super::evidence::{Evidence, Finding};
use aws_sdk_ecs::types::{
    DeploymentControllerType, DeploymentStrategy, SchedulingStrategy, Service,
};
use shared::Environment;

/// Both services: each is the one that a release deploys to, in turn, and each could write the same rules.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let findings = Environment::BOTH.into_iter().filter_map(|environment| {
        let observation = evidence.environment(environment);
        let unexpected = unexpected(observation.service.as_ref()?);
        let name = &observation.name.service;
        let found = format!("{environment}'s service {name}: {}", unexpected.join("; "));
        (!unexpected.is_empty()).then(|| DEPLOYMENT_STRATEGY.finding(found))
    });
    findings.collect()
}

/// The settings that are not as a release needs them. What ECS leaves out has its default, which is.
fn unexpected(service: &Service) -> Vec<String> {
    let deployment = service.deployment_configuration();
    let strategy = deployment.and_then(|it| it.strategy());
    let strategy = strategy.filter(|it| **it != DeploymentStrategy::Rolling);
    let hooks = deployment.is_some_and(|it| !it.lifecycle_hooks().is_empty());
    let mut balancers = service.load_balancers().iter();
    let advanced = balancers.any(|it| it.advanced_configuration().is_some());
    let controller = service.deployment_controller().map(|it| it.r#type());
    let controller = controller.filter(|it| **it != DeploymentControllerType::Ecs);
    let scheduling = service.scheduling_strategy();
    let scheduling = scheduling.filter(|it| **it != SchedulingStrategy::Replica);
    let unexpected = [
        controller.map(|it| format!("deploymentController is {it}, expected ECS")),
        strategy.map(|it| format!("deploymentConfiguration.strategy is {it}, expected ROLLING")),
        hooks.then(|| "deploymentConfiguration.lifecycleHooks is set, expected no hook".to_owned()),
        advanced.then(|| "loadBalancers.advancedConfiguration is set, expected none".to_owned()),
        scheduling.map(|it| format!("schedulingStrategy is {it}, expected REPLICA")),
    ];
    unexpected.into_iter().flatten().collect()
}
