//! The tests of `contract.rs`.

use super::*;
use crate::fixtures::{at, claim, execution, expand, id, owner, release, request, stable};
use crate::{BeginFlip, Claim, Expand, Finish, FlipBackCause};

fn contract() -> Contract {
    Contract::requested(
        &id("c"),
        &execution("arn:c"),
        at(50),
        expand("expanding", 2),
    )
}

/// Two stable releases, and no dead holder.
fn terms(read_version: u64) -> ContractTerms<'static> {
    ContractTerms {
        stable_releases: 2,
        dead_holder: None,
        read_version,
        ..ContractTerms::default()
    }
}

fn refused(record: &Record, expect: &str) {
    let begin = record.begin_contract(&contract(), &terms(record.version));
    assert!(
        matches!(&begin, BeginContract::Refused(reason) if reason.as_str().contains(expect)),
        "{begin:?}"
    );
}

fn contracting() -> Record {
    let begun = stable(2).begin_contract(&contract(), &terms(7));
    let BeginContract::Begun(record) = begun else {
        panic!("not begun: {begun:?}")
    };
    record
}

#[test]
fn a_contract_waits_for_enough_stable_releases_and_for_nobody_at_work() {
    let mut failed = stable(2);
    failed.expands[0].proven = false;
    refused(&failed, "no release of its image stayed");
    refused(&stable(1), "since expanding expanded the schema: 1 < 2");
    let held = Record {
        holder: Some(execution("arn:other")),
        ..stable(2)
    };
    refused(&held, "arn:other is in progress");
    refused(&stable(2).leased_by("alarm", 60), "alarm may be writing");
    for phase in [Phase::RolledBack, Phase::Failed, Phase::RollingBack] {
        let record = Record {
            holder: None,
            expands: vec![expand("expanding", 2)],
            ..Record::test("live", phase)
        };
        refused(&record, &format!("is {phase}, expected stable"));
    }
    assert_eq!(
        stable(2).begin_contract(&contract(), &terms(6)),
        BeginContract::RecordChanged
    );
}

fn running(command: &[&str]) -> Contract {
    Contract {
        command: Some(command.iter().map(|it| (*it).to_owned()).collect()),
        ..contract()
    }
}

#[test]
fn a_contract_that_has_begun_runs_what_it_was_requested_with_and_an_older_record_does_not_say() {
    let begun = stable(2).begin_contract(&running(&["bin/a", "up"]), &terms(7));
    let BeginContract::Begun(record) = begun else {
        panic!("not begun: {begun:?}")
    };
    let again =
        |record: &Record, command: &[&str]| record.begin_contract(&running(command), &terms(0));
    assert_eq!(
        again(&record, &["bin/a", "up"]),
        BeginContract::AlreadyBegun
    );
    let expect = "the command was changed from `bin/a up` to `bin/b` after it was requested: request the contract again";
    assert_eq!(
        again(&record, &["bin/b"]),
        BeginContract::Refused(expect.into())
    );
    assert_eq!(
        again(&contracting(), &["bin/b"]),
        BeginContract::AlreadyBegun
    );
}

#[test]
fn from_its_beginning_on_nobody_flips_the_live_release_back() {
    let record = contracting();
    assert_eq!(record.holder, Some(execution("arn:c")));
    let alarm = FlipBackCause::Alarm {
        changed_at: at(55),
        environment: None,
    };
    let ended = record.end_contract(&execution("arn:c"), Outcome::Contracted, "done");
    for record in [record, ended.expect("an end")] {
        for cause in [FlipBackCause::Release(id("live")), alarm.clone()] {
            let begin = record.begin_flip_back(&owner("me"), &cause, &"bad".into(), at(60), at(80));
            assert!(
                matches!(&begin, BeginFlip::Refused(reason) if reason.as_str().starts_with("contract c began at")),
                "{begin:?}"
            );
        }
    }
}

#[test]
fn the_release_after_a_contract_can_be_flipped_back() {
    let record = Record {
        contract: contracting().contract,
        ..Record::test("next", Phase::Watching)
    };
    let cause = FlipBackCause::Release(id("next"));
    let begin = record.begin_flip_back(&owner("me"), &cause, &"bad".into(), at(60), at(80));
    assert!(matches!(begin, BeginFlip::Begun { .. }), "{begin:?}");
}

#[test]
fn a_contract_ends_with_its_outcome_and_leaves_the_release_as_it_is() {
    let record = contracting();
    assert_eq!(
        record.begin_contract(&contract(), &terms(0)),
        BeginContract::AlreadyBegun
    );
    for (outcome, expect) in [
        (Outcome::Contracted, "done"),
        (Outcome::Failed, "exited with 1"),
    ] {
        let Finish::Finished(ended) = record.finish(
            &execution("arn:c"),
            outcome,
            &"exited with 1".into(),
            at(60),
        ) else {
            panic!("not ended")
        };
        assert_eq!((ended.holder, &ended.release), (None, &record.release));
        let contract = ended.contract.expect("a contract");
        assert_eq!(contract.ended.as_deref(), Some(expect));
    }
}

#[test]
fn a_contract_whose_execution_vanished_can_be_asked_for_again_and_is_no_abandoned_release() {
    let vanished = contracting();
    let again = Contract::requested(
        &id("d"),
        &execution("arn:d"),
        at(60),
        expand("expanding", 2),
    );
    let begin = |dead_holder: Option<&str>| {
        let dead_holder = dead_holder.map(execution);
        let terms = ContractTerms {
            dead_holder: dead_holder.as_ref(),
            ..terms(7)
        };
        vanished.begin_contract(&again, &terms)
    };
    assert!(matches!(begin(None), BeginContract::Refused(_)));
    assert!(matches!(begin(Some("arn:c")), BeginContract::Begun(_)));
    let next = Record {
        newest: Some(request("next", 1)),
        ..vanished.clone()
    };
    let claimed = claim(&next, &release("next"), Some("arn:c"), 7, 70);
    assert!(
        matches!(
            claimed,
            Claim::Claimed {
                abandoned: None,
                ..
            }
        ),
        "{claimed:?}"
    );
}

#[test]
fn an_older_contract_does_not_lower_what_a_newer_one_asks_for() {
    let newer = Expand {
        pushed_at: at(20),
        ..expand("newer", 2)
    };
    let record = Record {
        expands: vec![expand("expanding", 2), newer.clone()],
        ..stable(2)
    };
    let first = Contract::requested(&id("n"), &execution("arn:n"), at(50), newer);
    let BeginContract::Begun(record) = record.begin_contract(&first, &terms(7)) else {
        panic!("not begun")
    };
    let record = record.end_contract(&execution("arn:n"), Outcome::Contracted, "");
    let begun = record
        .expect("an end")
        .begin_contract(&contract(), &terms(7));
    let BeginContract::Begun(record) = begun else {
        panic!("not begun: {begun:?}")
    };
    let contract = record.contract.expect("a contract");
    assert_eq!(
        (contract.expand.pushed_at, contract.floor.pushed_at),
        (at(0), at(20))
    );
}
