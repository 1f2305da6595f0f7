//! The release window at detect's edge, and what becomes of an override and of a drift while nothing is to begin.

use super::asking::{answered, ask_for, context, writes};
use super::aws::services;
use super::bars::{closed_now, frozen, frozen_by, push};
use super::records::{ME, held_by, newest, stable};
use super::registry::images;
use crate::claim::Context;
use crate::decisions::ReleaseWindow;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use chrono::Utc;
use record::{Record, Time};
use serde_json::json;

fn closed(record: Record) -> Context {
    let mut context = context(record, &writes(), &images(1), Running);
    context.decisions.window = Some(closed_now());
    context
}

/// It was the newest before the window closed, and waited behind a release.
#[tokio::test]
async fn an_operators_request_that_has_waited_waits_for_its_hour_too() {
    let context = closed(newest());
    for request in [json!({"tag": "v1.1.0"}), push()] {
        let answer = json!(ask_for(&context, request).await);
        assert_eq!(
            (&answer["decision"], &answer["heldBack"]),
            (&json!("wait"), &json!(true))
        );
        assert!(answer["until"].is_string(), "{answer}");
    }
}

/// Its claim was written, and the answer lost.
#[tokio::test]
async fn what_a_release_has_overridden_is_told_although_an_earlier_try_has_claimed() {
    let begun = frozen_by("arn:other", None, held_by(ME));
    let request = json!({"tag": "v1.1.0", "override": "hot fix"});
    let (answer, writes) = answered(begun, Running, request).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    let warning = "begun with an override: hot fix".to_owned();
    assert!(plan.warnings.contains(&warning), "{:?}", plan.warnings);
    assert_eq!(writes, 0);
}

#[tokio::test]
async fn drift_is_reported_and_not_put_right_while_nothing_is_to_begin() {
    let open = || context(stable(), &writes(), &images(1), Running);
    let barred = context(frozen(), &writes(), &images(1), Running);
    for (mut context, why) in [
        (open(), None),
        (
            barred,
            Some("This is not put right now: releases are frozen"),
        ),
        (
            closed(stable()),
            Some("This is not put right now: the release window"),
        ),
    ] {
        context.observer.ecs = services("sha256:older");
        let sync = json!({"action": "sync", "if": "drifted"});
        let answer = json!(ask_for(&context, sync).await);
        let Some(why) = why else {
            assert_eq!(answer["decision"], "sync", "{answer}");
            continue;
        };
        assert_eq!(answer["decision"], "drifted", "{answer}");
        let reason = answer["reason"].as_str().expect("a reason");
        assert!(reason.contains(why), "{reason}");
    }
}

#[tokio::test]
async fn outside_of_its_window_a_push_waits_until_it_opens_and_an_operator_is_refused() {
    let first = Record {
        newest: None,
        ..newest()
    };
    let mut context = closed(first);
    let answer = json!(ask_for(&context, push()).await);
    assert_eq!(
        (&answer["decision"], &answer["heldBack"]),
        (&json!("wait"), &json!(true))
    );
    let until: Time = answer["until"]
        .as_str()
        .and_then(|it| it.parse().ok())
        .expect("a time");
    let seconds = answer["seconds"].as_i64().expect("seconds");
    assert!(
        (until - Utc::now()).num_seconds().abs_diff(seconds) < 5,
        "{answer}"
    );
    let answer = json!(ask_for(&context, json!({"tag": "v1.1.0"})).await);
    assert_eq!(answer["error"], "ReleaseRefused");
    context.decisions.window = Some(ReleaseWindow::read("tonight", "UTC"));
    let answer = json!(ask_for(&context, push()).await);
    let reason = answer["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("the parameter ReleaseWindow cannot be used"),
        "{reason}"
    );
}
