//! flip's process, step by step in the order of `flip/src/traffic.rs`. Anything may happen between two steps.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_ahead::{ahead, ask_ahead};
use crate::flip_notes::{note_begin, note_foreign, note_freeze, note_refused};
use crate::flip_record::{admitted, ask, snapshot};
use crate::flip_writes;
use crate::mutation::Mutation;
use crate::names::index_of;
use crate::premise::{Own, Premise};
use crate::process::{Movement, Next, Snapshot, Step, Task, Try};
use crate::reasons::speaks_against_the_build;
use crate::stop_steps::{after_flip_back, close, look};
use crate::world::World;
use crate::write::Direction;
use record::BeginFlip;
use shared::Traffic;

/// Does one step of flip.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let task = it.step.task();
    let next = match &it.step.clone() {
        Step::Ahead(task) => Ok(ahead(*task, world)),
        Step::AskAhead(task, look) => ask_ahead(it, *task, look, world, decisions),
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
            .map(|movement| flip_writes::write(movement, snapshot.writes.clone())),
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
    let look = world.look();
    match snapshot(task, to, premise, &look, world, decisions) {
        Ok(snapshot) => {
            note_foreign(&look, world);
            Ok(Step::Begin(task, to, snapshot))
        }
        Err(_) if !counts => Ok(Step::Ask(task)),
        Err(answer) => Err(note_refused(answer, task, to, world)),
    }
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
        let next = decisions.with_forwards(next, &snapshot.unsplit);
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
