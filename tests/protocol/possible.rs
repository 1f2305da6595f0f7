//! What must happen somewhere: a model in which it cannot happen proves nothing about it.

use crate::fact::Fact;
use crate::invariants::{Condition, is_quiet};
use crate::protocol::Protocol;
use crate::world::World;

/// Everything that must be possible in some setting.
pub const POSSIBLE: [(&str, Condition); 33] = [
    ("released its lease", has::<{ Fact::LeaseReleased as u32 }>),
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
    (
        "a bad build skipped",
        has::<{ Fact::BadBuildSkipped as u32 }>,
    ),
    ("taken over", has::<{ Fact::TakenOver as u32 }>),
    (
        "refused for health",
        has::<{ Fact::RefusedForHealth as u32 }>,
    ),
    ("waited for targets, then released", |protocol, world| {
        let waited = has::<{ Fact::WaitedForTargets as u32 }>(protocol, world);
        waited && has::<{ Fact::Released as u32 }>(protocol, world)
    }),
    (
        "gave up on targets",
        has::<{ Fact::GaveUpOnTargets as u32 }>,
    ),
    (
        "a late flip refused",
        has::<{ Fact::LateFlipRefused as u32 }>,
    ),
    (
        "an untested flip refused",
        has::<{ Fact::UntestedFlipRefused as u32 }>,
    ),
    (
        "a stray smoke test refused",
        has::<{ Fact::StraySmokeRefused as u32 }>,
    ),
    (
        "a smoke test recorded by two tries",
        has::<{ Fact::RetriedSmoke as u32 }>,
    ),
    (
        "a retry kept its lease",
        has::<{ Fact::RetriedFlip as u32 }>,
    ),
    (
        "a second alarm changed nothing",
        has::<{ Fact::SecondAlarmChangedNothing as u32 }>,
    ),
    ("waited for a lease", has::<{ Fact::WaitedForLease as u32 }>),
    (
        "an overtaken flip repaired",
        has::<{ Fact::Repaired as u32 }>,
    ),
    ("retries ran out", has::<{ Fact::RanOut as u32 }>),
    ("contracted", has::<{ Fact::Contracted as u32 }>),
    (
        "refused after a contract",
        has::<{ Fact::RefusedAfterContract as u32 }>,
    ),
    ("grew after a healthy watch", has::<{ Fact::Grown as u32 }>),
    (
        "a larger share refused",
        has::<{ Fact::LargerShareRefused as u32 }>,
    ),
    (
        "a stray step refused",
        has::<{ Fact::StrayStepRefused as u32 }>,
    ),
    (
        "rolled back from a split",
        has::<{ Fact::RolledBackFromSplit as u32 }>,
    ),
    (
        "rolled back after a stop",
        has::<{ Fact::RolledBackStopped as u32 }>,
    ),
    (
        "a stopped release closed",
        has::<{ Fact::ClosedStopped as u32 }>,
    ),
    (
        "a stopped release not flipped back",
        has::<{ Fact::RefusedStopped as u32 }>,
    ),
    (
        "a stopped release ended by the next request",
        has::<{ Fact::EndedByRequest as u32 }>,
    ),
    ("what a stopped release left arrived", |_, world| {
        world.leftover.is_some_and(|it| !it.flies)
    }),
    ("everything ended", is_quiet),
];

fn has<const FACT: u32>(_: &Protocol, world: &World) -> bool {
    world.facts & (1 << FACT) != 0
}
