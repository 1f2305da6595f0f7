//! The tests of `ends.rs`.

use super::*;
use crate::fixtures::{at, begun, execution, expand, id, owner, request};
use crate::phase::Phase;
use crate::{Enqueued, Finish, FlipBackCause, Outcome};
use shared::ReleaseId;

fn failure(error: &str) -> FailureReason {
    FailureReason::failure(error, "GET /health answered 500")
}

/// A record whose release `first` of `sha256:build` is in `phase`; `first` holds it.
fn releasing(phase: Phase) -> Record {
    let mut record = Record::test("first", phase);
    let release = record.release.as_mut().expect("a release");
    release.to_digest = "sha256:build".into();
    record
}

fn finished(record: &Record, outcome: Outcome, reason: &FailureReason) -> Record {
    match record.finish(&execution("first"), outcome, reason, at(50)) {
        Finish::Finished(record) => record,
        other @ (Finish::NotHolder(_) | Finish::Waits(_) | Finish::RolledBackMeanwhile(_)) => {
            panic!("not finished: {other:?}")
        }
    }
}

fn failed(error: &str) -> Record {
    finished(
        &releasing(Phase::Deploying),
        Outcome::Failed,
        &failure(error),
    )
}

fn flipped_back(cause: &FlipBackCause, reason: &FailureReason) -> Record {
    let record = releasing(Phase::Watching);
    begun(record.begin_flip_back(&owner("me"), cause, reason, at(60), at(80)))
}

/// Another tag of the same build, pushed later.
fn latest() -> QueuedRequest {
    QueuedRequest {
        pushed_digest: Some("sha256:build".into()),
        ..request("latest", 70)
    }
}

