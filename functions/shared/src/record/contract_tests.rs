//! The tests of `contract.rs`.

use super::super::fixtures::{at, release};
use super::super::{Begin, Cause, Claim, Finish};
use super::*;

fn expand(release: &str, stable: u32) -> Expand {
    Expand {
        release: release.to_owned(),
        digest: format!("sha256:{release}"),
        pushed_at: at(0),
        stable,
        proven: true,
    }
}

/// A record whose latest release `live` is stable, with one expanding release before it.
fn stable(count: u32) -> Record {
    Record {
        holder: None,
        expands: vec![expand("expanding", count)],
        ..Record::test("live", Phase::Stable)
    }
}

fn contract() -> Contract {
    Contract::wish("c", "arn:c", at(50), expand("expanding", 2))
}

/// Two stable releases, and nobody gone.
fn terms(seen: u64) -> Terms<'static> {
    Terms {
        stable: 2,
        gone: None,
        seen,
    }
}

fn refused(record: &Record, expect: &str) {
    let begin = record.begin_contract(&contract(), &terms(record.version));
    assert!(
        matches!(&begin, BeginContract::Refused(reason) if reason.contains(expect)),
        "{begin:?}"
    );
}

fn contracting() -> Record {
    let begun = stable(2).begin_contract(&contract(), &terms(7));
    let BeginContract::Go(record) = begun else {
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
        holder: Some("arn:other".to_owned()),
        ..stable(2)
    };
    refused(&held, "arn:other is in progress");
    refused(&stable(2).written_by("alarm", 60), "alarm may be writing");
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
        BeginContract::Changed
    );
}

