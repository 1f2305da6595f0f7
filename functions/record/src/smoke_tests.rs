//! The tests of `smoke.rs`.

use super::*;
use crate::fixtures::{deploying, execution, id, passed, proven, release};

fn refused(record: &Record, release: &str, by: &str, words: &str) {
    let answer = record.pass_smoke(&id(release), &passed(by, "new"));
    let says = matches!(&answer, PassSmoke::Refused(refusal) if refusal.as_str().contains(words));
    assert!(says, "{answer:?}");
    assert_eq!(answer.record(), None);
}

#[test]
fn what_passed_is_recorded_once_and_a_retry_changes_nothing() {
    let smoke = passed("me", "new");
    let first = deploying().pass_smoke(&id("me"), &smoke);
    assert_eq!(first.record(), Some(proven()));
    let again = proven().pass_smoke(&id("me"), &smoke);
    assert_eq!(again, PassSmoke::AlreadyRecorded);
    for phase in [Phase::Flipping, Phase::Watching] {
        let late = proven().with_phase(phase).pass_smoke(&id("me"), &smoke);
        assert_eq!(late, PassSmoke::AlreadyRecorded, "{phase}");
    }
}

#[test]
fn only_the_holders_test_of_its_own_release_is_recorded() {
    refused(&deploying(), "me", "older", "does not hold the record");
    refused(
        &deploying(),
        "older",
        "me",
        "does not speak of release older",
    );
    refused(
        &Record::default(),
        "me",
        "me",
        "does not speak of release me",
    );
    let sync = Release {
        sync: true,
        ..release("me")
    };
    let syncing = Record {
        release: Some(sync),
        ..deploying()
    };
    refused(&syncing, "me", "me", "is a sync");
    let another = Release {
        to_digest: "sha256:another".into(),
        ..release("me")
    };
    let of_another = Record {
        release: Some(another),
        ..deploying()
    };
    refused(&of_another, "me", "me", "smoke test was of sha256:new");
}

#[test]
fn a_second_revision_does_not_replace_the_tested_one() {
    let other = proven().pass_smoke(&id("me"), &passed("me", "other"));
    let says = "says already that release me passed the smoke test with new";
    assert!(
        matches!(&other, PassSmoke::Refused(refusal) if refusal.as_str().contains(says)),
        "{other:?}"
    );
}

#[test]
fn nothing_is_recorded_once_the_release_has_flipped_or_ended() {
    for phase in [
        Phase::Flipping,
        Phase::Watching,
        Phase::Stable,
        Phase::RollingBack,
        Phase::RolledBack,
        Phase::Failed,
    ] {
        refused(
            &Record::test("me", phase),
            "me",
            "me",
            "past its smoke test",
        );
    }
    let ended = proven().with_phase(Phase::Failed);
    assert_eq!(ended.holder, Some(execution("me")));
    refused(&ended, "me", "me", "release me is failed");
}
