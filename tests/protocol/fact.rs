//! What a state must remember, so that a property can ask for it.

/// What happened on the way to a state and cannot be read from it.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    // Violations.
    SentToUnhealthy,
    BegunWithTooFew,
    ForwardToUnproven,
    BackToDirty,
    DeployedToActive,
    MovedTwice,
    AlarmOfAnother,
    OlderClaimed,
    OnePushTwice,
    BadBuildClaimed,
    MovedUnknownRule,
    ForwardWithoutFlipping,
    PhaseWentBackwards,
    ReadOtherwise,
    BackAfterContract,
    // What must be possible.
    Released,
    RolledBackByAlarm,
    RolledBackByVerdict,
    RolledBackByOperator,
    Superseded,
    Duplicate,
    BadBuildSkipped,
    TakenOver,
    RefusedForHealth,
    WaitedForTargets,
    GaveUpOnTargets,
    LateFlipRefused,
    RetriedFlip,
    SecondAlarmChangedNothing,
    WaitedForLease,
    Repaired,
    RanOut,
    LeaseReleased,
    Contracted,
    RefusedAfterContract,
}
