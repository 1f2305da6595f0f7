//! The new revision: the one that active runs, with another image and another slot, and nothing else changed.
//!
//! The image changes in every container that moves with the release, not in one alone: a worker of another build would
//! share database and queues with it, and nobody would have tried the two together.

use serde_json::{Map, Value, json};
use shared::ecs::RevisionContent;
use shared::{Environment, Refusal, SLOT_VARIABLE};

/// What to register so that `container`, and what moves with it, runs `image` in `slot`: the revision that active
/// runs, changed in nothing else. Refuses a revision that has no such container.
pub(crate) fn with_image(
    active: &RevisionContent,
    container: &str,
    image: &str,
    slot: Environment,
) -> Result<RevisionContent, Refusal> {
    let moving = active.moving_containers(container);
    if moving.is_empty() {
        let names = active.containers().map(|it| &it["name"]);
        let names: Vec<_> = names.filter_map(Value::as_str).collect();
        let refusal = format!(
            "expected a container {container}, found {names:?}. Correct the stack's parameter ContainerName."
        );
        return Err(refusal.into());
    }
    let mut wanted = active.clone();
    for definition in wanted.containers_mut() {
        let name = definition.get("name").and_then(Value::as_str);
        let moves = name.is_some_and(|name| moving.contains(&name));
        if moves {
            definition.insert("image".to_owned(), json!(image));
        }
        set_slot(definition, slot, moves);
    }
    Ok(wanted)
}

/// Sets the slot where the container has one, and adds it where it is `ours`: a sidecar that asks for the slot would
/// otherwise keep that of the other environment.
fn set_slot(container: &mut Map<String, Value>, slot: Environment, ours: bool) {
    let slot = json!({"name": SLOT_VARIABLE, "value": slot.name()});
    let variables = container.get_mut("environment");
    let Some(variables) = variables.and_then(Value::as_array_mut) else {
        if ours {
            container.insert("environment".to_owned(), json!([slot]));
        }
        return;
    };
    let set = variables.iter_mut().find(|it| it["name"] == SLOT_VARIABLE);
    match set {
        Some(variable) => variable["value"] = slot["value"].clone(),
        None if ours => variables.push(slot),
        None => {}
    }
}