#[test]
fn from_its_beginning_on_nobody_flips_the_live_release_back() {
    let record = contracting();
    assert_eq!(record.holder.as_deref(), Some("arn:c"));
    let alarm = Cause::Alarm {
        changed_at: at(55),
        environment: None,
    };
    let ended = record.end_contract("arn:c", Outcome::Contracted, "done");
    for record in [record, ended.expect("an end")] {
        for cause in [Cause::Release("live".to_owned()), alarm.clone()] {
            let begin = record.begin_flip_back("me", &cause, "bad", at(60), at(80));
            assert!(
                matches!(&begin, Begin::Refused(reason) if reason.starts_with("contract c began at")),
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
    let cause = Cause::Release("next".to_owned());
    let begin = record.begin_flip_back("me", &cause, "bad", at(60), at(80));
    assert!(matches!(begin, Begin::Go { .. }), "{begin:?}");
}

#[test]
fn a_contract_ends_with_its_outcome_and_leaves_the_release_as_it_is() {
    let record = contracting();
    assert_eq!(
        record.begin_contract(&contract(), &terms(0)),
        BeginContract::Mine
    );
    for (outcome, expect) in [
        (Outcome::Contracted, "done"),
        (Outcome::Failed, "exited with 1"),
    ] {
        let Finish::Finished(ended) = record.finish("arn:c", outcome, "exited with 1") else {
            panic!("not ended")
        };
        assert_eq!((ended.holder, &ended.release), (None, &record.release));
        let contract = ended.contract.expect("a contract");
        assert_eq!(contract.ended.as_deref(), Some(expect));
    }
}

#[test]
fn an_expanding_release_is_remembered_and_later_ones_are_counted() {
    let mut wanted = release("two");
    wanted.to_digest = "sha256:two".to_owned();
    wanted.expand = Some(Expand {
        proven: false,
        ..expand("two", 0)
    });
    let mut record = Record {
        newest: Some(super::super::fixtures::request("two", 1)),
        ..stable(3)
    };
    record.release = None;
    let Claim::Claimed { record, .. } = record.claim("two", &wanted, None, 7, at(1)) else {
        panic!("not claimed")
    };
    let of = |record: &Record| {
        let all = record.expands.iter();
        all.map(|it| it.stable).collect::<Vec<_>>()
    };
    assert_eq!(of(&record), [3, 0]);
    let watching = record.with_phase(Phase::Watching);
    let Finish::Finished(ended) = watching.finish("two", Outcome::Stable, "") else {
        panic!("not ended")
    };
    assert_eq!(of(&ended), [4, 0], "its own end does not count for itself");
    assert!(ended.expands[1].proven, "but it proves that it works");
    let cause = Cause::Release("two".to_owned());
    let Begin::Go { record, .. } = ended.begin_flip_back("op", &cause, "", at(9), at(20)) else {
        panic!("not begun")
    };
    assert_eq!(of(&record), [0, 0], "a flip back counts as not stable");
    assert!(!record.expands[1].proven);
}

#[test]
fn only_so_many_expanding_releases_are_remembered_and_one_can_be_named() {
    let mut record = Record::default();
    for number in 0..15 {
        record.expands(Some(expand(&number.to_string(), 0)));
    }
    record.expands(Some(expand("14", 0)));
    assert_eq!(record.expands.len(), REMEMBERED);
    let found = |named| record.expanded_by(named).map(|it| it.release.clone());
    assert_eq!(found(None).as_deref(), Ok("14"));
    assert_eq!(found(Some("9")).as_deref(), Ok("9"));
    assert!(found(Some("1")).is_err());
    assert!(Record::default().expanded_by(None).is_err());
}

#[test]
fn a_sync_needs_no_turn_and_never_moves_traffic() {
    let mut wanted = release("sync");
    wanted.sync = true;
    let before = stable(2);
    let Claim::Claimed { record, .. } = before.claim("sync", &wanted, None, 7, at(1)) else {
        panic!("not claimed")
    };
    assert!(matches!(
        record.begin_flip("sync", "sync", at(2), at(9)),
        Begin::Refused(_)
    ));
    let Finish::Finished(ended) = record.finish("sync", Outcome::Synced, "in sync") else {
        panic!("not ended")
    };
    let release = ended.release.clone().expect("a release");
    assert_eq!(
        (release.phase, release.rightful()),
        (Phase::Synced, release.from)
    );
    assert_eq!(ended.expands[0].stable, 2, "a sync is no release");
    let cause = Cause::Release("sync".to_owned());
    assert!(matches!(
        ended.begin_flip_back("op", &cause, "", at(9), at(20)),
        Begin::NothingToReturn(_)
    ));
}

#[test]
fn a_contract_whose_execution_vanished_can_be_asked_for_again_and_is_no_abandoned_release() {
    let vanished = contracting();
    let again = Contract::wish("d", "arn:d", at(60), expand("expanding", 2));
    let begin = |gone| {
        let terms = Terms { gone, ..terms(7) };
        vanished.begin_contract(&again, &terms)
    };
    assert!(matches!(begin(None), BeginContract::Refused(_)));
    assert!(matches!(begin(Some("arn:c")), BeginContract::Go(_)));
    let next = Record {
        newest: Some(super::super::fixtures::request("next", 1)),
        ..vanished.clone()
    };
    let claim = next.claim("next", &release("next"), Some("arn:c"), 7, at(70));
    assert!(
        matches!(
            claim,
            Claim::Claimed {
                abandoned: None,
                ..
            }
        ),
        "{claim:?}"
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
    let first = Contract::wish("n", "arn:n", at(50), newer);
    let BeginContract::Go(record) = record.begin_contract(&first, &terms(7)) else {
        panic!("not begun")
    };
    let record = record.end_contract("arn:n", Outcome::Contracted, "");
    let begun = record
        .expect("an end")
        .begin_contract(&contract(), &terms(7));
    let BeginContract::Go(record) = begun else {
        panic!("not begun: {begun:?}")
    };
    let contract = record.contract.expect("a contract");
    assert_eq!(
        (contract.expand.pushed_at, contract.floor.pushed_at),
        (at(0), at(20))
    );
}
