//! An execution asks what people say before each step forward; judged with what the code under test does not know.

use crate::answer::Answer;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::{Execution, Stage};
use crate::fact::Fact;
use crate::heeded::{Ending, Heard, heard};
use crate::protocol::Protocol;
use crate::world::World;
use record::{Before, Phase, Record};

/// An execution asks what people say.
pub fn heed(index: usize, before: Before, world: &mut World, decisions: &Decisions) -> Answer {
    let ready = is_ready(&world.executions[index]);
    let record = world.record.clone();
    let (next, heed) = decisions.heed(&record.0, index, before, ready, world.now);
    if let Some(next) = next {
        note_settled(world, index, &next);
        world.store(next);
    }
    match heard(&heed) {
        Ok(heard) => Answer::Heard(heard),
        Err(ending) => {
            let approved = &world.executions[index].people.approved;
            if ending == Ending::Superseded && approved.contains(&before) {
                world.note(Fact::ReplacedApproved);
            }
            Answer::Ended(ending)
        }
    }
}

/// It would take its next step forward now: before its first flip always.
fn is_ready(execution: &Execution) -> bool {
    let flips = matches!(execution.at, Stage::HeedFlip | Stage::WaitForApproval);
    flips || execution.people.ready
}

/// A gate whose time is over counts as the policy says.
fn note_settled(world: &mut World, index: usize, next: &Record) {
    let Some(gate) = next.gate.as_ref() else {
        return;
    };
    let over = gate.until <= at(world.now);
    if let Some(outcome) = &gate.outcome
        && outcome.approved
        && over
    {
        world.executions[index].people.approved.push(gate.before);
        world.note(Fact::ApprovedByTime);
    }
}

/// Whether another question would have another answer than the latest.
pub fn leads_on(protocol: &Protocol, world: &World, index: usize) -> bool {
    let execution = &world.executions[index];
    let (before, ready) = (protocol.before(execution), is_ready(execution));
    let (next, heed) = protocol
        .decisions()
        .heed(&world.record.0, index, before, ready, world.now);
    let same = |heard: Heard| !heard.goes_on && heard == execution.people.heard;
    next.is_some() || !heard(&heed).is_ok_and(same)
}

/// Notes a step forward that people have not allowed.
pub fn note_forward(
    world: &mut World,
    index: usize,
    before: Option<Before>,
    decisions: &Decisions,
) {
    let record = world.record.clone();
    let release = record.0.release.as_ref();
    if release.is_some_and(|it| it.held_at(at(world.now)).is_some()) {
        world.note(Fact::ForwardWhileHeld);
    }
    let people = &world.executions[index].people;
    let first = release.is_some_and(|it| it.phase == Phase::Deploying);
    let unapproved =
        |it: Before| decisions.policy.wants(it, first) && !people.approved.contains(&it);
    let (unapproved, stopped) = (before.is_some_and(unapproved), people.stopped);
    if unapproved {
        world.note(Fact::ForwardUnapproved);
    }
    if stopped {
        world.note(Fact::ForwardAfterStop);
    }
}
