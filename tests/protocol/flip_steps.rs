//! flip's process, step by step in the order of `flip/src/traffic.rs`. Anything may happen between two steps.

use crate::balancer;
use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::fact::Fact;
use crate::mutation::Mutation;
use crate::names::{id, index_of};
use crate::process::{Answer, Movement, Next, Step, Task, Try, Who};
use crate::world::World;
use crate::write::{Direction, Write};
use record::{BeginFlip, EndFlip};
use shared::Environment;

/// Does one step of flip.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let next = match &it.step.clone() {
        Step::Ask(task) => {
            it.fresh = true;
            let begun = ask(it, *task, world, decisions);
            admitted(&begun, *task, world).map(|(_, to)| Step::Read(*task, to))
        }
        Step::Read(task, to) => match read(world, *to, decisions) {
            Some((writes, safe)) => Ok(Step::Begin(*task, *to, writes, safe)),
            None => Err(Answer::Refused),
        },
        Step::Begin(task, ..) if !it.fresh && !decisions.broken(Mutation::FlipAfterStaleRead) => {
            Ok(Step::Ask(*task))
        }
        Step::Begin(task, to, writes, safe) => begin(it, *task, *to, *safe, world, decisions)
            .map(|movement| Step::Send(movement, writes.clone())),
        Step::Send(movement, writes) => Ok(send(it, *movement, writes, world)),
        Step::ReadBack(movement) => read_back(*movement, world),
        Step::End(movement) => end(it, *movement, world, decisions),
        Step::Repair(movement) => match read(world, movement.to, decisions) {
            Some((writes, safe)) => Ok(Step::Send(Movement { safe, ..*movement }, writes)),
            None => Err(Answer::Refused),
        },
        other => unreachable!("{other:?} is not a step of flip"),
    };
    next.map_or_else(Next::Answer, Next::Step)
}

/// Asks the record whether the task may be done now.
fn ask(it: &Try, task: Task, world: &World, decisions: &Decisions) -> BeginFlip {
    match task {
        Task::Flip(index) => decisions.begin_flip(&world.record.0, index, world.now, it.began),
        Task::FlipBack(_) | Task::Alarm(_) => {
            decisions.begin_flip_back(it.who, task, world, it.began)
        }
    }
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
            if refusal.as_str().starts_with("contract ") {
                world.note(Fact::RefusedAfterContract);
            }
            Err(Answer::Refused)
        }
        BeginFlip::NothingToFlipBack(_) | BeginFlip::Ignored(_) => Err(Answer::NothingToFlipBack),
        BeginFlip::LeaseHeld { .. } => {
            world.note(Fact::WaitedForLease);
            Err(Answer::Blocked)
        }
    }
}

/// The rules to write, and whether traffic is safe there.
fn read(world: &mut World, to: Environment, decisions: &Decisions) -> Option<(Vec<usize>, bool)> {
    let safe = world.tasks(to).healthy;
    let writes = decisions.rule_writes(&world.rules, to, safe);
    if writes.is_none() && !safe {
        world.note(Fact::RefusedForHealth);
    }
    if writes.is_some() && world.rules.contains(&None) {
        world.note(Fact::MovedUnknownRule);
    }
    writes.map(|writes| (writes, safe))
}

fn begin(
    it: &Try,
    task: Task,
    to: Environment,
    safe: bool,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Movement, Answer> {
    let begun = ask(it, task, world, decisions);
    let (release, admitted_to) = admitted(&begun, task, world)?;
    if let Some(next) = begun.record() {
        if next.lease.as_ref().is_some_and(|lease| lease.retried) {
            world.note(Fact::RetriedFlip);
        }
        world.store(next);
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
        safe,
    })
}

fn send(it: &Try, movement: Movement, writes: &[usize], world: &mut World) -> Step {
    let Some((rule, rest)) = writes.split_first() else {
        return Step::ReadBack(movement);
    };
    if !movement.safe {
        world.note(Fact::SentToUnhealthy);
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
            Task::Flip(_) | Task::FlipBack(_) => None,
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

fn note_rollback(who: Who, world: &mut World) {
    let operator = |index: usize| world.executions[index].kind == Kind::Rollback;
    let fact = match who {
        Who::Alarm(_) => Fact::RolledBackByAlarm,
        Who::Execution(index) if operator(index) => Fact::RolledBackByOperator,
        Who::Execution(_) => Fact::RolledBackByVerdict,
    };
    world.note(fact);
}
