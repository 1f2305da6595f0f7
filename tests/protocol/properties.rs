//! The invariants of the architecture, by their numbers, and what must be possible.

use crate::clock::at;
use crate::execution::{Execution, Stage, index_of};
use crate::fact::Fact;
use crate::model::{Action, Protocol};
use crate::world::World;
use shared::record::Phase;
use stateright::Property;

type Condition = fn(&Protocol, &World) -> bool;

/// Holds as long as no process outlives its function: that is what the lease is for.
const IN_TURN: &str = "I6 traffic moves forward only while its release flips";

/// Everything that must hold in every state.
pub const INVARIANTS: [(&str, Condition); 18] = [
    (
        "I1 every rule forwards to the same known side",
        |_, world| {
            !is_quiet(world) || world.hand || somebody_left(world) || world.active().is_some()
        },
    ),
    (
        "I1 what was written is read back, unless a hand moved it",
        |protocol, world| protocol.outlives > 0 || world.hand || !world.has(Fact::ReadOtherwise),
    ),
    (
        "I2 traffic moves only to a side with a healthy target",
        |_, world| !world.has(Fact::SentToSickSide),
    ),
    (
        "I3 traffic moves forward only to what passed its smoke test",
        |_, world| !world.has(Fact::ForwardToUnproven),
    ),
    (
        "I3 traffic moves back only to what ran there before",
        |_, world| !world.has(Fact::BackToDirty),
    ),
    ("I3 a release deploys to the idle side", |_, world| {
        !world.has(Fact::DeployedToActive)
    }),
    ("I4 the record tells where traffic is", |_, world| {
        record_tells(world)
    }),
    (
        "I4 after a failed release traffic is where it was",
        |_, world| went_back(world),
    ),
    (
        "I4 a release that went back does not go forward again",
        |_, world| !world.has(Fact::PhaseWentBackwards),
    ),
    ("I5 the record is released, with a reason", |_, world| {
        is_released(world)
    }),
    ("I5 every execution ends", |model, world| {
        !is_stuck(model, world)
    }),
    (
        "I6 a release moves each rule once in each direction",
        |_, world| !world.has(Fact::MovedTwice),
    ),
    (IN_TURN, |_, world| !world.has(Fact::ForwardOutOfTurn)),
    ("I6 an alarm acts on its own release only", |_, world| {
        !world.has(Fact::AlarmOfAnother)
    }),
    ("I6 one push is released once", |_, world| {
        !world.has(Fact::OnePushTwice)
    }),
    ("I8 an older push never replaces a newer one", |_, world| {
        !world.has(Fact::OlderClaimed)
    }),
    (
        "I3 nothing goes back that a contract step has barred",
        |_, world| !world.has(Fact::BackAfterContract),
    ),
    (
        "a rule that forwards elsewhere is left alone",
        |_, world| !world.has(Fact::MovedOnAGuess),
    ),
];

/// Everything that must happen somewhere: a model in which it cannot happen proves nothing about it.
pub const POSSIBLE: [(&str, Condition); 17] = [
    (
        "gave its lease back",
        has::<{ Fact::LeaseGivenBack as u32 }>,
    ),
    ("released", has::<{ Fact::Released as u32 }>),
    (
        "rolled back by an alarm",
        has::<{ Fact::RolledBackByAlarm as u32 }>,
    ),
    (
        "rolled back by the verdict",
        has::<{ Fact::RolledBackByVerdict as u32 }>,
    ),
    (
        "rolled back by an operator",
        has::<{ Fact::RolledBackByOperator as u32 }>,
    ),
    ("superseded", has::<{ Fact::Superseded as u32 }>),
    (
        "a second delivery skipped",
        has::<{ Fact::Duplicate as u32 }>,
    ),
    ("taken over", has::<{ Fact::TakenOver as u32 }>),
    (
        "refused for health",
        has::<{ Fact::RefusedForHealth as u32 }>,
    ),
    (
        "a retry kept its lease",
        has::<{ Fact::RetriedFlip as u32 }>,
    ),
    (
        "a second alarm found it done",
        has::<{ Fact::SecondAlarmFoundItDone as u32 }>,
    ),
    (
        "waited for a writer",
        has::<{ Fact::WaitedForWriter as u32 }>,
    ),
    (
        "an overtaken flip repaired",
        has::<{ Fact::Repaired as u32 }>,
    ),
    ("retries ran out", has::<{ Fact::GaveUp as u32 }>),
    ("contracted", has::<{ Fact::Contracted as u32 }>),
    (
        "refused after a contract",
        has::<{ Fact::RefusedAfterContract as u32 }>,
    ),
    ("everything ended", |_, world| is_quiet(world)),
];

fn has<const FACT: u32>(_: &Protocol, world: &World) -> bool {
    world.facts & (1 << FACT) != 0
}

pub fn is_invariant(name: &str) -> bool {
    INVARIANTS.iter().any(|(invariant, _)| *invariant == name)
}

/// All of them, as the model checker asks for them.
pub fn properties(model: &Protocol) -> Vec<Property<Protocol>> {
    let binding = |(name, _): &(&str, Condition)| model.outlives == 0 || *name != IN_TURN;
    let invariants = INVARIANTS.into_iter().filter(binding);
    let always = invariants.map(|(name, holds)| Property::always(name, holds));
    let sometimes = POSSIBLE.map(|(name, holds)| Property::sometimes(name, holds));
    always.chain(sometimes).collect()
}

/// Nobody does anything any more, and nothing is on its way or will be tried again. An alarm may still come.
fn is_quiet(world: &World) -> bool {
    let rests = |it: &Execution| it.at == Stage::Unborn || it.at.has_ended();
    let done = world.executions.iter().all(rests) && world.tries.is_empty();
    done && world.writes.is_empty() && !world.deliveries.iter().any(|it| it.lost)
}

/// Somebody aborted an execution half-way, or all retries of a task ran out.
fn somebody_left(world: &World) -> bool {
    let left = |it: &Execution| it.at == Stage::Aborted || it.let_down;
    world.executions.iter().any(left)
}

fn record_tells(world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    // Somebody left half-way: the record says that traffic was moving, and the lease that nobody moves it now.
    let moving = matches!(release.phase, Phase::Flipping | Phase::RollingBack);
    !is_quiet(world) || world.hand || moving || world.active() == Some(release.rightful())
}

fn went_back(world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    let execution = &world.executions[index_of(&release.id)];
    let failed = execution.at == Stage::Failed && !execution.let_down;
    !is_quiet(world) || world.hand || !failed || world.active() == Some(release.from)
}

fn is_released(world: &World) -> bool {
    if !is_quiet(world) {
        return true;
    }
    let record = &world.record.0;
    let left = |it: &Execution| it.at == Stage::Aborted || it.let_down;
    match &record.holder {
        Some(holder) => left(&world.executions[index_of(holder)]),
        None => record.release.as_ref().is_none_or(|it| it.reason.is_some()),
    }
}

/// Nobody can do a step, and yet somebody has not ended, or a lease has not either.
fn is_stuck(model: &Protocol, world: &World) -> bool {
    let mut actions: Vec<Action> = Vec::new();
    model.progress(world, &mut actions);
    let ended = |it: &Execution| it.at.has_ended();
    let leased = world.record.0.live_writer(at(world.now)).is_some();
    actions.is_empty() && (leased || !world.executions.iter().all(ended))
}
