//! What must happen somewhere: a model in which it cannot happen proves nothing about it.

use crate::fact::Fact;
use crate::invariants::Condition;
use crate::protocol::Protocol;
use crate::quiet::is_quiet;
use crate::world::World;

/// Everything that must be possible in some setting.
pub const POSSIBLE: [(&str, Condition); 59] = [
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
    ("approved", has::<{ Fact::Approved as u32 }>),
    ("approved by time", has::<{ Fact::ApprovedByTime as u32 }>),
    (
        "not approved in time",
        has::<{ Fact::ApprovalTimedOut as u32 }>,
    ),
    ("rejected", has::<{ Fact::Rejected as u32 }>),
    ("replaced at its gate", has::<{ Fact::Replaced as u32 }>),
    (
        "a word that was taken before",
        has::<{ Fact::SaidBefore as u32 }>,
    ),
    ("a word refused", has::<{ Fact::WordRefused as u32 }>),
    ("a flip held", has::<{ Fact::FlipHeld as u32 }>),
    ("resumed, then released", |protocol, world| {
        let resumed = has::<{ Fact::Resumed as u32 }>(protocol, world);
        resumed && has::<{ Fact::Released as u32 }>(protocol, world)
    }),
    ("bad while held", has::<{ Fact::BadWhileHeld as u32 }>),
    ("bad at a gate", has::<{ Fact::BadAtGate as u32 }>),
    (
        "finished by a person",
        has::<{ Fact::FinishedByPerson as u32 }>,
    ),
    (
        "a stop heard by its release",
        has::<{ Fact::HeardOfStop as u32 }>,
    ),
    (
        "a stopped execution aborted",
        has::<{ Fact::Halted as u32 }>,
    ),
    ("held back", has::<{ Fact::HeldBack as u32 }>),
    ("a freeze overridden", has::<{ Fact::Overridden as u32 }>),
    (
        "rolled back while frozen",
        has::<{ Fact::RolledBackFrozen as u32 }>,
    ),
    (
        "waited for a signature",
        has::<{ Fact::WaitedForSignature as u32 }>,
    ),
    ("waited for a scan, then released", |protocol, world| {
        let waited = has::<{ Fact::WaitedForScan as u32 }>(protocol, world);
        waited && has::<{ Fact::Released as u32 }>(protocol, world)
    }),
    ("refused by its scan", has::<{ Fact::RefusedByScan as u32 }>),
    ("gave up on a scan", has::<{ Fact::GaveUpOnScan as u32 }>),
    (
        "refused by the verifier",
        has::<{ Fact::RefusedByVerifier as u32 }>,
    ),
    (
        "no answer of the verifier",
        has::<{ Fact::VerifierSilent as u32 }>,
    ),
    (
        "verified once more for another image",
        has::<{ Fact::VerifiedAnew as u32 }>,
    ),
    (
        "verified after its claim",
        has::<{ Fact::VerifiedAfterClaim as u32 }>,
    ),
    (
        "another image than was claimed refused",
        has::<{ Fact::ClaimedAnother as u32 }>,
    ),
    ("everything ended", is_quiet),
];

fn has<const FACT: u32>(_: &Protocol, world: &World) -> bool {
    world.facts & (1 << FACT) != 0
}
