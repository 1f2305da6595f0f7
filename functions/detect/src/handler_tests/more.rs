//! Plans and syncs at detect's edge: what each answers, and how often it writes.

use super::asking::{answered, images, plan_of, planned, refused, stable};
use super::contracts::contract;
use super::world::{ME, ask_for, detect, held_by, image_found, mine, mute, services, writes};
use crate::handler::Detect;
use crate::task::{Answer, Would};
use aws_sdk_sfn::types::ExecutionStatus::{Running, Succeeded};
use serde_json::json;
use shared::Environment;
use shared::record::Record;
use shared::store::Store;

#[tokio::test]
async fn a_plan_of_a_release_takes_no_place_and_claims_nothing() {
    let unasked = Record {
        newest: None,
        ..stable()
    };
    let (would, reason, plan, _) = planned(unasked, json!({"tag": "v1.1.0"})).await;
    assert_eq!((would, plan), (Would::Release, true));
    assert_eq!(reason, "host/shop@sha256:new from blue to green");
}

#[tokio::test]
async fn a_plan_of_a_sync_names_the_live_image_and_writes_nothing() {
    let (would, reason, plan, _) = planned(stable(), json!({"action": "sync"})).await;
    assert_eq!((would, plan), (Would::Sync, true));
    assert_eq!(reason, "host/shop@sha256:live from blue to green");
}

#[tokio::test]
async fn a_plan_of_a_rollback_moves_and_writes_nothing() {
    let rollback = json!({"action": "rollback", "reason": "too slow"});
    let (would, reason, plan, _) = planned(stable(), rollback).await;
    assert_eq!((would, plan), (Would::Rollback, false));
    assert_eq!(reason, "too slow");
}

#[tokio::test]
async fn a_plan_beside_a_running_release_says_that_it_would_wait() {
    let (would, reason, ..) = planned(held_by("old"), json!({"tag": "v1.1.0"})).await;
    assert_eq!(would, Would::Release);
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
    let (would, reason, ..) = planned(held_by("old"), sync).await;
    assert_eq!(would, Would::Refuse, "{reason}");
    assert!(reason.contains(expect), "{reason}");
}

#[tokio::test]
async fn a_sync_claims_the_record_with_one_write_and_takes_no_requests_place() {
    let other = Record {
        newest: None,
        ..stable()
    };
    let (answer, writes) = answered(other, Succeeded, json!({"action": "sync"})).await;
    let Answer::Sync { plan, .. } = answer else {
        panic!("no sync: {answer:?}")
    };
    assert_eq!((plan.to, plan.sync), (Environment::Green, true));
    assert_eq!(plan.image.digest, "sha256:live");
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn a_release_delivered_twice_does_not_refuse_what_it_has_claimed_itself() {
    let write = writes();
    let mut detect = detect(held_by(ME), &write, &images(1), Running);
    detect.world.ecs = services("sha256:before");
    detect.rules.refuse_on = vec!["idle-drifted".to_owned()];
    let answer = ask_for(&detect, json!({"tag": "v1.1.0"})).await;
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
        let Answer::Refuse { reason } = answer else {
            panic!("not refused: {answer:?}")
        };
        assert!(reason.contains("the SQL must not run"), "{reason}");
        let planned = ask_for(&unreachable(), plan_of(&request)).await;
        assert_eq!(planned, Answer::plan(Would::Refuse, reason));
    }
}

/// Every call to AWS is an error, and so would be the answer.
fn unreachable() -> Detect {
    let mut detect = detect(mine(), &writes(), &image_found(), Running);
    detect.store = Store::new(mute!(aws_sdk_dynamodb), String::new(), String::new());
    detect.sfn = mute!(aws_sdk_sfn);
    detect.images.ecr = mute!(aws_sdk_ecr);
    detect.images.ecs = mute!(aws_sdk_ecs);
    detect.world.ecs = mute!(aws_sdk_ecs);
    detect.world.elb = mute!(aws_sdk_elasticloadbalancingv2);
    detect
}
