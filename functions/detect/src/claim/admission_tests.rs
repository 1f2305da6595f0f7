//! The tests of `admission.rs`.

use super::*;
use fixtures::at;
use record::End;

fn request(execution: &str, seconds: i64) -> QueuedRequest {
    QueuedRequest {
        made_at: at(seconds),
        started_at: at(seconds),
        execution: execution.into(),
        pushed_digest: Some(format!("sha256:{execution}").into()),
        pushed_members: Vec::new(),
    }
}

fn held_by(holder: &str) -> Record {
    Record {
        holder: Some(holder.into()),
        newest: Some(request("old", 0)),
        ..Record::default()
    }
}

#[test]
fn the_first_request_begins() {
    assert_eq!(
        admission(&Record::default(), &request("me", 0), None, at(1)),
        Admission::Begin { dead_holder: None }
    );
}

#[test]
fn a_running_holder_is_waited_for_and_a_dead_one_is_taken_over() {
    let waits = admission(
        &held_by("old"),
        &request("me", 1),
        Some(&HolderState::Running),
        at(2),
    );
    assert!(
        matches!(&waits, Admission::Wait { reason, .. } if reason.contains("old holds the record")),
        "{waits:?}"
    );
    let begins = admission(
        &held_by("old"),
        &request("me", 1),
        Some(&HolderState::Ended(None)),
        at(2),
    );
    assert_eq!(
        begins,
        Admission::Begin {
            dead_holder: Some("old".into())
        }
    );
}

#[test]
fn the_last_task_of_an_aborted_deployment_is_waited_for() {
    let record = Record {
        release: Some(fixtures::release("old")),
        ..held_by("old")
    };
    let ended = HolderState::Ended(Some(at(10)));
    let admission_at = |now| admission(&record, &request("me", 1), Some(&ended), at(now));
    assert!(
        matches!(admission_at(44), Admission::Wait { until: Some(until), .. } if until == at(45)),
        "{:?}",
        admission_at(44)
    );
    assert!(matches!(
        admission_at(45),
        Admission::Begin {
            dead_holder: Some(_)
        }
    ));
}

#[test]
fn a_lease_owner_who_may_be_alive_is_waited_for() {
    let lease = Lease {
        owner: "old".into(),
        until: at(9),
        retried: false,
    };
    let record = Record {
        lease: Some(lease),
        ..held_by("old")
    };
    assert!(matches!(
        admission(
            &record,
            &request("me", 1),
            Some(&HolderState::Ended(None)),
            at(8)
        ),
        Admission::Wait { until: Some(_), .. }
    ));
    assert!(matches!(
        admission(
            &record,
            &request("me", 1),
            Some(&HolderState::Ended(None)),
            at(9)
        ),
        Admission::Begin { .. }
    ));
}

#[test]
fn a_holder_whose_answer_was_lost_goes_on_whatever_was_requested_since() {
    let record = Record {
        newest: Some(request("newer", 5)),
        ..held_by("me")
    };
    assert_eq!(
        admission(&record, &request("me", 4), None, at(6)),
        Admission::Begin { dead_holder: None }
    );
}

#[test]
fn an_older_and_a_repeated_request_end_without_a_release() {
    let record = Record {
        newest: Some(request("newer", 5)),
        ..Record::default()
    };
    let older = admission(&record, &request("me", 4), None, at(6));
    assert!(
        matches!(&older, Admission::Skip(it) if it.superseded && it.reason.starts_with("superseded")),
        "{older:?}"
    );
    let again = QueuedRequest {
        execution: "me".into(),
        ..request("newer", 5)
    };
    assert!(matches!(
        admission(&record, &again, None, at(6)),
        Admission::Skip(it) if !it.superseded
    ));
}

#[test]
fn a_push_of_a_build_that_ended_badly_never_begins_and_names_the_release_and_why() {
    let end = End {
        digest: "sha256:me".into(),
        members: Vec::new(),
        release: "r1".into(),
        reason: "GET /health answered 500".to_owned(),
    };
    let record = Record {
        newest: Some(request("me", 0)),
        ends: vec![end],
        ..Record::default()
    };
    let answer = admission(&record, &request("me", 0), None, at(1));
    assert!(
        matches!(&answer, Admission::Skip(it) if !it.superseded && it.reason.starts_with(
            "release r1 of sha256:me ended badly: GET /health answered 500."
        )),
        "{answer:?}"
    );
    let by_operator = QueuedRequest {
        pushed_digest: None,
        ..request("me", 0)
    };
    let answer = admission(&record, &by_operator, None, at(1));
    assert_eq!(answer, Admission::Begin { dead_holder: None });
}
