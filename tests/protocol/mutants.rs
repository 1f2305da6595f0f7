//! Each mutation with the setting that shows it and the invariant that catches it.

use crate::invariants::is_invariant;
use crate::mutation::Mutation;
use crate::protocol::Protocol;
use crate::scenarios::{self, Scenario};
use crate::search::search;
use stateright::{Checker, HasDiscoveries};

/// A broken rule, and what it breaks.
pub struct Mutant {
    mutation: Mutation,
    scenario: fn() -> Scenario,
    violates: &'static str,
}

impl Mutant {
    /// Whether the search comes to a state in which this very invariant does not hold.
    pub fn is_caught(&self) -> bool {
        let broken = Protocol {
            mutation: Some(self.mutation),
            ..(self.scenario)().protocol
        };
        let violated = HasDiscoveries::AllOf([self.violates].into());
        let search = search(broken).finish_when(violated);
        search.spawn_bfs().join().discovery(self.violates).is_some()
    }
}

/// Every mutation, and a test for each.
macro_rules! mutants {
    ($($test:ident: $mutation:ident in $scenario:ident violates $invariant:literal;)*) => {
        pub const MUTANTS: &[Mutant] = &[$(Mutant {
            mutation: Mutation::$mutation,
            scenario: scenarios::$scenario,
            violates: $invariant,
        }),*];

        $(#[test]
        fn $test() {
            let same = |mutant: &&Mutant| mutant.mutation == Mutation::$mutation;
            let mutant = MUTANTS.iter().find(same).expect("a mutant");
            assert!(is_invariant($invariant), "it is an invariant");
            assert!(mutant.is_caught(), "not caught: {}", $invariant);
        })*
    };
}

