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
    /// The first write that AWS turns away releases the lease, while another may be on its way.
    ReleaseLeaseAtFirstAnswer,
    /// Flip refuses what it has read side by side with the record.
    RefuseAhead,
    /// Each try of a flip leaves the forwards in the record that it has found, whatever is there already.
    ForwardsOfEachTry,
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
    /// A larger share begins without the word of the record that the one before has passed its watch.
    GrowWithoutPass,
    /// A larger share does not wait until the earlier one's tries are over.
    GrowDespiteLease,
    /// A flip that has begun goes on with another share.
    FlipToAnyShare,
    /// A verdict is recorded for the share that the release has by now.
    PassOfAnotherShare,
    /// A verdict is recorded for the release that holds the record by now.
    PassOfAnotherRelease,
    /// A split counts as all of the traffic to the environment that had it.
    OverlookSplit,
    /// The record does not keep the forwards that were found: a split of ours is foreign.
    ForgetForwards,
    /// Flip refuses what it has read although the record has changed since it was asked.
    RefuseAfterStaleRead,
    /// The share before the latest one is foreign, where a flip died between two rules.
    ForgetPassedShare,
    /// A split that somebody made by hand is taken for ours.
    TakeForeignSplit,
    /// A share begins without asking for the targets that the rest of the traffic needs.
    ForgetPrevious,
    /// An execution that runs is taken for one that was stopped.
    TakeRunningForStopped,
    /// What a stopped execution has flipped stays.
    LeaveStopped,
    /// A stopped execution holds the record for ever.
    LeaveRecordHeld,
    /// A stopped execution's flip back does not ask whether that one still holds the record.
    EndAnyHolder,
    /// The end of a stopped execution's release does not ask whether that one still holds the record.
    CloseAnyHolder,
    /// The end of a stopped execution's release does not ask whether that has flipped since the record was read.
    CloseAfterStaleRead,
    /// The record is taken from a stopped execution while its last task may be at work.
    CloseTooEarly,
    /// The next request takes over while the dead holder's last task may be at work.
    TakeOverTooEarly,
    /// The next request takes over from a dead holder that has moved traffic, and nobody flips back.
    TakeOverFlipped,
    /// Admission and claim do not ask whether releases are frozen.
    ClaimDespiteFreeze,
    /// A contract step does not ask whether releases are frozen.
    ContractDespiteFreeze,
    /// A flip back freezes nothing.
    ForgetFreezeAfterRollback,
    /// Each try of a flip back freezes, though somebody has unfrozen since the first.
    FreezeWithEveryTry,
    /// A freeze that comes again after an unfreeze freezes again.
    FreezeAgain,
    /// An unfreeze ends a freeze that began after it was said.
    UnfreezeLaterFreeze,
    /// A decision acts on a gate that opened after it was said.
    DecideLaterGate,
    /// A decision acts whichever gate it names.
    DecideAnyGate,
    /// A gate that was decided is decided again.
    DecideAgain,
    /// A gate whose time is over is decided by a person.
    DecideTooLate,
    /// A person's word acts on the release that the record has by now.
    WordOfAnother,
    /// A newer push replaces a release that was approved.
    ReplaceApproved,
    /// A release is approved that a newer push replaces.
    ApproveReplaced,
    /// A gate stays open for ever.
    GateWithoutEnd,
    /// A flip begins without its gate's approval.
    FlipUnapproved,
    /// A release ends stable without its gate's approval.
    EndUnapproved,
    /// A hold that comes again after it was resumed holds again.
    HoldAgain,
    /// A resume ends a hold that began after it was said.
    ResumeLaterHold,
    /// A hold lasts for ever.
    HoldWithoutEnd,
    /// The state machine asks whether a release is held before it asks whether it is bad.
    HoldBeforeVerdict,
    /// A flip begins while its release is held.
    FlipWhileHeld,
    /// A verdict is recorded while its release is held.
    PassWhileHeld,
    /// A release ends stable while it is held.
    EndWhileHeld,
    /// A release that has waited is deployed again although its flip was tried before: an earlier try may live.
    DeployAfterFlip,
    /// The early end of a watch counts for a share that began after it was said.
    FinishLaterShare,
    /// A flip begins although a person has stopped its release.
    FlipAfterStop,
    /// A verdict is recorded although a person has stopped the release.
    PassAfterStop,
    /// A release ends stable although a person has stopped it.
    EndAfterStop,
    /// What a person has stopped stays where it is, as if its execution had been stopped by accident.
    LeaveRequestedStop,
    /// A stop aborts the execution that holds the record by now.
    HaltHolder,
    /// What the verifier has said of one image counts for another.
    CarryVerification,
    /// A verifier that does not answer has said yes.
    SilenceIsYes,
    /// A scan that is still going lets the smoke test begin.
    PassPendingScan,
}
