//! The tests of `stopped.rs`.

use super::*;
use fixtures::at;
use record::{Contract, Decision, Expand, Phase};

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

fn stop_requested(phase: Phase) -> Record {
    let mut record = left_in(phase);
    record.release.as_mut().expect("a release").stop = Some(Decision {
        execution: "arn:word".into(),
        by: Some("ana".to_owned()),
        reason: "the queue grows".to_owned(),
        at: at(0),
    });
    record
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

/// What a person says counts more than the parameter, where there is something to flip back.
#[test]
fn a_request_to_stop_flips_back_whatever_the_parameter_says() {
    for (phase, flips_back) in [
        (Phase::Deploying, false),
        (Phase::Flipping, true),
        (Phase::Watching, true),
        (Phase::RollingBack, true),
        (Phase::RolledBack, false),
    ] {
        let record = stop_requested(phase);
        for when in [WhenStopped::FlipBack, WhenStopped::Leave] {
            let found = remedy(&record, when) == Remedy::FlipBack;
            assert_eq!(found, flips_back, "{phase} {when:?}");
        }
    }
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
            requested: None,
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

/// The ends that a second tag of the same build finds, once the record is closed.
fn remembered(record: &Record) -> usize {
    let holder = "arn:r1".into();
    let stopped = Stopped::read(record, &holder, aborted()).unwrap_or_else(|it| panic!("{it}"));
    let reason = stopped.reason("it left nothing to flip back");
    let closed = record.close_stopped(&holder, None, &reason, at(60));
    let closed = closed.record().expect("a record");
    assert_eq!(closed.holder, None);
    closed.ends.len()
}

#[test]
fn only_the_reason_of_a_request_speaks_against_the_build() {
    assert_eq!(remembered(&left_in(Phase::Deploying)), 0);
    assert_eq!(remembered(&stop_requested(Phase::Deploying)), 1);
}

/// The parameter is no way out of a flip back that a person wants.
#[test]
fn a_refused_flip_back_names_the_parameter_where_it_would_help() {
    for (record, says) in [
        (left_in(Phase::Watching), true),
        (stop_requested(Phase::Watching), false),
    ] {
        let stopped = Stopped::read(&record, &"arn:r1".into(), aborted());
        let stopped = stopped.unwrap_or_else(|it| panic!("{it}"));
        let complaint = stopped.complaint(&stopped.reason("refused"));
        assert_eq!(complaint.contains("WhenStopped"), says, "{complaint}");
    }
}
