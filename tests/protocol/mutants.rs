//! Each mutation with the setting that shows it and the invariant that notices it.

use crate::model::Protocol;
use crate::mutation::Mutation;
use crate::scenarios;
use crate::setting::Scenario;
use stateright::{Checker, HasDiscoveries, Model};

/// A broken rule, and what it breaks.
pub struct Mutant {
    mutation: Mutation,
    scenario: fn() -> Scenario,
    violates: &'static str,
}

impl Mutant {
    /// Whether the search comes to a state in which this very invariant does not hold.
    pub fn is_caught(&self) -> bool {
        let model = Protocol {
            mutation: Some(self.mutation),
            ..(self.scenario)().protocol
        };
        let seen = HasDiscoveries::AllOf([self.violates].into());
        let search = model.checker().threads(crate::THREADS).finish_when(seen);
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
            assert!(crate::properties::is_invariant($invariant), "it is an invariant");
            assert!(mutant.is_caught(), "nobody noticed: {}", $invariant);
        })*
    };
}

mutants! {
    claim_despite_writer: ClaimDespiteWriter in lost_answers
        violates "I3 traffic moves back only to what ran there before";
    holder_gone_unasked: HolderGoneUnasked in lost_answers
        violates "I3 traffic moves forward only to what passed its smoke test";
    claim_after_stale_look: ClaimAfterStaleLook in rollback_of_two
        violates "I3 a release deploys to the idle side";
    flip_after_stale_look: FlipAfterStaleLook in two_rules_and_an_alarm
        violates "I1 what was written is read back, unless a hand moved it";
    resend_unanswered: ResendUnanswered in overlapping_tries
        violates "I4 the record tells where traffic is";
    older_push_claims: OlderPushClaims in three_pushes
        violates "I8 an older push never replaces a newer one";
    flip_back_during_flip: FlipBackDuringFlip in overlapping_tries
        violates "I6 traffic moves forward only while its release flips";
    give_up_unanswered: GiveUpUnanswered in turned_away
        violates "I6 traffic moves forward only while its release flips";
    toggle: Toggle in overlapping_tries
        violates "I4 after a failed release traffic is where it was";
    alarm_of_the_past: AlarmOfThePast in any_alarm
        violates "I6 an alarm acts on its own release only";
    alarm_of_idle_side: AlarmOfIdleSide in any_alarm
        violates "I6 an alarm acts on its own release only";
    skip_health: SkipHealth in sick_sides
        violates "I2 traffic moves only to a side with a healthy target";
    skip_smoke: SkipSmoke in three_pushes
        violates "I3 traffic moves forward only to what passed its smoke test";
    move_unknown_rule: MoveUnknownRule in hand
        violates "a rule that forwards elsewhere is left alone";
    finish_without_looking: FinishWithoutLooking in any_alarm
        violates "I4 a release that went back does not go forward again";
    end_flip_blindly: EndFlipBlindly in outliving
        violates "I4 a release that went back does not go forward again";
    retry_drops_lease: RetryDropsLease in overlapping_tries
        violates "I4 after a failed release traffic is where it was";
    lease_without_margin: LeaseWithoutMargin in lost_answers
        violates "I3 a release deploys to the idle side";
    flip_back_after_next_claim: FlipBackAfterNextClaim in rollback_of_two
        violates "I3 traffic moves back only to what ran there before";
    flip_back_after_contract: FlipBackAfterContract in contract
        violates "I3 nothing goes back that a contract step has barred";
    contract_despite_flip_back: ContractDespiteFlipBack in contract
        violates "I3 nothing goes back that a contract step has barred";
    flip_without_holding: FlipWithoutHolding in lost_answers
        violates "I3 traffic moves forward only to what passed its smoke test";
}
