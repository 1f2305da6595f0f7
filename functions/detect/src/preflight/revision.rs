//! Whether two revisions of a task definition mean the same.

use aws_sdk_ecs::types::TaskDefinition;
use shared::SLOT_VARIABLE;
use shared::ecs::sort_containers;

/// Whether two revisions differ in nothing but the slot they give their tasks, and in what ECS writes about them.
///
/// The image of the released `container` is compared by what runs, not by how it is written.
pub(crate) fn same_but_slot(one: &TaskDefinition, other: &TaskDefinition, container: &str) -> bool {
    normalized(one, container) == normalized(other, container)
}

fn normalized(definition: &TaskDefinition, released: &str) -> TaskDefinition {
    let mut normalized = definition.clone();
    normalized.task_definition_arn = None;
    normalized.revision = 0;
    (normalized.registered_at, normalized.registered_by) = (None, None);
    normalized.deregistered_at = None;
    normalized.status = None;
    (normalized.requires_attributes, normalized.compatibilities) = (None, None);
    let mut containers = normalized.container_definitions.take().unwrap_or_default();
    for container in &mut containers {
        if container.name() == Some(released) {
            container.image = None;
        }
        let variables = container.environment.get_or_insert_default();
        variables.retain(|variable| variable.name() != Some(SLOT_VARIABLE));
    }
    sort_containers(&mut containers);
    normalized.container_definitions = Some(containers);
    normalized
}
