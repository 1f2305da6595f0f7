//! What the containers of the wanted revision are to the service, and to each other.

use super::checks::{CONTAINER_MISMATCH, OTHER_IMAGE, UNPINNED_IMAGE};
use super::evidence::{Evidence, Finding};
use aws_sdk_ecs::types::{ContainerDefinition, PortMapping, Service, TaskDefinition};
use shared::ecs::{ImageReference, moving_containers};
use shared::{Environment, ReleasePlan, listed};

pub(super) fn findings(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let mut findings = mismatches(evidence, definition, plan);
    findings.extend(beside(evidence, definition, plan));
    findings
}

/// Containers that a service expects and that the revision does not have. ECS compares all load balancers and registries
/// of a service with the revision, not only that of the environment's target group.
fn mismatches(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    // Active's service may still run what a revision of the team's own gives other names.
    let both = plan.task_definition.is_none();
    let environments = Environment::BOTH
        .into_iter()
        .filter(|it| both || *it == plan.to);
    let has: Vec<_> = definition
        .container_definitions()
        .iter()
        .map(described)
        .collect();
    let mut findings = Vec::new();
    for environment in environments {
        let observation = evidence.environment(environment);
        let name = &observation.name.service;
        let expected = observation.service.as_ref().map(expected);
        let expected = expected.unwrap_or_default().into_iter();
        let missing =
            expected.filter(|(container, port)| !has_container(definition, container, *port));
        findings.extend(missing.map(|(container, port)| {
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            CONTAINER_MISMATCH.finding(format!(
                "{environment}'s service {name} expects container {container}{port}, the task definition has {}",
                listed(&has, " and ")
            ))
        }));
    }
    findings
}

/// The containers that a service sends traffic to, or registers, each with its port where it names one.
fn expected(service: &Service) -> Vec<(&str, Option<i32>)> {
    let balancers = service.load_balancers().iter();
    let balancers = balancers.map(|it| (it.container_name(), it.container_port()));
    let registries = service.service_registries().iter();
    let registries = registries.map(|it| (it.container_name(), it.container_port()));
    let all = balancers.chain(registries);
    all.filter_map(|(container, port)| Some((container?, port)))
        .collect()
}

fn has_container(definition: &TaskDefinition, name: &str, port: Option<i32>) -> bool {
    let mut containers = definition.container_definitions().iter();
    containers.any(|container| {
        let mut mappings = container.port_mappings().iter();
        let has_port = port.is_none_or(|port| mappings.any(|it| maps(it, port)));
        container.name() == Some(name) && has_port
    })
}

/// A mapping has one port, or a range such as `8000-8010` (ECS API reference, PortMapping).
fn maps(mapping: &PortMapping, port: i32) -> bool {
    let range = mapping.container_port_range();
    let range = range.and_then(|it| it.split_once('-'));
    let in_range = range.is_some_and(|(first, last)| {
        let ends = (first.parse::<i32>(), last.parse::<i32>());
        matches!(ends, (Ok(first), Ok(last)) if (first..=last).contains(&port))
    });
    in_range || mapping.container_port() == Some(port)
}

/// `api:8080`, as far as the revision says it.
fn described(container: &ContainerDefinition) -> String {
    let mut described = container.name().unwrap_or_default().to_owned();
    for mapping in container.port_mappings() {
        let port = mapping.container_port().map(|it| it.to_string());
        let port = port.or(mapping.container_port_range().map(str::to_owned));
        described.extend(port.map(|it| format!(":{it}")));
    }
    described
}

/// The containers that a release leaves alone, if they may be other versions than they seem.
fn beside(
    evidence: &Evidence<'_>,
    definition: &TaskDefinition,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let moving = moving_containers(definition, evidence.container);
    let released = ImageReference::from(plan.image.uri.as_str());
    let mut findings = Vec::new();
    for container in definition.container_definitions() {
        let (Some(name), Some(image)) = (container.name(), container.image()) else {
            continue;
        };
        let (reference, moves) = (ImageReference::from(image), moving.contains(&name));
        let found = format!("container {name} runs {image}");
        // The same repository by another of its addresses, where that is not the same image.
        let is_alias = evidence.repository.has_address(reference.repository);
        let is_alias = is_alias && reference.digest != released.digest;
        if !moves && (reference.repository == released.repository || is_alias) {
            let other = other_image(definition, evidence.container, reference);
            findings.push(OTHER_IMAGE.finding(format!("{found}, {other}")));
        }
        // A release pins what moves with it, but deploys a revision of the team's own as it is.
        let will_be_pinned = moves && plan.task_definition.is_none();
        if reference.digest.is_none() && !will_be_pinned {
            findings.push(UNPINNED_IMAGE.finding(found));
        }
    }
    findings
}

/// What a container's image is to that of the released one, if it does not move with it.
fn other_image(definition: &TaskDefinition, released: &str, other: ImageReference<'_>) -> String {
    let mut containers = definition.container_definitions().iter();
    let container = containers.find(|it| it.name() == Some(released));
    let image = container.and_then(|it| it.image()).unwrap_or_default();
    if other.digest.is_some() && ImageReference::from(image).digest.is_some() {
        return format!("another image than {released}");
    }
    format!("{released} runs {image}: only the tag's digest says whether that is the same build")
}
