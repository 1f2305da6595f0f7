//! Whether the environments have enough healthy targets for the traffic that moves, judged with what the code under
//! test does not know.

use crate::health::{ALL, Health};
use crate::world::World;
use crate::write::Direction;
use record::Phase;
use shared::Traffic;

/// What whoever moves traffic finds there now.
pub fn health(world: &World, direction: Direction, traffic: Traffic) -> Health {
    let healthy = world.tasks(traffic.to).healthy;
    let begins = direction == Direction::Forward && is_to_begin(world, traffic);
    match healthy {
        0 => Health::None,
        _ if begins && !is_ready(world, traffic) => Health::TooFew,
        _ => Health::Enough,
    }
}

/// A flip to this share has not begun.
fn is_to_begin(world: &World, traffic: Traffic) -> bool {
    let release = world.record.0.release.as_ref();
    release.is_some_and(|it| match it.phase {
        Phase::Deploying => true,
        Phase::Watching => it.share != Some(traffic.share),
        _ => false,
    })
}

/// Each environment has as many as its share needs, of those that were deployed, or that the previous one wants now
/// where these are fewer. Once a part of its traffic has left, it may want too few for all of it: then flip asks for more.
fn is_ready(world: &World, traffic: Traffic) -> bool {
    let (new, previous) = (world.tasks(traffic.to), world.tasks(traffic.to.other()));
    let percent = traffic.share.percent();
    let needs = |share: u8| (ALL.min(previous.wants) * share).div_ceil(100);
    new.healthy >= needs(percent) && previous.healthy >= needs(100 - percent)
}
