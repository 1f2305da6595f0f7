//! flip's process, step by step in the order of `flip/src/traffic.rs`. Anything may happen between two steps.

use crate::capacity::health;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_notes::{note_begin, note_foreign, note_freeze, note_refusal, note_refused};
use crate::flip_writes;
use crate::mutation::Mutation;
use crate::names::index_of;
use crate::premise::Premise;
use crate::premise::{Own, Rules};
use crate::process::{Answer, Movement, Next, Snapshot, Step, Task, Try};
use crate::reasons::speaks_against_the_build;
use crate::smoke_decisions::FlipTask;
use crate::stop_steps::{after_flip_back, close, look};
use crate::world::World;
use crate::write::Direction;
use record::{BeginFlip, Release};
use shared::Traffic;

/// Does one step of flip.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let task = it.step.task();
    let next = match &it.step.clone() {
        Step::Ask(task) => match ask(it, *task, &Vec::new(), world, decisions) {
            begun if begun.closed().is_some() => Ok(Step::Close(*task)),
            begun => go_on(it, &begun, *task, world, decisions),
        },
        Step::Close(task) => {
            let begun = ask(it, *task, &Vec::new(), world, decisions);
            if let Some(next) = begun.closed() {
                world.store(next);
            }
            go_on(it, &begun, *task, world, decisions)
        }
        Step::Read(task, to, premise) => read(it, *task, *to, premise, world, decisions),
        Step::Begin(task, ..) if !it.fresh && !decisions.broken(Mutation::FlipAfterStaleRead) => {
            Ok(Step::Ask(*task))
        }
        Step::Begin(task, to, snapshot) => begin(it, *task, *to, snapshot, world, decisions)
            .map(|movement| Step::Send(movement, snapshot.writes.clone())),
        Step::Look => look(world, decisions),
        Step::CloseStopped(task) => Err(close(it, *task, world, decisions)),
        under_lease => flip_writes::step(it, under_lease, world, decisions),
    };
    let next = match task {
        Some(Task::EndStopped(stopped)) => after_flip_back(stopped, next, world),
        _ => next,
    };
    next.map_or_else(Next::Answer, Next::Step)
}

/// Asks the record whether the task may be done now.
fn ask(it: &Try, task: Task, rules: &Rules, world: &World, decisions: &Decisions) -> BeginFlip {
    match task {
        Task::Flip(release, revision, share) => {
            let task = FlipTask {
                release,
                revision,
                share,
                began: it.began,
            };
            decisions.begin_flip(&world.record.0, task, rules, world.now)
        }
        Task::FlipBack(_) | Task::Alarm(_) | Task::EndStopped(_) => {
            decisions.begin_flip_back(it.who, task, world, it.began)
        }
    }
}

/// Goes on with what the record says, as it is now.
fn go_on(
    it: &mut Try,
    begun: &BeginFlip,
    task: Task,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    it.fresh = true;
    let release = admitted(begun, task, world, decisions)?;
    let premise = Premise::new(&world.record.0, release, task.direction());
    Ok(Step::Read(task, release.expected_traffic(), premise))
}

/// The release to go on with, or the answer.
fn admitted<'a>(
    begun: &'a BeginFlip,
    task: Task,
    world: &mut World,
    decisions: &Decisions,
) -> Result<&'a Release, Answer> {
    match begun {
        BeginFlip::Begun { release, .. } => Ok(release),
        BeginFlip::AlreadyDone(_) => {
            if matches!(task, Task::Alarm(_)) {
                world.note(Fact::SecondAlarmChangedNothing);
            }
            Err(Answer::Moved)
        }
        BeginFlip::Held { .. } => {
            world.note(Fact::FlipHeld);
            Err(decisions.waits())
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

/// Reads targets and rules. What is refused while the record has changed may be no reason to refuse any more.
fn read(
    it: &Try,
    task: Task,
    to: Traffic,
    premise: &Premise,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    let counts = it.fresh || decisions.broken(Mutation::RefuseAfterStaleRead);
    match snapshot(task, to, premise, world, decisions) {
        Ok(snapshot) => {
            note_foreign(world);
            Ok(Step::Begin(task, to, snapshot))
        }
        Err(_) if !counts => Ok(Step::Ask(task)),
        Err(answer) => Err(note_refused(answer, task, to, world)),
    }
}

/// The rules to write, and what else was read with them.
fn snapshot(
    task: Task,
    to: Traffic,
    premise: &Premise,
    world: &World,
    decisions: &Decisions,
) -> Result<Snapshot, Answer> {
    let splits = premise.own.is_first_of(to);
    Ok(Snapshot {
        writes: decisions.rule_writes(world, premise, to)?,
        unsplit: if splits {
            world.rules.clone()
        } else {
            Vec::new()
        },
        health: health(world, task.direction(), to),
    })
}

fn begin(
    it: &Try,
    task: Task,
    to: Traffic,
    snapshot: &Snapshot,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Movement, Answer> {
    let begun = ask(it, task, &snapshot.unsplit, world, decisions);
    let release = admitted(&begun, task, world, decisions)?;
    let (own, index) = (Own::of(release), index_of(&release.id));
    note_begin(task, index, world, decisions);
    if let Some(next) = begun.record() {
        if next.lease.as_ref().is_some_and(|lease| lease.retried) {
            world.note(Fact::RetriedFlip);
        }
        if task.direction() == Direction::Back {
            note_freeze(&next, world, decisions);
        }
        world.store(next);
        if task.direction() == Direction::Back && speaks_against_the_build(world, it.who, task) {
            world.set_ended_badly(world.executions[index].build(), true);
        }
    }
    if task.direction() == Direction::Forward {
        let now = world.now;
        world.executions[index].flipped_at.get_or_insert(now);
    }
    let toggled = world.rules[0].map(|rule| Traffic::all(rule.to.other()));
    let toggled = toggled.filter(|_| decisions.broken(Mutation::Toggle));
    Ok(Movement {
        task,
        direction: task.direction(),
        to: toggled.unwrap_or(to),
        release: index,
        health: snapshot.health,
        own,
    })
}
