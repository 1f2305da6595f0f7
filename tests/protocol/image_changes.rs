//! What somebody may change about images while executions go on: what the tag names, and whether the stack checks them.

use crate::protocol::Action;
use crate::world::World;

/// Adds the changes that the budget still allows.
pub fn changes(world: &World, actions: &mut Vec<Action>) {
    if world.budget.tags > 0 {
        actions.push(Action::MoveTag);
    }
    if world.budget.updates > 0 {
        actions.push(Action::CheckImages);
    }
}

/// Somebody makes one of them.
pub fn change(world: &mut World, mishap: Action) {
    match mishap {
        Action::MoveTag => {
            world.budget.tags -= 1;
            world.images.tag = 1 - world.images.tag;
        }
        Action::CheckImages => {
            world.budget.updates -= 1;
            world.images.checked = true;
        }
        other => unreachable!("{other:?} changes nothing about images"),
    }
}
