//! The tests of `freeze.rs`.

use super::*;
use crate::fixtures::people::{frozen, having, refused, taken, taken_before, word};
use crate::fixtures::{
    at, begun, claim, execution, expand, id, owner, proven, release, request, shift, stable,
    watching_at,
};
use crate::{BeginContract, Claim, Claimant, Contract, ContractTerms, FlipBackCause};

fn freeze(record: &Record, by: &str, said_at: i64, until: Option<i64>) -> Decided {
    let word = word(by, said_at);
    record.begin_freeze(&word, until.map(at), at(said_at + 1))
}

fn unfreeze(record: &Record, by: &str, said_at: i64) -> Decided {
    record.unfreeze(&word(by, said_at), at(said_at + 1))
}

fn is_frozen(record: &Record, now: i64) -> bool {
    record.freeze_at(at(now)).is_some()
}

#[test]
fn releases_are_frozen_until_the_end_of_the_freeze() {
    let forever = taken(freeze(&Record::default(), "ann", 20, None));
    assert!(is_frozen(&forever, 900_000));
    let bounded = taken(freeze(&Record::default(), "ann", 20, Some(100)));
    assert!(is_frozen(&bounded, 99));
    assert!(!is_frozen(&bounded, 100));
    let unfrozen = taken(unfreeze(&forever, "bob", 50));
    assert!(!is_frozen(&unfrozen, 51));
    for until in [10, 21] {
        refused(
            &freeze(&Record::default(), "ann", 20, Some(until)),
            "expected an end of the freeze",
        );
    }
}

#[test]
fn the_same_word_again_changes_nothing() {
    let frozen = taken(freeze(&Record::default(), "ann", 20, Some(100)));
    taken_before(&freeze(&frozen, "ann", 20, Some(100)), "ann");
    let unfrozen = taken(unfreeze(&frozen, "bob", 50));
    taken_before(&unfreeze(&unfrozen, "bob", 50), "bob");
    taken_before(&unfreeze(&unfrozen, "cyd", 60), "bob");
    // The first try was taken, and somebody has unfrozen since: the retry does not freeze again.
    taken_before(&freeze(&unfrozen, "ann", 20, Some(100)), "ann");
}

#[test]
fn the_later_word_counts() {
    let frozen = taken(freeze(&Record::default(), "ann", 20, Some(100)));
    let longer = taken(freeze(&frozen, "bob", 30, Some(500)));
    assert!(is_frozen(&longer, 400));
    for said_at in [10, 20] {
        refused(
            &freeze(&frozen, "cyd", said_at, None),
            "releases were frozen at",
        );
        refused(&unfreeze(&frozen, "cyd", said_at), "The later word counts");
    }
    let unfrozen = taken(unfreeze(&frozen, "bob", 50));
    refused(
        &freeze(&unfrozen, "cyd", 40, None),
        "releases were unfrozen at",
    );
    let again = taken(freeze(&unfrozen, "cyd", 60, None));
    refused(&unfreeze(&again, "bob2", 55), "releases were frozen at");
    refused(
        &unfreeze(&Record::default(), "bob", 50),
        "nothing is frozen",
    );
    refused(&unfreeze(&frozen, "bob", 150), "the freeze has ended at");
}

#[test]
fn only_the_freeze_that_was_asked_for_ends_by_its_own_time() {
    let frozen = taken(freeze(&Record::default(), "ann", 20, Some(100)));
    let end = |record: &Record, by: &str, now| record.end_freeze(&execution(by), at(now));
    assert_eq!(
        end(&frozen, "ann", 99),
        EndFreeze::NotYet { until: at(100) }
    );
    assert_eq!(end(&frozen, "ann", 100), EndFreeze::Ended);
    assert_eq!(end(&frozen, "bob", 100), EndFreeze::NotItsOwn);
    let longer = taken(freeze(&frozen, "bob", 30, Some(500)));
    assert_eq!(end(&longer, "ann", 100), EndFreeze::NotItsOwn);
    let unfrozen = taken(unfreeze(&frozen, "bob", 50));
    assert_eq!(end(&unfrozen, "ann", 100), EndFreeze::NotItsOwn);
    let forever = taken(freeze(&Record::default(), "ann", 20, None));
    assert_eq!(end(&forever, "ann", 100), EndFreeze::NotItsOwn);
}

