//! Judges every change of a rule in the moment it happens, with what the code under test does not know.

use crate::fact::Fact;
use crate::names::id;
use crate::protocol::Protocol;
use crate::world::World;
use crate::write::{Direction, Write};
use record::{Phase, Record, Release};

/// Judges a write that is about to change a rule.
pub fn audit(protocol: &Protocol, world: &mut World, write: &Write) {
    let execution = &world.executions[write.release];
    let tasks = *world.tasks(write.to);
    let step = protocol.step_of(write);
    let bit = 1 << (write.rule + protocol.rules * step);
    let moved = execution.moved.get(write.direction as usize);
    let again = moved.is_some_and(|rules| rules & bit != 0);
    let mut facts = Vec::new();
    match write.direction {
        Direction::Forward if tasks.code != Some(write.release) || !tasks.proven => {
            facts.push(Fact::ForwardToUnproven);
        }
        Direction::Back if tasks.code != execution.from_code => facts.push(Fact::BackToDirty),
        Direction::Forward | Direction::Back | Direction::Repair => {}
    }
    if again && !world.hand {
        facts.push(Fact::MovedTwice);
    }
    let forward = write.direction == Direction::Forward;
    if forward && !world.hand && !is_flipping(&world.record.0, write.release) {
        facts.push(Fact::ForwardWithoutFlipping);
    }
    if forward && !world.lets_in(execution) {
        facts.push(Fact::ForwardUnchecked);
    }
    let before = step.checked_sub(1).map(|it| protocol.shares[it]);
    if forward && before > execution.passed_at() {
        facts.push(Fact::GrownUnjudged);
    }
    if !is_its_alarm(world, write) {
        facts.push(Fact::AlarmOfAnother);
    }
    let moved = &mut world.executions[write.release].moved;
    if let Some(rules) = moved.get_mut(write.direction as usize) {
        *rules |= bit;
    }
    for fact in facts {
        world.note(fact);
    }
}

fn is_flipping(record: &Record, release: usize) -> bool {
    let moving = |it: &Release| matches!(it.phase, Phase::Flipping | Phase::Watching);
    let own = record.release.as_ref().filter(|it| it.id == *id(release));
    own.is_some_and(moving)
}

/// The alarm changed after the flip began, and does not watch the environment that gets traffic back.
fn is_its_alarm(world: &World, write: &Write) -> bool {
    let Some(delivery) = write.alarm.map(|index| &world.deliveries[index]) else {
        return true;
    };
    let flipped_at = world.executions[write.release].flipped_at;
    flipped_at.is_some_and(|tick| delivery.changed_at > tick)
        && delivery.environment != Some(write.to)
}
