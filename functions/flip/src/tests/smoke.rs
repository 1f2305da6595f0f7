//! A flip begins only with what the record says has passed the smoke test.

use super::{invoke_by_record, reads, record, saves};
use crate::answer::Decision;
use record::{Phase, Record, Release};
use serde_json::{Value, json};

/// Refused for this reason, whatever else is read, and without a write.
async fn refused(record: Record, revision: Value, says: &str) {
    let plan = fixtures::release_plan();
    let mut task = json!({"action": "flip", "plan": plan, "execution": "arn:r1", "wanted": 2});
    if revision != Value::Null {
        task["taskDefinition"] = revision;
    }
    let (read, saved) = (reads(record), saves());
    let answer = invoke_by_record(100, task, &[&read, &saved]).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision, saved.num_calls()), (Decision::Refused, 0));
    assert!(answer.reason.contains(says), "{}", answer.reason);
}

/// As an earlier version of detect leaves it, and as every record is before the smoke test.
fn untested() -> Record {
    let record = record(Phase::Deploying);
    let release = record.release.map(|release| Release {
        passed_smoke: None,
        ..release
    });
    Record { release, ..record }
}

#[tokio::test]
async fn a_flip_that_the_record_knows_no_smoke_test_for_changes_nothing() {
    let says = "release its image again";
    refused(untested(), json!("shop:2"), says).await;
    refused(untested(), Value::Null, says).await;
    let deploying = || record(Phase::Deploying);
    refused(
        deploying(),
        json!("shop:3"),
        "with shop:3: it did with shop:2",
    )
    .await;
    refused(deploying(), Value::Null, "not named").await;
}
