//! The new revision: the one that active runs, with another image and another slot, and nothing else changed.
//!
//! The image changes in every container that moves with the release, not in one alone: a worker of another build would
//! share database and queues with it, and nobody would have tried the two together.

pub(crate) use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder as Registration;
use aws_sdk_ecs::types::{ContainerDefinition, KeyValuePair, Tag, TaskDefinition};
use shared::ecs::{moving_containers, sort_containers};
use shared::{Environment, Refusal, SLOT_VARIABLE};

/// What to register so that `container`, and what moves with it, runs `image` in `slot`: the revision that active
/// runs, changed in nothing else. Refuses a revision that has no such container.
pub(crate) fn with_image(
    active: &TaskDefinition,
    tags: &[Tag],
    container: &str,
    image: &str,
    slot: Environment,
) -> Result<Registration, Refusal> {
    let moving = moving_containers(active, container);
    if moving.is_empty() {
        let names = active.container_definitions().iter();
        let names: Vec<_> = names.filter_map(|definition| definition.name()).collect();
        let refusal = format!(
            "expected a container {container} in {}, found {names:?}. Correct the stack's parameter ContainerName.",
            active.task_definition_arn().unwrap_or("it")
        );
        return Err(refusal.into());
    }
    let mut containers = active.container_definitions().to_vec();
    for definition in &mut containers {
        let moves = definition.name().is_some_and(|name| moving.contains(&name));
        if moves {
            definition.image = Some(image.to_owned());
        }
        set_slot(definition, slot, moves);
    }
    Ok(carried_over(active, tags).set_container_definitions(Some(containers)))
}

/// Sets the slot where the container has one, and adds it where it is `ours`: a sidecar that asks for the slot would
/// otherwise keep that of the other environment.
fn set_slot(container: &mut ContainerDefinition, slot: Environment, ours: bool) {
    let mut variables = container.environment.iter_mut().flatten();
    let set = variables.find(|variable| variable.name() == Some(SLOT_VARIABLE));
    if let Some(variable) = set {
        variable.value = Some(slot.name().to_owned());
    } else if ours {
        let variable = KeyValuePair::builder().name(SLOT_VARIABLE);
        let variables = container.environment.get_or_insert_default();
        variables.push(variable.value(slot.name()).build());
    }
}

/// A revision as it would be registered anew.
///
/// Everything that RegisterTaskDefinition takes is carried over. What DescribeTaskDefinition shows besides
/// (ARN, revision, status, required attributes, compatibilities, registration) is ECS's own, and is not taken;
/// nor are tags that begin with `aws:`, which AWS sets itself and refuses from others.
// AWS retired inference accelerators, but a revision that has them keeps them.
#[allow(deprecated)]
pub(crate) fn carried_over(revision: &TaskDefinition, tags: &[Tag]) -> Registration {
    let revision = revision.clone();
    let tags = tags.iter().filter(|tag| !is_reserved(tag)).cloned();
    let tags: Vec<_> = tags.collect();
    Registration::default()
        .set_family(revision.family)
        .set_task_role_arn(revision.task_role_arn)
        .set_execution_role_arn(revision.execution_role_arn)
        .set_network_mode(revision.network_mode)
        .set_container_definitions(revision.container_definitions)
        .set_volumes(revision.volumes)
        .set_placement_constraints(revision.placement_constraints)
        .set_requires_compatibilities(revision.requires_compatibilities)
        .set_cpu(revision.cpu)
        .set_memory(revision.memory)
        // ECS refuses an empty list of tags.
        .set_tags((!tags.is_empty()).then_some(tags))
        .set_pid_mode(revision.pid_mode)
        .set_ipc_mode(revision.ipc_mode)
        .set_proxy_configuration(revision.proxy_configuration)
        .set_inference_accelerators(revision.inference_accelerators)
        .set_ephemeral_storage(revision.ephemeral_storage)
        .set_runtime_platform(revision.runtime_platform)
        .set_enable_fault_injection(revision.enable_fault_injection)
}

/// The ECS API reference reserves this prefix in any mixture of upper and lower case.
fn is_reserved(tag: &Tag) -> bool {
    let prefix = tag.key().and_then(|key| key.get(..4));
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// Whether the newest revision is what we would register.
pub(crate) fn is_registered(newest: &TaskDefinition, tags: &[Tag], wanted: &Registration) -> bool {
    in_order(carried_over(newest, tags)) == in_order(wanted.clone())
}

/// The order of containers and tags means nothing.
fn in_order(registration: Registration) -> Registration {
    let containers = registration.get_container_definitions().clone();
    let mut containers = containers.unwrap_or_default();
    sort_containers(&mut containers);
    let mut tags = registration.get_tags().clone().unwrap_or_default();
    tags.sort_by(|a, b| a.key().cmp(&b.key()));
    registration
        .set_container_definitions(Some(containers))
        .set_tags(Some(tags))
}
