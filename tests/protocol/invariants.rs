//! What must hold in every state: the promises of `tests/README.md`, by their numbers.

use crate::execution::{Execution, Stage};
use crate::fact::Fact;
use crate::names::{index_of, index_of_arn};
use crate::progress::{is_leased, progress};
use crate::protocol::Protocol;
use crate::world::World;
use record::Phase;

/// Whether a state has a property.
pub type Condition = fn(&Protocol, &World) -> bool;

/// Holds as long as no process outlives its function: that is what the lease is for.
const FORWARD_WHILE_FLIPPING: &str = "I6 traffic moves forward only while its release flips";

/// Everything that must hold in every state.
const INVARIANTS: [(&str, Condition); 22] = [
    (
        "I1 every rule forwards to the same known environment",
        |_, world| {
            !is_quiet(world) || world.hand || left_half_way(world) || world.active().is_some()
        },
    ),
    (
        "I1 what was written is read back, unless a hand wrote it",
        |protocol, world| protocol.outlives > 0 || world.hand || !world.has(Fact::ReadOtherwise),
    ),
    (
        "I2 traffic moves only to an environment with a healthy target",
        |_, world| !world.has(Fact::SentToUnhealthy),
    ),
    (
        "I2 a flip begins only with all healthy targets that are wanted",
        |_, world| !world.has(Fact::BegunWithTooFew),
    ),
    (
        "I3 traffic moves forward only to what passed its smoke test",
        |_, world| !world.has(Fact::ForwardToUnproven),
    ),
    (
        "I3 the record says of no release that it passed before it did",
        |_, world| !world.has(Fact::RecordedUnproven),
    ),
    (
        "I3 a flip begins only with the revision that passed",
        |_, world| !world.has(Fact::BegunWithAnotherRevision),
    ),
    (
        "I3 traffic is flipped back only to what ran there before",
        |_, world| !world.has(Fact::BackToDirty),
    ),
    (
        "I3 a release deploys to the idle environment",
        |_, world| !world.has(Fact::DeployedToActive),
    ),
    ("I4 the record says where traffic is", |_, world| {
        record_says_where(world)
    }),
    (
        "I4 after a failed release traffic is where it was",
        |_, world| traffic_is_where_it_was(world),
    ),
    (
        "I4 a release that was flipped back does not go forward again",
        |_, world| !world.has(Fact::PhaseWentBackwards),
    ),
    ("I5 the record is released, with a reason", |_, world| {
        is_released(world)
    }),
    ("I5 every execution ends", |protocol, world| {
        !is_stuck(protocol, world)
    }),
    (
        "I6 a release moves each rule once in each direction",
        |_, world| !world.has(Fact::MovedTwice),
    ),
    (FORWARD_WHILE_FLIPPING, |_, world| {
        !world.has(Fact::ForwardWithoutFlipping)
    }),
    ("I6 an alarm acts on its own release only", |_, world| {
        !world.has(Fact::AlarmOfAnother)
    }),
    ("I6 one push is released once", |_, world| {
        !world.has(Fact::OnePushTwice)
    }),
    (
        "I6 a push does not release a build that ended badly",
        |_, world| !world.has(Fact::BadBuildClaimed),
    ),
    ("I8 an older push never replaces a newer one", |_, world| {
        !world.has(Fact::OlderClaimed)
    }),
    (
        "I3 nothing is flipped back that a contract step has barred",
        |_, world| !world.has(Fact::BackAfterContract),
    ),
    (
        "a rule that forwards elsewhere is left alone",
        |_, world| !world.has(Fact::MovedUnknownRule),
    ),
];

pub fn is_invariant(name: &str) -> bool {
    INVARIANTS.iter().any(|(invariant, _)| *invariant == name)
}

/// The invariants that hold in a setting.
pub fn invariants(protocol: &Protocol) -> impl Iterator<Item = (&'static str, Condition)> {
    let in_time = protocol.outlives == 0;
    let binding = move |(name, _): &(&str, Condition)| in_time || *name != FORWARD_WHILE_FLIPPING;
    INVARIANTS.into_iter().filter(binding)
}

/// Nobody does anything any more, and nothing is on its way or will be tried again. An alarm may still come.
pub fn is_quiet(world: &World) -> bool {
    let rests = |it: &Execution| !it.at.is_running();
    let done = world.executions.iter().all(rests) && world.tries.is_empty();
    done && world.writes.is_empty() && !world.deliveries.iter().any(|it| it.lost)
}

fn left_half_way(world: &World) -> bool {
    world.executions.iter().any(Execution::left_half_way)
}

fn record_says_where(world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    // An execution was left half-way: the record says that traffic was moving, and the lease that nobody moves it now.
    let moving = matches!(release.phase, Phase::Flipping | Phase::RollingBack);
    let as_expected = world.active() == Some(release.expected_active());
    !is_quiet(world) || world.hand || moving || as_expected
}

fn traffic_is_where_it_was(world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    let execution = &world.executions[index_of(&release.id)];
    let failed = execution.at == Stage::Failed && !execution.needs_a_person;
    !is_quiet(world) || world.hand || !failed || world.active() == Some(release.from)
}

fn is_released(world: &World) -> bool {
    if !is_quiet(world) {
        return true;
    }
    let record = &world.record.0;
    match &record.holder {
        Some(holder) => world.executions[index_of_arn(holder)].left_half_way(),
        None => record.release.as_ref().is_none_or(|it| it.reason.is_some()),
    }
}

/// Nobody can do a step, and yet somebody has not ended, or a lease has not either.
fn is_stuck(protocol: &Protocol, world: &World) -> bool {
    let mut actions = Vec::new();
    progress(protocol, world, &mut actions);
    let ended = |it: &Execution| it.at.has_ended();
    actions.is_empty() && (is_leased(world) || !world.executions.iter().all(ended))
}