/// What the record answers a push of the build: the release that failed, if it takes no place.
fn before(record: &Record, request: &QueuedRequest) -> Option<ReleaseId> {
    match record.enqueue(request) {
        Enqueued::FailedBefore(end) => Some(end.release),
        Enqueued::Newest(_) => None,
        other @ (Enqueued::AlreadyEnqueued
        | Enqueued::Superseded { .. }
        | Enqueued::Duplicate { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn a_build_that_failed_by_itself_is_not_released_by_another_push_of_it() {
    for error in [
        "SmokeTestFailed",
        "DeploymentFailed",
        "DeploymentTimedOut",
        "MigrationFailed",
    ] {
        let record = failed(error);
        assert_eq!(before(&record, &latest()), Some(id("first")), "{error}");
        assert_eq!(record.ends[0].reason, "GET /health answered 500");
    }
}

#[test]
fn an_end_that_says_nothing_about_the_build_is_not_remembered() {
    for error in [
        "AwsUnavailable",
        "AlarmBeforeFlip",
        "ReleaseRefused",
        "States.Timeout",
        "FlipRefused",
    ] {
        assert_eq!(before(&failed(error), &latest()), None, "{error}");
    }
    let unfinished = FlipBackCause::Release(id("first"));
    for error in ["AwsUnavailable", "FlipRefused"] {
        let record = flipped_back(&unfinished, &failure(error));
        assert_eq!(before(&record, &latest()), None, "{error}");
    }
}

#[test]
fn a_build_that_anybody_flipped_back_is_not_released_by_another_push_of_it() {
    let machine = FlipBackCause::Release(id("first"));
    let alarm = FlipBackCause::Alarm {
        changed_at: at(55),
        environment: None,
    };
    for (cause, reason) in [
        (&machine, failure("ReleaseUnhealthy")),
        (&machine, failure("WatchDidNotEnd")),
        (&machine, failure("RollbackRequested")),
        (&alarm, "alarm shop-errors: 7 > 5".into()),
    ] {
        let record = flipped_back(cause, &reason);
        assert_eq!(before(&record, &latest()), Some(id("first")), "{reason}");
    }
}

#[test]
fn a_release_that_was_closed_before_its_flip_ends_as_one_that_was_not() {
    let deploying = Record {
        expands: vec![expand("first", 0), expand("earlier", 3)],
        ..releasing(Phase::Deploying)
    };
    let cause = FlipBackCause::Release(id("first"));
    for (error, remembered) in [("DeploymentTimedOut", 1), ("FlipRefused", 0)] {
        let reason = failure(error);
        let back = deploying.begin_flip_back(&owner("first"), &cause, &reason, at(60), at(80));
        let closed = back.closed().expect("a record to write");
        assert_eq!(closed.ends.len(), remembered, "{error}");
        let ended = finished(&closed, Outcome::Failed, &reason);
        assert_eq!(ended, finished(&deploying, Outcome::Failed, &reason));
    }
}

#[test]
fn an_operator_gets_what_ended_badly_and_the_execution_that_releases_it_goes_on() {
    let record = failed("SmokeTestFailed");
    let operator = QueuedRequest {
        pushed_digest: None,
        ..latest()
    };
    assert_eq!(before(&record, &operator), None);
    let again = Record {
        newest: Some(latest()),
        holder: Some(execution("latest")),
        ..record
    };
    assert_eq!(again.enqueue(&latest()), Enqueued::AlreadyEnqueued);
}

#[test]
fn a_push_that_waits_is_told_once_the_build_has_ended_badly() {
    let waiting = Record {
        newest: Some(latest()),
        ..releasing(Phase::Deploying)
    };
    assert_eq!(waiting.enqueue(&latest()), Enqueued::AlreadyEnqueued);
    let record = finished(&waiting, Outcome::Failed, &failure("SmokeTestFailed"));
    assert_eq!(before(&record, &latest()), Some(id("first")));
}

#[test]
fn the_images_of_an_index_and_their_index_are_one_build() {
    let digests = |names: &[&str]| names.iter().map(|it| Digest::from(*it)).collect();
    let of = |digest: &str, members: &[&str]| QueuedRequest {
        pushed_digest: Some(digest.into()),
        pushed_members: digests(members),
        ..latest()
    };
    let record = failed("SmokeTestFailed");
    let index = of("sha256:index", &["sha256:arm64", "sha256:build"]);
    assert_eq!(before(&record, &index), Some(id("first")));
    let mut of_index = releasing(Phase::Deploying);
    let release = of_index.release.as_mut().expect("a release");
    release.to_digest = "sha256:index".into();
    release.members = digests(&["sha256:arm64", "sha256:build"]);
    let of_index = finished(&of_index, Outcome::Failed, &failure("SmokeTestFailed"));
    assert_eq!(before(&of_index, &latest()), Some(id("first")));
    // Another build may have the same image for one of its platforms.
    let next = of("sha256:next", &["sha256:arm64", "sha256:other"]);
    assert_eq!(before(&of_index, &next), None);
}

#[test]
fn a_build_that_ends_stable_is_forgiven_until_it_is_flipped_back() {
    let asked_for = Record {
        ends: failed("SmokeTestFailed").ends,
        ..releasing(Phase::Watching)
    };
    let stable = finished(&asked_for, Outcome::Stable, &"healthy".into());
    assert_eq!(stable.ends, []);
    let cause = FlipBackCause::Release(id("first"));
    let reason = failure("RollbackRequested");
    let back = begun(stable.begin_flip_back(&owner("op"), &cause, &reason, at(90), at(99)));
    assert_eq!(before(&back, &latest()), Some(id("first")));
}

#[test]
fn a_sync_neither_remembers_nor_forgives() {
    let ends = failed("SmokeTestFailed").ends;
    let mut sync = Record {
        ends: ends.clone(),
        ..releasing(Phase::Deploying)
    };
    sync.release.as_mut().expect("a release").sync = true;
    for outcome in [Outcome::Synced, Outcome::Failed] {
        let ended = finished(&sync, outcome, &failure("DeploymentFailed"));
        assert_eq!(ended.ends, ends);
    }
}

#[test]
fn a_flip_back_that_is_tried_again_keeps_its_first_reason() {
    let cause = FlipBackCause::Release(id("first"));
    let first = flipped_back(&cause, &failure("ReleaseUnhealthy"));
    let reason = "asked again".into();
    let again = begun(first.begin_flip_back(&owner("me"), &cause, &reason, at(61), at(81)));
    assert_eq!(again.ends, first.ends);
}

#[test]
fn only_so_many_ends_are_remembered_and_one_for_each_digest() {
    let mut record = Record::default();
    let mut remember = |number: usize, digest: &str| {
        let release = Release {
            to_digest: digest.into(),
            ..crate::fixtures::release(&format!("r{number}"))
        };
        record.remember_bad_end(&release, &failure("SmokeTestFailed"));
        record.ends.len()
    };
    for number in 0..25 {
        let expect = REMEMBERED.min(number + 1);
        assert_eq!(remember(number, &format!("sha256:{number}")), expect);
    }
    assert_eq!(remember(25, "sha256:24"), REMEMBERED);
    let releases: Vec<_> = record.ends.iter().map(|it| it.release.as_str()).collect();
    assert_eq!((releases[0], releases[19]), ("r5", "r25"));
}

#[test]
fn a_long_reason_is_kept_short() {
    let long = FailureReason::Words("x".repeat(30_000));
    let cause = FlipBackCause::Release(id("first"));
    assert!(flipped_back(&cause, &long).ends[0].reason.len() < 500);
}
