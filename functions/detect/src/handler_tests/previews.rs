//! Previews and syncs at detect's edge: what each answers, and how often it writes.

use super::asking::{answered, ask_for, context, plan_of, previewed, refused, writes};
use super::aws::{mute, services};
use super::contracts::contract;
use super::records::{ME, held_by, newest, stable};
use super::registry::{image_found, images};
use crate::claim::Context;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_sfn::types::ExecutionStatus::{Running, Succeeded};
use record::{Record, Store};
use serde_json::json;
use shared::Environment;

#[tokio::test]
async fn a_preview_of_a_release_enqueues_nothing_and_claims_nothing() {
    let unqueued = Record {
        newest: None,
        ..stable()
    };
    let (would, reason, plan, _) = previewed(unqueued, json!({"tag": "v1.1.0"})).await;
    assert_eq!((would, plan), (PreviewedAction::Release, true));
    assert_eq!(reason, "host/shop@sha256:new from blue to green");
}

#[tokio::test]
async fn a_preview_of_a_sync_names_the_live_image_and_writes_nothing() {
    let (would, reason, plan, _) = previewed(stable(), json!({"action": "sync"})).await;
    assert_eq!((would, plan), (PreviewedAction::Sync, true));
    assert_eq!(reason, "host/shop@sha256:live from blue to green");
}

#[tokio::test]
async fn a_preview_of_a_rollback_flips_and_writes_nothing() {
    let rollback = json!({"action": "rollback", "reason": "too slow"});
    let (would, reason, plan, _) = previewed(stable(), rollback).await;
    assert_eq!((would, plan), (PreviewedAction::Rollback, false));
    assert_eq!(reason, "too slow");
}

#[tokio::test]
async fn a_preview_beside_a_running_release_says_that_it_would_wait() {
    let (would, reason, ..) = previewed(held_by("old"), json!({"tag": "v1.1.0"})).await;
    assert_eq!(would, PreviewedAction::Release);
    assert!(
        reason.starts_with("release old (deploying) of old holds the record, so it would wait"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_sync_is_refused_while_a_release_is_running() {
    let sync = json!({"action": "sync"});
    let expect = "release old (deploying) of old holds the record: a sync would end its flip back";
    refused(held_by("old"), Running, sync.clone(), expect).await;
    let (would, reason, ..) = previewed(held_by("old"), sync).await;
    assert_eq!(would, PreviewedAction::Refuse, "{reason}");
    assert!(reason.contains(expect), "{reason}");
}

#[tokio::test]
async fn a_sync_claims_the_record_with_one_write_and_takes_the_place_of_no_request() {
    let other = Record {
        newest: None,
        ..stable()
    };
    let (answer, writes) = answered(other, Succeeded, json!({"action": "sync"})).await;
    let Answer::Sync { plan, .. } = answer else {
        panic!("no sync: {answer:?}")
    };
    assert_eq!((plan.to, plan.sync), (Environment::Green, true));
    assert_eq!(plan.image.digest.as_str(), "sha256:live");
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn a_release_delivered_twice_does_not_refuse_what_it_has_claimed_itself() {
    let write = writes();
    let mut context = context(held_by(ME), &write, &images(1), Running);
    context.observer.ecs = services("sha256:before");
    context.preflight.refuse_on_warnings = vec!["idle-drifted".to_owned()];
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn destructive_sql_is_refused_before_any_call_to_aws() {
    let sql = |sql: &str| json!({"command": ["bin/migrate"], "sql": sql});
    let mut rename = contract();
    rename["sql"] = json!("ALTER TABLE notes RENAME TO remarks");
    for request in [
        json!({"tag": "v1.1.0", "migration": sql("DROP TABLE notes")}),
        rename,
    ] {
        let answer = ask_for(&unreachable(), request.clone()).await;
        let Answer::Refuse { reason, .. } = answer else {
            panic!("not refused: {answer:?}")
        };
        assert!(reason.as_str().contains("the SQL must not run"), "{reason}");
        let previewed = ask_for(&unreachable(), plan_of(&request)).await;
        let expect = Answer::Preview {
            would: PreviewedAction::Refuse,
            reason: reason.to_string(),
            findings: Vec::new(),
            plan: None,
            migration: None,
        };
        assert_eq!(previewed, expect);
    }
}

/// Every call to AWS is an error, and so would be the answer.
pub fn unreachable() -> Context {
    let mut context = context(newest(), &writes(), &image_found(), Running);
    context.store = Store::new(mute!(aws_sdk_dynamodb), String::new(), String::new());
    context.sfn = mute!(aws_sdk_sfn);
    context.observer.ecr = mute!(aws_sdk_ecr);
    context.observer.ecs = mute!(aws_sdk_ecs);
    context.observer.elb = mute!(aws_sdk_elasticloadbalancingv2);
    context
}