mutants! {
    claim_despite_lease: ClaimDespiteLease in lost_answers
        violates "I3 traffic is flipped back only to what ran there before";
    holder_taken_for_dead: HolderTakenForDead in lost_answers
        violates "I3 traffic moves forward only to what passed its smoke test";
    claim_after_stale_read: ClaimAfterStaleRead in rollback_of_two
        violates "I3 a release deploys to the idle environment";
    flip_after_stale_read: FlipAfterStaleRead in two_rules_and_an_alarm
        violates "I1 what was written is read back, unless a hand wrote it";
    resend_unanswered: ResendUnanswered in overlapping_tries
        violates "I4 the record says where traffic is";
    older_push_claims: OlderPushClaims in three_pushes
        violates "I8 an older push never replaces a newer one";
    forget_bad_ends: ForgetBadEnds in one_build_by_two_tags
        violates "I6 a push does not release a build that ended badly";
    flip_back_during_flip: FlipBackDuringFlip in overlapping_tries
        violates "I6 traffic moves forward only while its release flips";
    leave_unflipped_open: LeaveUnflippedOpen in late_try
        violates "I4 after a failed release traffic is where it was";
    release_lease_unanswered: ReleaseLeaseUnanswered in rejected_write
        violates "I6 traffic moves forward only while its release flips";
    release_lease_at_first_answer: ReleaseLeaseAtFirstAnswer in rejected_write
        violates "I6 traffic moves forward only while its release flips";
    refuse_ahead: RefuseAhead in stray_shares
        violates "I1 what the pipeline has split is its own to it";
    forwards_of_each_try: ForwardsOfEachTry in shares_of_two_rules
        violates "I1 what the pipeline has split is its own to it";
    toggle: Toggle in overlapping_tries
        violates "I4 after a failed release traffic is where it was";
    alarm_of_the_past: AlarmOfThePast in any_alarm
        violates "I6 an alarm acts on its own release only";
    alarm_of_idle: AlarmOfIdle in any_alarm
        violates "I6 an alarm acts on its own release only";
    skip_health: SkipHealth in sick_environments
        violates "I2 traffic moves only to an environment with a healthy target";
    begin_with_one: BeginWithOne in few_targets
        violates "I2 a flip begins only with all healthy targets that are wanted";
    skip_smoke: SkipSmoke in three_pushes
        violates "I3 traffic moves forward only to what passed its smoke test";
    flip_untested: FlipUntested in strays
        violates "I3 traffic moves forward only to what passed its smoke test";
    flip_any_revision: FlipAnyRevision in strays
        violates "I3 a flip begins only with the revision that passed";
    smoke_of_another: SmokeOfAnother in strays
        violates "I3 the record says of no release that it passed before it did";
    smoke_without_holding: SmokeWithoutHolding in strays
        violates "I3 the record says of no release that it passed before it did";
    move_unknown_rule: MoveUnknownRule in hand
        violates "a rule that forwards elsewhere is left alone";
    finish_blindly: FinishBlindly in any_alarm
        violates "I4 a release that was flipped back does not go forward again";
    end_flip_blindly: EndFlipBlindly in outliving
        violates "I4 a release that was flipped back does not go forward again";
    retry_drops_lease: RetryDropsLease in overlapping_tries
        violates "I4 after a failed release traffic is where it was";
    lease_without_margin: LeaseWithoutMargin in lost_answers
        violates "I3 a release deploys to the idle environment";
    flip_back_after_next_claim: FlipBackAfterNextClaim in rollback_of_two
        violates "I3 traffic is flipped back only to what ran there before";
    flip_back_after_contract: FlipBackAfterContract in contract
        violates "I3 nothing is flipped back that a contract step has barred";
    contract_despite_flip_back: ContractDespiteFlipBack in contract
        violates "I3 nothing is flipped back that a contract step has barred";
    grow_without_pass: GrowWithoutPass in stray_shares
        violates "I10 a share grows only after a healthy verdict on the one before, or a person's finish";
    grow_despite_lease: GrowDespiteLease in overlapping_shares
        violates "I4 the record says where traffic is";
    flip_to_any_share: FlipToAnyShare in stray_shares
        violates "I4 a release that was flipped back does not go forward again";
    pass_of_another_share: PassOfAnotherShare in stray_shares
        violates "I10 the record says of no share that it passed before it did";
    pass_of_another_release: PassOfAnotherRelease in shares_of_two
        violates "I10 the record says of no share that it passed before it did";
    overlook_split: OverlookSplit in shares
        violates "I1 what was written is read back, unless a hand wrote it";
    forget_forwards: ForgetForwards in shares
        violates "I1 what the pipeline has split is its own to it";
    refuse_after_stale_read: RefuseAfterStaleRead in late_share
        violates "I1 what the pipeline has split is its own to it";
    forget_passed_share: ForgetPassedShare in shares_of_two_rules
        violates "I1 what the pipeline has split is its own to it";
    take_foreign_split: TakeForeignSplit in hand_on_shares
        violates "a rule that forwards elsewhere is left alone";
    forget_previous: ForgetPrevious in shares_and_few_targets
        violates "I2 a flip begins only with all healthy targets that are wanted";
    take_running_for_stopped: TakeRunningForStopped in stopped
        violates "I12 nobody ends a release whose execution runs, or begins one before a stopped one has ended";
    leave_stopped: LeaveStopped in stopped
        violates "I12 what a stopped execution has flipped is flipped back";
    leave_record_held: LeaveRecordHeld in stopped
        violates "I5 the record is released, with a reason";
    end_any_holder: EndAnyHolder in stopped
        violates "I12 nobody ends a release whose execution runs, or begins one before a stopped one has ended";
    close_any_holder: CloseAnyHolder in stopped
        violates "I12 nobody ends a release whose execution runs, or begins one before a stopped one has ended";
    close_after_stale_read: CloseAfterStaleRead in stopped
        violates "I12 what a stopped execution has flipped is flipped back";
    close_too_early: CloseTooEarly in stopped_while_deploying
        violates "I3 traffic moves forward only to what passed its smoke test";
    take_over_too_early: TakeOverTooEarly in stopped_while_deploying
        violates "I3 traffic moves forward only to what passed its smoke test";
    take_over_flipped: TakeOverFlipped in stopped
        violates "I12 nobody ends a release whose execution runs, or begins one before a stopped one has ended";
    claim_despite_freeze: ClaimDespiteFreeze in freeze
        violates "I11 no release begins while frozen";
    contract_despite_freeze: ContractDespiteFreeze in freeze_and_others
        violates "I11 no release begins while frozen";
    forget_freeze_after_rollback: ForgetFreezeAfterRollback in freeze_after_rollback
        violates "I11 no release begins while frozen";
    freeze_with_every_try: FreezeWithEveryTry in freeze_after_rollback
        violates "I11 a decision acts once, and a gate is decided once";
    freeze_again: FreezeAgain in freezes
        violates "I11 a decision acts once, and a gate is decided once";
    unfreeze_later_freeze: UnfreezeLaterFreeze in freezes
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    decide_later_gate: DecideLaterGate in gates
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    decide_any_gate: DecideAnyGate in gates
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    decide_again: DecideAgain in gates
        violates "I11 a decision acts once, and a gate is decided once";
    decide_too_late: DecideTooLate in gates
        violates "I11 a decision acts once, and a gate is decided once";
    word_of_another: WordOfAnother in replace
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    replace_approved: ReplaceApproved in replace
        violates "I11 what is approved is not replaced, and what is replaced is not approved";
    approve_replaced: ApproveReplaced in replace
        violates "I11 what is approved is not replaced, and what is replaced is not approved";
    gate_without_end: GateWithoutEnd in gates
        violates "I5 every execution ends";
    flip_unapproved: FlipUnapproved in deaf_at_gates
        violates "I11 nothing goes forward before its gate is approved";
    end_unapproved: EndUnapproved in deaf_at_end
        violates "I11 nothing goes forward before its gate is approved";
    hold_again: HoldAgain in holds_again
        violates "I11 a decision acts once, and a gate is decided once";
    resume_later_hold: ResumeLaterHold in holds
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    hold_without_end: HoldWithoutEnd in holds
        violates "I5 every execution ends";
    hold_before_verdict: HoldBeforeVerdict in holds
        violates "I11 what is bad is flipped back, held or at a gate too";
    flip_while_held: FlipWhileHeld in holds
        violates "I11 nothing goes forward while held";
    pass_while_held: PassWhileHeld in holds
        violates "I11 nothing goes forward while held";
    end_while_held: EndWhileHeld in holds
        violates "I11 nothing goes forward while held";
    deploy_after_flip: DeployAfterFlip in overlapping_holds
        violates "I4 after a failed release traffic is where it was";
    finish_later_share: FinishLaterShare in finish
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    flip_after_stop: FlipAfterStop in stop
        violates "I11 what a person has stopped does not go forward";
    pass_after_stop: PassAfterStop in stop
        violates "I11 what a person has stopped does not go forward";
    end_after_stop: EndAfterStop in stop
        violates "I11 what a person has stopped does not go forward";
    leave_requested_stop: LeaveRequestedStop in stop
        violates "I12 what a person has stopped is flipped back";
    halt_holder: HaltHolder in stop_and_next
        violates "I11 a decision acts on the release, the gate and the share that it is about";
    carry_verification: CarryVerification in images
        violates "I13 traffic moves forward only to an image that every check lets in";
    silence_is_yes: SilenceIsYes in images
        violates "I13 traffic moves forward only to an image that every check lets in";
    pass_pending_scan: PassPendingScan in images
        violates "I13 traffic moves forward only to an image that every check lets in";
    flip_without_holding: FlipWithoutHolding in lost_answers
        violates "I3 traffic moves forward only to what passed its smoke test";
}
