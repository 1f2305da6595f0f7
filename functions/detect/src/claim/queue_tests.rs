//! The tests of `queue.rs`.

use super::*;
use fixtures::at;

/// Started at second 10.
fn execution() -> Execution {
    Execution {
        arn: "arn:r1".into(),
        name: "r1".into(),
        start_time: at(10),
        heeds: true,
    }
}

fn pushed(seconds: i64) -> QueuedRequest {
    let request = Request::Push {
        at: at(seconds),
        digest: "sha256:index".into(),
        tag: Some("v1.3.0".to_owned()),
    };
    queued_request(&request, &["sha256:amd64".into()], &execution())
}

#[test]
fn a_push_is_placed_by_its_time_and_remembers_its_images() {
    let request = pushed(8);
    assert_eq!((request.made_at, request.started_at), (at(8), at(10)));
    assert_eq!(request.pushed_digest, Some("sha256:index".into()));
    assert_eq!(request.pushed_members, ["sha256:amd64".into()]);
}

#[test]
fn a_push_from_the_future_counts_as_made_when_its_execution_started_and_supersedes_no_later_one() {
    // 2099-01-01T00:00:00Z
    let future = pushed(4_070_908_800 - 1_800_000_000);
    assert_eq!(future.made_at, at(10));
    let record = Record {
        newest: Some(future),
        ..Record::default()
    };
    let next = QueuedRequest {
        made_at: at(12),
        started_at: at(13),
        execution: "arn:r2".into(),
        pushed_digest: Some("sha256:next".into()),
        pushed_members: Vec::new(),
    };
    assert!(matches!(record.enqueue(&next), Enqueued::Newest(_)));
}

#[test]
fn an_operators_request_is_placed_by_its_start_and_counts_as_no_push() {
    let request = queued_request(
        &Request::Tag("v1".to_owned()),
        &["sha256:a".into()],
        &execution(),
    );
    assert_eq!((request.made_at, request.pushed_digest), (at(10), None));
    assert_eq!(request.pushed_members, []);
}