/// The newest request `next`, after a release that has ended.
fn waiting() -> Record {
    Record {
        holder: None,
        newest: Some(request("next", 5)),
        ..stable(1)
    }
}

#[test]
fn no_release_begins_while_frozen_unless_somebody_overrides_it() {
    let frozen = frozen(&waiting());
    let claimed = |next: &Release| claim(&frozen, next, None, 7, 50);
    assert!(matches!(claimed(&release("next")), Claim::Frozen(_)));
    let sync = Release {
        sync: true,
        ..release("sync")
    };
    assert!(matches!(claimed(&sync), Claim::Frozen(_)));
    let claimant = Claimant {
        execution: &execution("next"),
        release: &release("next"),
        dead_holder: None,
        read_version: 7,
        override_freeze: true,
    };
    assert!(matches!(
        frozen.claim(&claimant, at(50)),
        Claim::Claimed { .. }
    ));
    let unfrozen = taken(unfreeze(&frozen, "bob", 50));
    let claim = claim(&unfrozen, &release("next"), None, 7, 52);
    assert!(matches!(claim, Claim::Claimed { .. }));
}

#[test]
fn a_release_that_was_claimed_before_goes_on() {
    let frozen = frozen(&proven());
    assert!(matches!(
        claim(&frozen, &release("me"), None, 7, 50),
        Claim::AlreadyClaimed(_)
    ));
    begun(shift(&frozen, 10, 50));
}

#[test]
fn no_contract_step_begins_while_frozen_unless_somebody_overrides_it() {
    let step = Contract::requested(
        &id("c"),
        &execution("arn:c"),
        at(50),
        expand("expanding", 1),
    );
    let begin = |override_freeze| {
        let terms = ContractTerms {
            read_version: 7,
            override_freeze,
            ..ContractTerms::default()
        };
        frozen(&stable(1)).begin_contract(&step, &terms)
    };
    assert!(matches!(begin(false), BeginContract::Refused(_)));
    assert!(matches!(begin(true), BeginContract::Begun(_)));
}

fn flipped_back(record: &Record) -> Record {
    let cause = FlipBackCause::Release(id("me"));
    begun(record.begin_flip_back(
        &owner("me"),
        &cause,
        &"500 everywhere".into(),
        at(50),
        at(70),
    ))
}

#[test]
fn a_flip_back_freezes_once_and_only_where_the_release_says_so() {
    assert_eq!(flipped_back(&watching_at(10)).freeze, None);
    let watching = having(&watching_at(10), |it| it.freeze_after_rollback = true);
    let back = flipped_back(&watching);
    let freeze = back.freeze_at(at(900_000)).expect("frozen");
    assert_eq!(freeze.decision.by.as_deref(), Some("FreezeAfterRollback"));
    assert!(freeze.decision.reason.contains("500 everywhere"));
    // A second try of the flip back does not freeze again what a person has unfrozen.
    let unfrozen = taken(unfreeze(&back, "bob", 60));
    assert!(!is_frozen(&flipped_back(&unfrozen), 62));
    refused(&unfreeze(&back, "bob", 40), "releases were frozen at");
    let by_person = flipped_back(&frozen(&watching)).freeze.expect("frozen");
    assert_eq!(by_person.decision.by.as_deref(), Some("chief"));
}

/// It would leave nothing of what a person has to end.
#[test]
fn a_flip_back_freezes_until_somebody_unfreezes_although_a_freeze_is_on_that_ends_by_itself() {
    let watching = having(&watching_at(10), |it| it.freeze_after_rollback = true);
    let ends_soon = taken(freeze(&watching, "ann", 20, Some(51)));
    let back = flipped_back(&ends_soon);
    assert!(is_frozen(&back, 900_000));
    assert_eq!(
        back.end_freeze(&execution("ann"), at(51)),
        EndFreeze::NotItsOwn
    );
}
