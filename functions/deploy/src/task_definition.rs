//! The new revision: the live one with another image and another slot, and nothing else changed.

use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder as Registration;
use aws_sdk_ecs::types::{ContainerDefinition, KeyValuePair, Tag, TaskDefinition};
use shared::{Environment, SLOT_VARIABLE};

/// What to register so that `container` runs `image` in `slot`, from the revision that runs now.
///
/// Everything that RegisterTaskDefinition takes is carried over. What DescribeTaskDefinition shows besides
/// (ARN, revision, status, required attributes, compatibilities, registration) is ECS's own, and is not taken;
/// nor are tags that begin with `aws:`, which AWS sets itself and refuses from others.
pub fn wanted(
    live: &TaskDefinition,
    tags: &[Tag],
    container: &str,
    image: &str,
    slot: Environment,
) -> Result<Registration, String> {
    let mut containers = live.container_definitions().to_vec();
    let names: Vec<_> = containers
        .iter()
        .filter_map(|it| it.name().map(str::to_owned))
        .collect();
    let released = containers
        .iter_mut()
        .find(|it| it.name() == Some(container))
        .ok_or_else(|| {
            format!(
                "expected a container {container} in {}, found {names:?}. Correct the stack's parameter ContainerName.",
                live.task_definition_arn().unwrap_or("it")
            )
        })?;
    retarget(released, image, slot);
    Ok(carried_over(live, containers, tags))
}

fn retarget(container: &mut ContainerDefinition, image: &str, slot: Environment) {
    container.image = Some(image.to_owned());
    let variables = container.environment.get_or_insert_default();
    match variables
        .iter_mut()
        .find(|variable| variable.name() == Some(SLOT_VARIABLE))
    {
        Some(variable) => variable.value = Some(slot.name().to_owned()),
        None => variables.push(
            KeyValuePair::builder()
                .name(SLOT_VARIABLE)
                .value(slot.name())
                .build(),
        ),
    }
}

/// A revision as it would be registered anew, with these containers.
// AWS retired inference accelerators, but a revision that has them keeps them.
#[allow(deprecated)]
pub fn carried_over(
    live: &TaskDefinition,
    containers: Vec<ContainerDefinition>,
    tags: &[Tag],
) -> Registration {
    let live = live.clone();
    let tags: Vec<_> = tags.iter().filter(|it| !is_reserved(it)).cloned().collect();
    Registration::default()
        .set_family(live.family)
        .set_task_role_arn(live.task_role_arn)
        .set_execution_role_arn(live.execution_role_arn)
        .set_network_mode(live.network_mode)
        .set_container_definitions(Some(containers))
        .set_volumes(live.volumes)
        .set_placement_constraints(live.placement_constraints)
        .set_requires_compatibilities(live.requires_compatibilities)
        .set_cpu(live.cpu)
        .set_memory(live.memory)
        // ECS refuses an empty list of tags.
        .set_tags((!tags.is_empty()).then_some(tags))
        .set_pid_mode(live.pid_mode)
        .set_ipc_mode(live.ipc_mode)
        .set_proxy_configuration(live.proxy_configuration)
        .set_inference_accelerators(live.inference_accelerators)
        .set_ephemeral_storage(live.ephemeral_storage)
        .set_runtime_platform(live.runtime_platform)
        .set_enable_fault_injection(live.enable_fault_injection)
}

/// The ECS API reference reserves this prefix in any mixture of upper and lower case.
fn is_reserved(tag: &Tag) -> bool {
    let prefix = tag.key().and_then(|key| key.get(..4));
    prefix.is_some_and(|it| it.eq_ignore_ascii_case("aws:"))
}

/// Whether a registered revision is what we would register.
pub fn is_registered(newest: &TaskDefinition, tags: &[Tag], wanted: &Registration) -> bool {
    let newest = carried_over(newest, newest.container_definitions().to_vec(), tags);
    in_order(newest) == in_order(wanted.clone())
}

/// ECS gives containers, variables, secrets and tags back in an order of its own, which means nothing.
fn in_order(registration: Registration) -> Registration {
    let mut containers = registration
        .get_container_definitions()
        .clone()
        .unwrap_or_default();
    for container in &mut containers {
        let variables = container.environment.get_or_insert_default();
        variables.sort_by(|a, b| a.name().cmp(&b.name()));
        let secrets = container.secrets.get_or_insert_default();
        secrets.sort_by(|a, b| a.name().cmp(b.name()));
    }
    containers.sort_by(|a, b| a.name().cmp(&b.name()));
    let mut tags = registration.get_tags().clone().unwrap_or_default();
    tags.sort_by(|a, b| a.key().cmp(&b.key()));
    registration
        .set_container_definitions(Some(containers))
        .set_tags(Some(tags))
}
