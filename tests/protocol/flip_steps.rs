//! flip's process, step by step in the order of `flip/src/traffic.rs`. Anything may happen between two steps.

use crate::balancer;
use crate::capacity::health;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_notes::{note_refusal, note_rollback};
use crate::health::Health;
use crate::mutation::Mutation;
use crate::names::{id, index_of};
use crate::process::{Answer, Movement, Next, Step, Task, Try};
use crate::reasons::speaks_against_the_build;
use crate::world::World;
use crate::write::{Direction, Write};
use flip::capacity::is_new_flip;
use record::{BeginFlip, EndFlip};
use shared::Environment;

/// Does one step of flip.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let next = match &it.step.clone() {
        Step::Ask(task) => match ask(it, *task, world, decisions) {
            begun if begun.closed().is_some() => Ok(Step::Close(*task)),
            begun => go_on(it, &begun, *task, world),
        },
        Step::Close(task) => {
            let begun = ask(it, *task, world, decisions);
            if let Some(next) = begun.closed() {
                world.store(next);
            }
            go_on(it, &begun, *task, world)
        }
        Step::Read(task, to) => read(world, task.direction(), *to, decisions)
            .map(|(writes, health)| Step::Begin(*task, *to, writes, health)),
        Step::Begin(task, ..) if !it.fresh && !decisions.broken(Mutation::FlipAfterStaleRead) => {
            Ok(Step::Ask(*task))
        }
        Step::Begin(task, to, writes, health) => begin(it, *task, *to, *health, world, decisions)
            .map(|movement| Step::Send(movement, writes.clone())),
        Step::Send(movement, writes) => Ok(send(it, *movement, writes, world)),
        Step::ReadBack(movement) => read_back(*movement, world),
        Step::End(movement) => end(it, *movement, world, decisions),
        Step::Repair(movement) => {
            read(world, movement.direction, movement.to, decisions).map(|(writes, health)| {
                Step::Send(
                    Movement {
                        health,
                        ..*movement
                    },
                    writes,
                )
            })
        }
        other => unreachable!("{other:?} is not a step of flip"),
    };
    next.map_or_else(Next::Answer, Next::Step)
}

/// Asks the record whether the task may be done now.
fn ask(it: &Try, task: Task, world: &World, decisions: &Decisions) -> BeginFlip {
    match task {
        Task::Flip(release, revision) => {
            let record = &world.record.0;
            decisions.begin_flip(record, release, revision, world.now, it.began)
        }
        Task::FlipBack(_) | Task::Alarm(_) => {
            decisions.begin_flip_back(it.who, task, world, it.began)
        }
    }
}

/// Goes on with what the record says, as it is now.
fn go_on(it: &mut Try, begun: &BeginFlip, task: Task, world: &mut World) -> Result<Step, Answer> {
    it.fresh = true;
    admitted(begun, task, world).map(|(_, to)| Step::Read(task, to))
}

/// The release to go on with and where its traffic moves, or the answer.
fn admitted(
    begun: &BeginFlip,
    task: Task,
    world: &mut World,
) -> Result<(usize, Environment), Answer> {
    match begun {
        BeginFlip::Begun { release, .. } => {
            let to = match task.direction() {
                Direction::Forward => release.to,
                Direction::Back | Direction::Repair => release.from,
            };
            Ok((index_of(&release.id), to))
        }
        BeginFlip::AlreadyDone(_) => {
            if matches!(task, Task::Alarm(_)) {
                world.note(Fact::SecondAlarmChangedNothing);
            }
            Err(Answer::Moved)
        }
        BeginFlip::Refused(refusal) => {
            note_refusal(refusal.as_str(), world);
            Err(Answer::Refused)
        }
        BeginFlip::NothingToFlipBack { .. } | BeginFlip::Ignored(_) => {
            Err(Answer::NothingToFlipBack)
        }
        BeginFlip::LeaseHeld { .. } => {
            world.note(Fact::WaitedForLease);
            Err(Answer::Blocked)
        }
    }
}

/// The rules to write, and the health of the targets there.
fn read(
    world: &mut World,
    direction: Direction,
    to: Environment,
    decisions: &Decisions,
) -> Result<(Vec<usize>, Health), Answer> {
    let health = health(world, direction, to);
    let writes = decisions.rule_writes(world, direction, to);
    match &writes {
        Err(Answer::NotReady) => world.note(Fact::WaitedForTargets),
        Err(_) if health == Health::None => world.note(Fact::RefusedForHealth),
        Ok(_) if world.rules.contains(&None) => world.note(Fact::MovedUnknownRule),
        _ => {}
    }
    writes.map(|writes| (writes, health))
}

fn begin(
    it: &Try,
    task: Task,
    to: Environment,
    health: Health,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Movement, Answer> {
    let begun = ask(it, task, world, decisions);
    let (release, admitted_to) = admitted(&begun, task, world)?;
    if is_new_flip(&world.record.0)
        && matches!(task, Task::Flip(_, revision) if revision != release)
    {
        world.note(Fact::BegunWithAnotherRevision);
    }
    if let Some(next) = begun.record() {
        if next.lease.as_ref().is_some_and(|lease| lease.retried) {
            world.note(Fact::RetriedFlip);
        }
        world.store(next);
        if task.direction() == Direction::Back && speaks_against_the_build(world, it.who) {
            world.set_ended_badly(world.executions[release].build(), true);
        }
    }
    if task.direction() == Direction::Forward {
        let now = world.now;
        world.executions[release].flipped_at.get_or_insert(now);
    }
    let to = if decisions.broken(Mutation::Toggle) {
        world.rules[0].map_or(admitted_to, Environment::other)
    } else {
        to
    };
    Ok(Movement {
        task,
        direction: task.direction(),
        to,
        release,
        health,
    })
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
        to: movement.to,
        release: movement.release,
        direction: movement.direction,
        alarm: match movement.task {
            Task::Alarm(delivery) => Some(delivery),
            Task::Flip(..) | Task::FlipBack(_) => None,
        },
        until: it.began + 2,
    };
    world.writes.push(write.clone());
    world.writes.sort();
    Step::Sent(movement, write, rest.to_vec())
}

/// A rule that does not forward to where it was written is `FlipNotVerified`: the task is tried again.
fn read_back(movement: Movement, world: &mut World) -> Result<Step, Answer> {
    let as_written = balancer::active(&world.rules) == Some(movement.to);
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
    if movement.direction == Direction::Back {
        let record = &world.record.0;
        if let Some(next) = record.end_flip_back(&it.who.owner(), id(movement.release)) {
            world.store(next);
            note_rollback(it.who, world);
        }
        return Err(Answer::Moved);
    }
    match decisions.end_flip(&world.record.0, it.who, movement.release) {
        EndFlip::Ended(next) => {
            world.store(next);
            Err(Answer::Moved)
        }
        EndFlip::AlreadyEnded => Err(Answer::Moved),
        EndFlip::Overtaken(to) => Ok(Step::Repair(Movement {
            direction: Direction::Repair,
            to,
            ..movement
        })),
    }
}
