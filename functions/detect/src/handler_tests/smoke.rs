//! What detect writes into the record about a smoke test.

use super::asking::{context, writes};
use super::records::{ME, held_by, newest};
use super::registry::image_found;
use crate::handler::handle;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use record::{PassedSmoke, Record};
use serde_json::{Value, json};

/// What smoke answers for the release that `ME` holds the record for.
fn passed() -> Value {
    json!({"passed": true, "release": ME, "digest": "sha256:new"})
}

/// Tells detect what smoke answered: what it answers, and how often it writes.
async fn told(record: Record, smoke: Value) -> (bool, String, usize) {
    let write = writes();
    let context = context(record, &write, &image_found(), Running);
    let execution = json!({"id": ME, "name": "me", "startTime": "2026-11-23T12:00:00Z"});
    let task = json!({"action": "pass-smoke", "execution": execution, "release": ME, "smoke": smoke, "taskDefinition": "shop:8"});
    let answer = handle(&context, task).await.expect("an answer");
    let answer = serde_json::to_value(answer).expect("JSON");
    let reason = answer["reason"].as_str().expect("a reason").to_owned();
    (answer["recorded"] == true, reason, write.num_calls())
}

#[tokio::test]
async fn a_passed_smoke_test_is_written_once() {
    let (recorded, _, written) = told(held_by(ME), passed()).await;
    assert_eq!((recorded, written), (true, 1));
    let mut record = held_by(ME);
    let release = record.release.as_mut().expect("a release");
    release.passed_smoke = Some(PassedSmoke {
        execution: ME.into(),
        digest: "sha256:new".into(),
        task_definition: "shop:8".to_owned(),
    });
    let (recorded, _, written) = told(record, passed()).await;
    assert_eq!((recorded, written), (true, 0), "delivered again");
}

#[tokio::test]
async fn what_is_no_pass_of_this_release_is_not_written_and_says_why() {
    let check = async |record: Record, change: Value, says: &str| {
        let mut smoke = passed();
        for (name, value) in change.as_object().into_iter().flatten() {
            smoke[name] = value.clone();
        }
        let (recorded, reason, written) = told(record, smoke).await;
        assert_eq!((recorded, written), (false, 0), "{reason}");
        assert!(reason.contains(says), "{reason}");
    };
    let held = || held_by(ME);
    check(held(), json!({"passed": false}), "did not pass").await;
    check(held(), json!({"release": "r0"}), "one of release r0").await;
    check(
        held(),
        json!({"digest": "sha256:old"}),
        "test was of sha256:old",
    )
    .await;
    check(held_by("old"), json!({}), "does not speak of release").await;
    check(newest(), json!({}), "does not speak of release").await;
}
