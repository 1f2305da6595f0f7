//! The beginning and the end of a freeze at detect's edge.

use super::asking::{answered, ask_since, context, refused, task, writes};
use super::bars::{frozen, frozen_by};
use super::records::{ME, noon, stable};
use super::registry::images;
use crate::handler::handle;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use chrono::{TimeDelta, Utc};
use record::HeldBack;
use serde_json::{Value, json};

#[tokio::test]
async fn a_freeze_and_its_end_are_one_write_each_and_name_what_was_held_back() {
    let now = Utc::now();
    let until = (now + TimeDelta::hours(1)).to_rfc3339();
    let freeze = json!({"action": "freeze", "by": "ana", "reason": "sale", "until": until});
    let write = writes();
    let context = context(stable(), &write, &images(1), Running);
    let answer = json!(ask_since(&context, freeze, now).await);
    assert_eq!(
        (&answer["decided"], write.num_calls()),
        (&json!("frozen"), 1)
    );
    assert_eq!(answer["release"], Value::Null);
    assert!(answer["until"].is_string(), "{answer}");

    let mut record = frozen();
    record.freeze.as_mut().expect("a freeze").decision.at = noon() - TimeDelta::hours(1);
    record.held_back = record.newest.clone().map(|request| HeldBack {
        request,
        tag: Some("v1.1.0".to_owned()),
    });
    let (answer, writes) = answered(record, Running, json!({"action": "unfreeze"})).await;
    let answer = json!(answer);
    assert_eq!((&answer["decided"], writes), (&json!("unfrozen"), 1));
    let held_back = answer["heldBack"].as_str().expect("a push");
    assert!(
        held_back.contains("request the image shop:v1.1.0@"),
        "{held_back}"
    );
}

#[tokio::test]
async fn a_freeze_of_more_than_a_year_is_refused() {
    let freeze = json!({"action": "freeze", "reason": "sale", "until": "2027-11-30T00:00:00Z"});
    refused(stable(), Running, freeze, "expected a time within 364 days").await;
    let freeze = json!({"action": "freeze", "reason": "sale", "until": "2026-11-23T12:00:01Z"});
    refused(
        stable(),
        Running,
        freeze,
        "expected an end of the freeze after",
    )
    .await;
}

#[tokio::test]
async fn the_end_of_a_freeze_is_told_once_and_only_by_who_has_frozen() {
    let past = Some(Utc::now() - TimeDelta::seconds(1));
    let future = Some(Utc::now() + TimeDelta::hours(1));
    for (record, expect) in [
        (frozen_by(ME, past, stable()), "decided"),
        (frozen_by(ME, future, stable()), "wait"),
        (frozen_by("arn:other", past, stable()), "skip"),
        (stable(), "skip"),
    ] {
        let write = writes();
        let context = context(record, &write, &images(1), Running);
        let end = task(ME, json!({"action": "end-freeze"}));
        let answer = json!(handle(&context, end).await.expect("an answer"));
        assert_eq!(
            (&answer["decision"], write.num_calls()),
            (&json!(expect), 0)
        );
    }
}
