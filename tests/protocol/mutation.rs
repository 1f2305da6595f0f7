//! Ways to break the project's decisions: each mutation bends one of them around the real code, never in it.

/// One decision broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutation {
    /// Admission and claim do not ask whether a lease is live.
    ClaimDespiteLease,
    /// Detect takes over without asking whether the holder still runs.
    HolderTakenForDead,
    /// The claim does not ask whether the record changed since the rules were read.
    ClaimAfterStaleRead,
    /// Flip does not ask whether the record changed since it read the rules.
    FlipAfterStaleRead,
    /// The SDK sends a ModifyRule again whose answer was lost, and the process goes on with the second answer.
    ResendUnanswered,
    /// An older push is treated as the newest.
    OlderPushClaims,
    /// A push is placed without asking how its build ended before.
    ForgetBadEnds,
    /// A flip back does not wait for the flip's lease.
    FlipBackDuringFlip,
    /// A flip back leaves a release open that has not flipped.
    LeaveUnflippedOpen,
    /// A write without an answer is taken for one that AWS rejected.
    ReleaseLeaseUnanswered,
    /// Traffic moves to the other environment, whichever that is now.
    Toggle,
    /// An alarm counts however old it is.
    AlarmOfThePast,
    /// An alarm counts whichever environment it watches.
    AlarmOfIdle,
    SkipHealth,
    /// A flip begins as soon as one target is healthy.
    BeginWithOne,
    /// smoke says of what failed that it passed.
    SkipSmoke,
    /// A flip begins without the word of the record that the release passed its smoke test.
    FlipUntested,
    /// A flip begins with whatever revision its task names.
    FlipAnyRevision,
    /// What smoke answered is recorded without asking which release it tested.
    SmokeOfAnother,
    /// What smoke answered is recorded whoever holds the record.
    SmokeWithoutHolding,
    /// A rule that forwards elsewhere is taken for one of the previous environment.
    MoveUnknownRule,
    /// The end of a release is written without asking whether the record changed.
    FinishBlindly,
    /// The end of a flip is written whatever the record says by now.
    EndFlipBlindly,
    /// A retry releases the lease that covers the first try's write as well.
    RetryDropsLease,
    /// The lease ends with the function, while its last write may be on its way.
    LeaseWithoutMargin,
    /// A flip back goes on although the next release has claimed.
    FlipBackAfterNextClaim,
    /// Whoever knows the release may flip it, by the smoke test of its holder.
    FlipWithoutHolding,
    /// A flip back does not ask whether a contract step has begun.
    FlipBackAfterContract,
    /// A contract step begins although a flip back may be under way.
    ContractDespiteFlipBack,
}
