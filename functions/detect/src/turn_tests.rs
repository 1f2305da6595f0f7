//! The tests of `turn.rs`.

use super::*;
use chrono::DateTime;
use shared::Environment;
use shared::record::Release;

fn at(seconds: i64) -> Time {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a valid time")
}

fn request(execution: &str, seconds: i64) -> Request {
    let (execution, pushed_digest) = (execution.to_owned(), Some(format!("sha256:{execution}")));
    Request {
        made_at: at(seconds),
        started_at: at(seconds),
        execution,
        pushed_digest,
    }
}

fn held_by(holder: &str) -> Record {
    Record {
        holder: Some(holder.to_owned()),
        newest: Some(request("old", 0)),
        ..Record::default()
    }
}

#[test]
fn the_first_request_has_its_turn() {
    assert_eq!(
        turn(&Record::default(), &request("me", 0), None, at(1)),
        Turn::Mine { gone: None }
    );
}

#[test]
fn a_running_holder_is_waited_for_and_a_gone_one_is_taken_over() {
    let waits = turn(
        &held_by("old"),
        &request("me", 1),
        Some(&Holder::Running),
        at(2),
    );
    assert!(
        matches!(&waits, Turn::Wait { reason, .. } if reason.contains("old holds the record")),
        "{waits:?}"
    );
    let gone = turn(
        &held_by("old"),
        &request("me", 1),
        Some(&Holder::Ended(None)),
        at(2),
    );
    assert_eq!(
        gone,
        Turn::Mine {
            gone: Some("old".to_owned())
        }
    );
}

#[test]
fn the_last_task_of_an_aborted_deployment_is_waited_for() {
    let release = Release {
        id: "old".to_owned(),
        phase: Phase::Deploying,
        claimed_at: at(0),
        from: Environment::Blue,
        to: Environment::Green,
        from_digest: None,
        to_digest: "sha256:old".to_owned(),
        from_task_definition: None,
        idle_digest: None,
        sync: false,
        expand: None,
        from_desired: 2,
        flipped_at: None,
        reason: None,
    };
    let record = Record {
        release: Some(release),
        ..held_by("old")
    };
    let ended = Holder::Ended(Some(at(10)));
    let turn_at = |now| turn(&record, &request("me", 1), Some(&ended), at(now));
    assert!(
        matches!(turn_at(44), Turn::Wait { until: Some(until), .. } if until == at(45)),
        "{:?}",
        turn_at(44)
    );
    assert!(matches!(turn_at(45), Turn::Mine { gone: Some(_) }));
}

#[test]
fn a_writer_who_may_be_alive_is_waited_for() {
    let lease = Lease {
        by: "old".to_owned(),
        until: at(9),
        retried: false,
    };
    let record = Record {
        writer: Some(lease),
        ..held_by("old")
    };
    assert!(matches!(
        turn(
            &record,
            &request("me", 1),
            Some(&Holder::Ended(None)),
            at(8)
        ),
        Turn::Wait { until: Some(_), .. }
    ));
    assert!(matches!(
        turn(
            &record,
            &request("me", 1),
            Some(&Holder::Ended(None)),
            at(9)
        ),
        Turn::Mine { .. }
    ));
}

#[test]
fn a_holder_whose_answer_was_lost_goes_on_whatever_arrived_since() {
    let record = Record {
        newest: Some(request("newer", 5)),
        ..held_by("me")
    };
    assert_eq!(
        turn(&record, &request("me", 4), None, at(6)),
        Turn::Mine { gone: None }
    );
}

#[test]
fn an_older_and_a_repeated_request_end_without_a_release() {
    let record = Record {
        newest: Some(request("newer", 5)),
        ..Record::default()
    };
    let older = turn(&record, &request("me", 4), None, at(6));
    assert!(
        matches!(&older, Turn::Skip(reason) if reason.starts_with("superseded")),
        "{older:?}"
    );
    let again = Request {
        execution: "me".to_owned(),
        ..request("newer", 5)
    };
    assert!(matches!(turn(&record, &again, None, at(6)), Turn::Skip(_)));
}
