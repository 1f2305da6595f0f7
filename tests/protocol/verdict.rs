//! Judges every change of a rule in the moment it happens, with what the code under test does not know.

use crate::execution::IDS;
use crate::fact::Fact;
use crate::world::{Way, World, Write};
use shared::record::{Phase, Record, Release};

/// Judges a write that is about to change a rule.
pub fn judge(world: &mut World, write: &Write) {
    let execution = &world.executions[write.release];
    let side = *world.side(write.to);
    let again = execution
        .moved
        .get(write.way as usize)
        .is_some_and(|rules| rules & (1 << write.rule) != 0);
    let mut facts = Vec::new();
    match write.way {
        Way::Forward if side.code != Some(write.release) || !side.proven => {
            facts.push(Fact::ForwardToUnproven);
        }
        Way::Back if side.code != execution.from_code => facts.push(Fact::BackToDirty),
        Way::Forward | Way::Back | Way::Repair => {}
    }
    if again && !world.hand {
        facts.push(Fact::MovedTwice);
    }
    if write.way == Way::Forward && !world.hand && !is_flipping(&world.record.0, write.release) {
        facts.push(Fact::ForwardOutOfTurn);
    }
    if !is_its_alarm(world, write) {
        facts.push(Fact::AlarmOfAnother);
    }
    if let Some(rules) = world.executions[write.release]
        .moved
        .get_mut(write.way as usize)
    {
        *rules |= 1 << write.rule;
    }
    for fact in facts {
        world.note(fact);
    }
}

fn is_flipping(record: &Record, release: usize) -> bool {
    let moving = |it: &Release| matches!(it.phase, Phase::Flipping | Phase::Watching);
    let mine = record.release.as_ref().filter(|it| it.id == IDS[release]);
    mine.is_some_and(moving)
}

/// The alarm changed after the flip began, and does not watch the side that gets traffic back.
fn is_its_alarm(world: &World, write: &Write) -> bool {
    let Some(delivery) = write.alarm.map(|index| &world.deliveries[index]) else {
        return true;
    };
    let flipped_at = world.executions[write.release].flipped_at;
    flipped_at.is_some_and(|tick| delivery.changed_at > tick)
        && delivery.environment != Some(write.to)
}
