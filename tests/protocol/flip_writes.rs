//! What flip's process does under its lease: it writes the rules, reads them back, and ends the flip or the flip back.

use crate::balancer;
use crate::capacity::health;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_notes::{note_grown, note_refused, note_rollback};
use crate::health::Health;
use crate::names::id;
use crate::premise::Own;
use crate::process::{Answer, Movement, Step, Task, Try};
use crate::world::World;
use crate::write::{Direction, Write};
use record::EndFlip;

/// Does one step of flip under its lease.
pub fn step(
    it: &Try,
    step: &Step,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    match step {
        Step::Send(movement, writes) => Ok(send(it, *movement, writes, world)),
        Step::ReadBack(movement) => read_back(*movement, world),
        Step::End(movement) => end(it, *movement, world, decisions),
        Step::Repair(movement, recorded) => repair(*movement, *recorded, world, decisions),
        other => unreachable!("{other:?} is not a step of flip"),
    }
}

fn send(it: &Try, movement: Movement, writes: &[usize], world: &mut World) -> Step {
    let Some((rule, rest)) = writes.split_first() else {
        return Step::ReadBack(movement);
    };
    match movement.health {
        Health::None => world.note(Fact::SentToUnhealthy),
        Health::TooFew => world.note(Fact::BegunWithTooFew),
        Health::Enough => {}
    }
    if movement.direction == Direction::Back && world.barred == Some(movement.release) {
        world.note(Fact::BackAfterContract);
    }
    let write = Write {
        rule: *rule,
        to: movement.to.to,
        share: movement.to.share,
        release: movement.release,
        direction: movement.direction,
        alarm: match movement.task {
            Task::Alarm(delivery) => Some(delivery),
            Task::Flip(..) | Task::FlipBack(_) | Task::EndStopped(_) => None,
        },
        until: it.began + 2,
    };
    world.writes.push(write.clone());
    world.writes.sort();
    Step::Sent(movement, write, rest.to_vec())
}

/// A rule that does not forward to where it was written is `FlipNotVerified`: the task is tried again.
fn read_back(movement: Movement, world: &mut World) -> Result<Step, Answer> {
    let as_written = balancer::traffic(&world.rules, movement.to.to) == Some(movement.to);
    match (as_written, movement.direction) {
        (false, _) => {
            world.note(Fact::ReadOtherwise);
            Err(Answer::Lost)
        }
        (true, Direction::Repair) => {
            world.note(Fact::Repaired);
            Err(Answer::Refused)
        }
        (true, Direction::Forward | Direction::Back) => Ok(Step::End(movement)),
    }
}

fn end(
    it: &Try,
    movement: Movement,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    let release = movement.release;
    if movement.direction == Direction::Back {
        if let Some(next) = world.record.0.end_flip_back(&it.who.owner(), id(release)) {
            world.store(next);
            note_rollback(it.who, movement.task, world);
        }
        return Err(Answer::Moved);
    }
    let share = movement.to.share;
    match decisions.end_flip(&world.record.0, it.who, release, share) {
        EndFlip::Ended(next) => {
            note_grown(&next, world);
            world.store(next);
            Err(Answer::Moved)
        }
        EndFlip::AlreadyEnded => Err(Answer::Moved),
        EndFlip::Overtaken(recorded) => Ok(Step::Repair(
            Movement {
                direction: Direction::Repair,
                to: recorded.expected_traffic(),
                ..movement
            },
            Own::of(&recorded),
        )),
    }
}

/// Points the rules where the record wants traffic that has overtaken the flip.
fn repair(
    movement: Movement,
    recorded: Own,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    let Movement { task, to, own, .. } = movement;
    let writes = decisions.repairs(world, [recorded, own], to);
    let writes = writes.map_err(|answer| note_refused(answer, task, to, world))?;
    let health = health(world, movement.direction, to);
    Ok(Step::Send(Movement { health, ..movement }, writes))
}
