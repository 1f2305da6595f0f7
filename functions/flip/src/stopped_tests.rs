//! The tests of `stopped.rs`.

use super::*;
use fixtures::at;
use record::{Contract, Expand, Phase};

fn left_in(phase: Phase) -> Record {
    let release = Release {
        phase,
        share_since: Some(at(0)),
        ..fixtures::release("r1")
    };
    Record {
        holder: Some("arn:r1".into()),
        release: Some(release),
        ..Record::default()
    }
}

fn aborted() -> ExecutionState {
    ExecutionState::Ended {
        status: Some("ABORTED".to_owned()),
        at: Some(at(0)),
    }
}

#[test]
fn only_what_may_have_traffic_is_flipped_back() {
    for (phase, flips_back) in [
        (Phase::Deploying, false),
        (Phase::Flipping, true),
        (Phase::Watching, true),
        (Phase::Stable, false),
        (Phase::RollingBack, true),
        (Phase::RolledBack, false),
        (Phase::Failed, false),
        (Phase::Synced, false),
    ] {
        let record = left_in(phase);
        let is_flip_back = |when| remedy(&record, when) == Remedy::FlipBack;
        assert_eq!(is_flip_back(WhenStopped::FlipBack), flips_back, "{phase}");
        assert!(!is_flip_back(WhenStopped::Leave), "{phase}");
    }
    let none = remedy(&Record::default(), WhenStopped::FlipBack);
    assert!(matches!(none, Remedy::Close(_)));
}

/// It may have been live for weeks: before this version a stop left traffic where it was.
#[test]
fn what_an_earlier_version_has_flipped_is_only_closed() {
    let mut record = left_in(Phase::Watching);
    record.release.as_mut().expect("a release").share_since = None;
    let remedy = remedy(&record, WhenStopped::FlipBack);
    let says = "a version flipped it that left traffic where it was";
    assert_eq!(remedy, Remedy::Close(says));
}

/// The release before it may well be `watching`: a person has to decide about that one.
#[test]
fn a_contract_step_that_was_stopped_is_left_to_the_next_request() {
    let expand = Expand {
        release: "r0".into(),
        digest: "sha256:old".into(),
        pushed_at: at(0),
        stable_releases: 2,
        proven: true,
    };
    let (id, contract) = ("c1".into(), "arn:c1".into());
    let record = Record {
        holder: Some("arn:c1".into()),
        contract: Some(Contract::requested(&id, &contract, at(0), expand)),
        ..left_in(Phase::Watching)
    };
    let stopped = Stopped::read(&record, &contract, aborted());
    assert!(stopped.is_err_and(|reason| reason.contains("contract step")));
}

#[test]
fn the_reason_says_which_execution_ended_how_and_when() {
    let reason = |status: Option<&str>, at| {
        let status = status.map(str::to_owned);
        let execution = "arn:r1".into();
        Stopped {
            execution,
            status,
            at,
        }
        .reason("nothing")
        .to_string()
    };
    let time = at(0);
    assert_eq!(
        reason(Some("TIMED_OUT"), Some(time)),
        format!("execution arn:r1 was TIMED_OUT at {time}: nothing")
    );
    assert_eq!(
        reason(None, None),
        "execution arn:r1 is not known to Step Functions any more: nothing"
    );
}

#[test]
fn its_reason_does_not_speak_against_the_build() {
    let record = left_in(Phase::Deploying);
    let holder = "arn:r1".into();
    let stopped = Stopped::read(&record, &holder, aborted()).unwrap_or_else(|it| panic!("{it}"));
    let reason = stopped.reason("it left nothing to flip back");
    let closed = record
        .close_stopped(&holder, None, &reason, at(60))
        .record();
    let closed = closed.expect("a record");
    assert_eq!((closed.holder, closed.ends), (None, Vec::new()));
}
