//! What a state must remember, so that a property can ask for it.

/// What happened on the way to a state and cannot be read from it.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    // Violations.
    SentToUnhealthy,
    ForwardToUnproven,
    BackToDirty,
    DeployedToActive,
    MovedTwice,
    AlarmOfAnother,
    OlderClaimed,
    OnePushTwice,
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
    TakenOver,
    RefusedForHealth,
    RetriedFlip,
    SecondAlarmChangedNothing,
    WaitedForLease,
    Repaired,
    RanOut,
    LeaseReleased,
    Contracted,
    RefusedAfterContract,
}
