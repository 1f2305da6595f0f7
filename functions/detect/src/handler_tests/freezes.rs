//! Freezes and the release window at detect's edge: what each kind of request meets, and what is written of it.

use super::asking::{answered, ask_since, context, plan_of, refused, writes};
use super::bars::{frozen, frozen_by, push};
use super::contracts::{contract, expanded};
use super::people::word_of;
use super::records::{ME, held_by, newest, stable};
use super::registry::images;
use crate::decisions::AfterFreeze;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use chrono::{TimeDelta, Utc};
use record::{HeldBack, Record};
use serde_json::json;

#[tokio::test]
async fn a_push_is_held_back_by_one_write_and_beside_a_release_too() {
    let beside = frozen_by("arn:other", None, held_by("old"));
    let unqueued = |record| Record {
        newest: None,
        ..record
    };
    for record in [frozen(), beside] {
        let (answer, writes) = answered(unqueued(record), Running, push()).await;
        let Answer::HeldBack { reason } = answer else {
            panic!("not held back: {answer:?}")
        };
        let expect = "by ana: looks good. This push is held back";
        assert!(reason.contains(expect), "{reason}");
        assert_eq!(writes, 1);
    }
}

/// Whoever has ended the freeze has learnt that it does not begin.
#[tokio::test]
async fn a_push_whose_answer_was_lost_stays_held_back_after_the_freeze() {
    let mut record = frozen();
    let request = record.newest.clone().expect("a request");
    record.held_back = Some(HeldBack { request, tag: None });
    record.freeze.as_mut().expect("a freeze").ended = Some(word_of("arn:other"));
    let (answer, writes) = answered(record, Running, push()).await;
    assert!(matches!(answer, Answer::HeldBack { .. }), "{answer:?}");
    assert_eq!(writes, 0);
}

#[tokio::test]
async fn where_the_newest_is_to_be_released_a_push_waits_for_the_end_of_the_freeze() {
    let soon = Utc::now() + TimeDelta::seconds(20);
    // It has waited for an hour: a 20th of that.
    let since = Utc::now() - TimeDelta::hours(1);
    for (until, most) in [(Some(soon), 21), (None, 181)] {
        let record = frozen_by("arn:other", until, stable());
        let mut context = context(record, &writes(), &images(1), Running);
        context.decisions.after_freeze = AfterFreeze::Release;
        let answer = json!(ask_since(&context, push(), since).await);
        assert_eq!(
            (&answer["decision"], &answer["heldBack"]),
            (&json!("wait"), &json!(true))
        );
        let seconds = answer["seconds"].as_i64().expect("seconds");
        assert!((1..=most).contains(&seconds), "{seconds}");
    }
}

#[tokio::test]
async fn operators_are_refused_before_anything_is_written_unless_they_override() {
    let expect = "To begin all the same, add \"override\"";
    for request in [json!({"tag": "v1.1.0"}), json!({"action": "sync"})] {
        refused(frozen(), Running, request, expect).await;
    }
    let record = frozen_by("arn:other", None, expanded(2));
    refused(record.clone(), Running, contract(), expect).await;
    let mut overriding = contract();
    overriding["override"] = json!("hot fix");
    let (answer, writes) = answered(record, Running, overriding).await;
    let Answer::Contract { reason, .. } = answer else {
        panic!("no contract: {answer:?}")
    };
    assert!(
        reason.contains("begun although releases are frozen"),
        "{reason}"
    );
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn an_override_begins_and_stands_among_the_warnings() {
    let record = frozen_by("arn:other", None, newest());
    let request = json!({"tag": "v1.1.0", "override": "hot fix"});
    let (answer, writes) = answered(record, Running, request).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    let warning = plan
        .warnings
        .iter()
        .find(|it| it.starts_with("begun although"));
    let warning = warning.expect("a warning");
    assert!(
        warning.ends_with("by ana: looks good: hot fix"),
        "{warning}"
    );
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn what_has_begun_before_the_freeze_goes_on_and_a_rollback_always_works() {
    let begun = frozen_by("arn:other", None, held_by(ME));
    let (answer, writes) = answered(begun, Running, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(writes, 0);
    let (answer, _) = answered(frozen(), Running, json!({"action": "rollback"})).await;
    assert!(matches!(answer, Answer::Rollback { .. }), "{answer:?}");
    let (answer, _) = answered(frozen(), Running, json!({"action": "report-drift"})).await;
    assert!(
        matches!(answer, Answer::Skip { .. } | Answer::Drifted { .. }),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_preview_says_what_a_freeze_would_do_and_shows_the_plan_all_the_same() {
    for (request, expect, says) in [
        (
            push(),
            PreviewedAction::Release,
            "so it would be held back; then: ",
        ),
        (
            json!({"tag": "v1.1.0"}),
            PreviewedAction::Refuse,
            "so it would be refused without an override; then: ",
        ),
        (
            json!({"tag": "v1.1.0", "override": "hot fix"}),
            PreviewedAction::Release,
            "host/shop@sha256:new from blue to green",
        ),
    ] {
        let record = Record {
            newest: None,
            ..frozen()
        };
        let (answer, writes) = answered(record, Running, plan_of(&request)).await;
        let Answer::Preview {
            would,
            reason,
            plan,
            ..
        } = answer
        else {
            panic!("no preview of {request}: {answer:?}")
        };
        assert_eq!(
            (would, plan.is_some(), writes),
            (expect, true, 0),
            "{request}"
        );
        assert!(reason.contains(says), "{reason}");
    }
}

#[tokio::test]
async fn a_preview_beside_a_release_names_the_freeze_which_is_met_first() {
    let beside = frozen_by("arn:other", None, held_by("old"));
    let (answer, _) = answered(beside, Running, plan_of(&json!({"tag": "v1.1.0"}))).await;
    let Answer::Preview { would, reason, .. } = answer else {
        panic!("no preview: {answer:?}")
    };
    assert_eq!(would, PreviewedAction::Refuse);
    assert!(reason.starts_with("releases are frozen"), "{reason}");
}
