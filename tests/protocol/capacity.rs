//! Whether an environment has enough healthy targets for the traffic that moves there, judged with what the code under
//! test does not know.

use crate::health::{ALL, Health};
use crate::world::World;
use crate::write::Direction;
use record::Phase;
use shared::Environment;

/// What whoever moves traffic finds there now.
pub fn health(world: &World, direction: Direction, to: Environment) -> Health {
    let begins = direction == Direction::Forward && phase(world) == Some(Phase::Deploying);
    let wanted = if begins { wanted(world, to) } else { 1 };
    match world.tasks(to).healthy {
        0 => Health::None,
        healthy if healthy < wanted => Health::TooFew,
        _ => Health::Enough,
    }
}

/// Whether a flip to this environment can begin, as far as its targets go.
pub fn is_ready(world: &World, to: Environment) -> bool {
    world.tasks(to).healthy >= wanted(world, to)
}

/// What was deployed, or what the other environment wants now where that is fewer.
fn wanted(world: &World, to: Environment) -> u8 {
    ALL.min(world.tasks(to.other()).wants)
}

fn phase(world: &World) -> Option<Phase> {
    world.record.0.release.as_ref().map(|it| it.phase)
}
