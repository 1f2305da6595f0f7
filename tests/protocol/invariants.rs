//! What must hold in every state: the promises of `tests/README.md`, by their numbers.

use crate::execution::Stage;
use crate::fact::Fact;
use crate::names::{index_of, index_of_arn};
use crate::protocol::Protocol;
use crate::quiet::{is_quiet, is_stuck, left_half_way};
use crate::world::World;
use record::{Phase, Release};

/// Whether a state has a property.
pub type Condition = fn(&Protocol, &World) -> bool;

/// Holds as long as no process outlives its function: that is what the lease is for.
const FORWARD_WHILE_FLIPPING: &str = "I6 traffic moves forward only while its release flips";

/// Everything that must hold in every state.
const INVARIANTS: [(&str, Condition); 38] = [
    (
        "I1 in the end every rule forwards to the same known environment",
        |protocol, world| {
            let left = left_half_way(protocol, world);
            !is_quiet(protocol, world) || world.hand || left || world.active().is_some()
        },
    ),
    (
        "I1 while a release is watched every rule has the share that the record names",
        has_its_share,
    ),
    (
        "I1 what the pipeline has split is its own to it",
        |_, world| !world.has(Fact::OwnSplitRefused),
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
    ("I4 the record says where traffic is", record_says_where),
    (
        "I4 after a failed release traffic is where it was",
        traffic_is_where_it_was,
    ),
    (
        "I4 a release that was flipped back does not go forward again",
        |_, world| !world.has(Fact::PhaseWentBackwards),
    ),
    ("I5 the record is released, with a reason", is_released),
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
        "I10 a share grows only after a healthy verdict on the one before, or a person's finish",
        |_, world| !world.has(Fact::GrownUnjudged),
    ),
    (
        "I10 the record says of no share that it passed before it did",
        |_, world| !world.has(Fact::PassedUnjudged),
    ),
    (
        "I12 what a stopped execution has flipped is flipped back",
        is_flipped_back,
    ),
    (
        "I12 nobody ends a release whose execution runs, or begins one before a stopped one has ended",
        |_, world| !world.has(Fact::EndedARunning) && !world.has(Fact::ClaimedUnended),
    ),
    ("I11 no release begins while frozen", |_, world| {
        !world.has(Fact::ClaimedFrozen)
    }),
    (
        "I11 a decision acts once, and a gate is decided once",
        |_, world| !world.has(Fact::DecidedTwice),
    ),
    (
        "I11 a decision acts on the release, the gate and the share that it is about",
        |_, world| !world.has(Fact::ActedOnAnother),
    ),
    (
        "I11 nothing goes forward before its gate is approved",
        |_, world| !world.has(Fact::ForwardUnapproved),
    ),
    ("I11 nothing goes forward while held", |_, world| {
        !world.has(Fact::ForwardWhileHeld)
    }),
    (
        "I11 what is bad is flipped back, held or at a gate too",
        |_, world| !world.has(Fact::BadKept),
    ),
    (
        "I11 what is approved is not replaced, and what is replaced is not approved",
        |_, world| !world.has(Fact::ReplacedApproved) && !world.has(Fact::ApprovedReplaced),
    ),
    (
        "I11 what a person has stopped does not go forward",
        |_, world| !world.has(Fact::ForwardAfterStop),
    ),
    ("I12 what a person has stopped is flipped back", is_stopped),
    (
        "I13 traffic moves forward only to an image that every check lets in",
        |_, world| !world.has(Fact::ForwardUnchecked),
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

fn record_says_where(protocol: &Protocol, world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    // An execution was left half-way: the record says that traffic was moving, and the lease that nobody moves it now.
    let moving = matches!(release.phase, Phase::Flipping | Phase::RollingBack);
    !is_quiet(protocol, world) || world.hand || moving || is_as_expected(release, world)
}

/// A process that outlives its lease may still write.
fn has_its_share(protocol: &Protocol, world: &World) -> bool {
    let release = world.record.0.release.as_ref();
    let watched = release.filter(|it| it.phase == Phase::Watching);
    let bound = !world.hand && protocol.outlives == 0;
    watched.is_none_or(|release| !bound || is_as_expected(release, world))
}

/// Every rule sends traffic where the record expects it.
fn is_as_expected(release: &Release, world: &World) -> bool {
    let expected = Some(release.expected_traffic());
    world.rules.iter().all(|rule| *rule == expected)
}

fn traffic_is_where_it_was(protocol: &Protocol, world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    let execution = &world.executions[index_of(&release.id)];
    let failed = execution.at == Stage::Failed && !execution.needs_a_person;
    !is_quiet(protocol, world) || world.hand || !failed || world.active() == Some(release.from)
}

fn is_released(protocol: &Protocol, world: &World) -> bool {
    if !is_quiet(protocol, world) {
        return true;
    }
    let record = &world.record.0;
    match &record.holder {
        Some(holder) => world.executions[index_of_arn(holder)].left_half_way(protocol.notified),
        None => record.release.as_ref().is_none_or(|it| it.reason.is_some()),
    }
}

/// Unless it was refused: the release has ended, and traffic is where its end says (I4).
fn is_flipped_back(protocol: &Protocol, world: &World) -> bool {
    let in_the_end = protocol.flips_back_stopped() && is_quiet(protocol, world);
    let Some(release) = world.record.0.release.as_ref().filter(|_| in_the_end) else {
        return true;
    };
    let left = world.hand || left_half_way(protocol, world);
    left || release.phase.is_terminal()
}

/// Unless that was refused.
fn is_stopped(protocol: &Protocol, world: &World) -> bool {
    let Some(release) = world.record.0.release.as_ref() else {
        return true;
    };
    let execution = &world.executions[index_of(&release.id)];
    let stopped = execution.people.stopped && is_quiet(protocol, world);
    let left = world.hand || world.has(Fact::RefusedStopped) || execution.needs_a_person;
    let ends = [Phase::Failed, Phase::RolledBack];
    !stopped || left || ends.contains(&release.phase)
}
