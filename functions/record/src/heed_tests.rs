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
    contract_of("c", now)
}

fn contract_of(name: &str, now: i64) -> Contract {
    let arn = execution(&format!("arn:{name}"));
    Contract::requested(&id(name), &arn, at(now), expand("expanding", 1))
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

/// The record once the gate of the contract step `c` has opened, at 100 s and until 700 s.
fn at_gate_of_c(terms: &ContractTerms<'_>) -> Record {
    let (open, _) = stable(1).heed_contract(&contract_at(100), terms);
    open.expect("a gate")
}

fn begins_not(record: &Record, step: &Contract, terms: &ContractTerms<'_>, expect: &str) {
    goes_on(record.heed_contract(step, terms));
    let begin = record.begin_contract(step, terms);
    assert!(
        matches!(&begin, crate::BeginContract::Refused(it) if it.as_str().contains(expect)),
        "{begin:?}"
    );
}

/// The step `c`, which would run this program.
fn running(program: &str, now: i64) -> Contract {
    Contract {
        command: Some(vec![program.to_owned()]),
        ..contract_at(now)
    }
}

#[test]
fn a_contract_step_at_its_gate_never_runs_another_command_than_people_were_asked_about() {
    let policy = approval(&[ApprovalBefore::Commands]);
    let terms = ContractTerms {
        read_version: 7,
        approval: Some(&policy),
        ..ContractTerms::default()
    };
    let (open, _) = stable(1).heed_contract(&running("a", 100), &terms);
    let open = open.expect("a gate");
    let approved = taken(open.approve(&id("c"), None, &word("ann", 110), at(111)));
    let expect = "the command was changed from `a` to `b` after it was requested: request the contract again";
    for record in [&open, &approved] {
        begins_not(record, &running("b", 120), &terms, expect);
    }
    let begun = |record: &Record, program| record.begin_contract(&running(program, 120), &terms);
    assert!(matches!(
        begun(&approved, "a"),
        crate::BeginContract::Begun(_)
    ));
    // A gate that an older version has opened does not say what it was for.
    let older = taken(at_gate_of_c(&terms).approve(&id("c"), None, &word("ann", 110), at(111)));
    assert!(matches!(begun(&older, "b"), crate::BeginContract::Begun(_)));
}

#[test]
fn a_contract_step_does_not_take_the_gate_of_another_one() {
    let policy = approval(&[ApprovalBefore::Commands]);
    let terms = ContractTerms {
        read_version: 7,
        approval: Some(&policy),
        ..ContractTerms::default()
    };
    let open = at_gate_of_c(&terms);
    let expect = "the contract step c came to the gate `commands` first";
    begins_not(&open, &contract_of("d", 110), &terms, expect);
    let approved = taken(open.approve(&id("c"), None, &word("ann", 110), at(111)));
    begins_not(&approved, &contract_of("d", 120), &terms, expect);
    // A step that will not begin any more, that has begun, or whose time is over keeps nobody.
    let waits_for = |record: &Record, now| {
        waits(
            &record.heed_contract(&contract_of("d", now), &terms),
            true,
            false,
        );
    };
    waits_for(
        &taken(open.reject(&id("c"), None, &word("ann", 110), at(111))),
        120,
    );
    waits_for(&approved, 700);
    let crate::BeginContract::Begun(begun) = approved.begin_contract(&contract_at(120), &terms)
    else {
        panic!("not begun")
    };
    waits_for(
        &Record {
            holder: None,
            ..begun
        },
        130,
    );
}

#[test]
fn a_contract_step_whose_gate_was_taken_does_not_open_it_once_more() {
    let policy = approval(&[ApprovalBefore::Commands]);
    let first = ContractTerms {
        read_version: 7,
        approval: Some(&policy),
        ..ContractTerms::default()
    };
    let again = ContractTerms {
        gate_opened: true,
        ..first
    };
    let open = at_gate_of_c(&first);
    waits(&open.heed_contract(&contract_at(110), &again), true, false);
    let claimed = Record {
        gate: None,
        ..open.clone()
    };
    let expect = "live took the place of this gate: request it again";
    begins_not(&claimed, &contract_at(110), &again, expect);
    let other = contract_of("d", 700);
    let (taken, _) = open.heed_contract(&other, &first);
    let expect = "d took the place of this gate";
    begins_not(&taken.expect("a gate"), &contract_at(710), &again, expect);
}
