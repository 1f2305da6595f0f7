//! What a state must remember, so that a property can ask for it.

/// What happened on the way to a state and cannot be read from it.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    // Violations.
    SentToSickSide,
    ForwardToUnproven,
    BackToDirty,
    DeployedToActive,
    MovedTwice,
    AlarmOfAnother,
    OlderClaimed,
    OnePushTwice,
    MovedOnAGuess,
    ForwardOutOfTurn,
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
    SecondAlarmFoundItDone,
    WaitedForWriter,
    Repaired,
    GaveUp,
    LeaseGivenBack,
    Contracted,
    RefusedAfterContract,
}
