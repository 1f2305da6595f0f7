//! The tests of `heed.rs`.

use super::*;
use crate::approval::ApprovalBefore;
use crate::fixtures::people::{
    approval, before_first_flip, ends, frozen, gated, goes_on, having, heed, held, opened, taken,
    waits, word,
};
use crate::fixtures::{at, execution, expand, id, proven, share, stable, watching_at};
use crate::record::Record;

fn to_10() -> Before {
    Before::Flip(share(10))
}

#[test]
fn a_release_without_a_policy_goes_on() {
    for before in [
        None,
        Some(Before::Commands),
        Some(to_10()),
        Some(Before::Finish),
    ] {
        goes_on(heed(&proven(), before, true, 100));
        goes_on(heed(&watching_at(100), before, true, 100));
    }
}

#[test]
fn a_decision_lets_the_release_go_on_or_ends_it() {
    let open = opened(&before_first_flip(), to_10());
    let approved = taken(open.approve(&id("me"), None, &word("ann", 110), at(111)));
    goes_on(heed(&approved, Some(to_10()), true, 120));
    goes_on(heed(&approved, Some(to_10()), true, 9_000));
    let rejected = taken(open.reject(&id("me"), None, &word("bob", 110), at(111)));
    for now in [120, 9_000] {
        let asked = heed(&rejected, Some(to_10()), true, now);
        assert_eq!(asked.0, None);
        ends(&asked, "ApprovalRejected", "was rejected by bob: because");
    }
}

#[test]
fn a_held_release_waits_also_when_it_is_approved() {
    waits(
        &heed(&held(&proven()), Some(to_10()), true, 50),
        false,
        true,
    );
    waits(&heed(&held(&watching_at(10)), None, false, 50), false, true);
    goes_on(heed(&held(&watching_at(10)), None, false, 120));
    let open = opened(&held(&before_first_flip()), to_10());
    waits(&heed(&open, Some(to_10()), true, 110), true, true);
    let approved = taken(open.approve(&id("me"), None, &word("ann", 105), at(106)));
    waits(&heed(&approved, Some(to_10()), true, 110), false, true);
}

#[test]
fn a_release_that_is_stopped_ends_whatever_else_was_said() {
    let stopped = taken(held(&before_first_flip()).stop(&id("me"), &word("bob", 30)));
    ends(
        &heed(&stopped, Some(to_10()), true, 50),
        "StopRequested",
        "was stopped by bob",
    );
}

#[test]
fn who_has_nothing_to_wait_for_goes_on_to_be_refused() {
    let finishing = Some(Before::Finish);
    for phase in [
        Phase::Flipping,
        Phase::RollingBack,
        Phase::RolledBack,
        Phase::Stable,
    ] {
        let policy = approval(&[ApprovalBefore::EachStep, ApprovalBefore::Finish]);
        let past = having(&held(&gated(&watching_at(100), policy)), |it| {
            it.phase = phase
        });
        goes_on(heed(&past, finishing, true, 50));
    }
    let other = Record {
        holder: Some(execution("other")),
        ..held(&watching_at(100))
    };
    goes_on(heed(&other, finishing, true, 50));
}

fn contract_at(now: i64) -> Contract {
    Contract::requested(
        &id("c"),
        &execution("arn:c"),
        at(now),
        expand("expanding", 1),
    )
}

#[test]
fn a_contract_step_waits_at_its_own_gate() {
    let policy = approval(&[ApprovalBefore::Commands]);
    let terms = ContractTerms {
        read_version: 7,
        approval: Some(&policy),
        ..ContractTerms::default()
    };
    let asked = stable(1).heed_contract(&contract_at(100), &terms);
    waits(&asked, true, false);
    let open = asked.0.expect("a gate");
    let begin = |record: &Record| record.begin_contract(&contract_at(120), &terms);
    assert!(matches!(begin(&open), crate::BeginContract::Refused(_)));
    waits(&open.heed_contract(&contract_at(110), &terms), true, false);
    let approved = taken(open.approve(&id("c"), Some("commands"), &word("ann", 110), at(111)));
    goes_on(approved.heed_contract(&contract_at(120), &terms));
    assert!(matches!(begin(&approved), crate::BeginContract::Begun(_)));
    let rejected = taken(open.reject(&id("c"), None, &word("bob", 110), at(111)));
    ends(
        &rejected.heed_contract(&contract_at(120), &terms),
        "ApprovalRejected",
        "bob",
    );
    // Neither a freeze nor a release in progress opens a gate: `begin_contract` refuses them.
    goes_on(frozen(&stable(1)).heed_contract(&contract_at(100), &terms));
    goes_on(proven().heed_contract(&contract_at(100), &terms));
    let ungated = ContractTerms {
        approval: None,
        ..terms
    };
    goes_on(stable(1).heed_contract(&contract_at(100), &ungated));
}
