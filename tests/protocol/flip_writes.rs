//! What flip's process does under its lease: it writes the rules, reads them back, and ends the flip or the flip back.

use crate::answer::Answer;
use crate::balancer;
use crate::capacity::health;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_notes::{note_grown, note_refused, note_rollback};
use crate::health::Health;
use crate::names::id;
use crate::premise::Own;
use crate::process::{Movement, Step, Task, Try};
use crate::world::World;
use crate::write::{Direction, Write, Writing};
use record::EndFlip;

/// Does one step of flip under its lease.
pub fn step(
    it: &Try,
    step: &Step,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    match step {
        Step::Write(movement, writing) => Ok(send(it, *movement, writing.clone(), world)),
        Step::Release(_) => Err(release(it, world)),
        Step::ReadBack(movement) => read_back(*movement, world),
        Step::End(movement) => end(it, *movement, world, decisions),
        Step::Repair(movement, recorded) => repair(*movement, *recorded, world, decisions),
        other => unreachable!("{other:?} is not a step of flip"),
    }
}

/// Writes these rules; where there are none, all of them are read back at once.
pub fn write(movement: Movement, unsent: Vec<usize>) -> Step {
    let writing = Writing {
        unsent,
        unanswered: Vec::new(),
        rejected: false,
    };
    Step::after(movement, writing)
}

/// Sends the next write: any of those before it may have taken effect, and any of those after it may never be sent.
fn send(it: &Try, movement: Movement, mut writing: Writing, world: &mut World) -> Step {
    let rule = writing.unsent.remove(0);
    match movement.health {
        Health::None => world.note(Fact::SentToUnhealthy),
        Health::TooFew => world.note(Fact::BegunWithTooFew),
        Health::Enough => {}
    }
    if movement.direction == Direction::Back && world.barred == Some(movement.release) {
        world.note(Fact::BackAfterContract);
    }
    let write = Write {
        rule,
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
    writing.unanswered.push(write);
    Step::Write(movement, writing)
}

/// No write is on its way, so the lease need not be waited for.
fn release(it: &Try, world: &mut World) -> Answer {
    if let Some(next) = world.record.0.release_lease(&it.who.owner()) {
        world.store(next);
        world.note(Fact::LeaseReleased);
    }
    Answer::Lost
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
    let look = world.look();
    let writes = decisions.repairs(&look, [recorded, own], to);
    let writes = writes.map_err(|answer| note_refused(answer, task, to, world))?;
    let health = health(&look, &world.record.0, movement.direction, to);
    Ok(write(Movement { health, ..movement }, writes))
}
