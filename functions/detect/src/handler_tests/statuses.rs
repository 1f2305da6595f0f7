//! The status at detect's edge: it reads everything, and writes nothing.

use super::asking::{ask_for, context, plan_of, writes};
use super::aws::splitting;
use super::people::{OLD, in_progress};
use super::records::stable;
use super::registry::images;
use crate::claim::Context;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_sfn::types::ExecutionStatus::{self, Aborted, Running};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;
use record::{Phase, Record, Release, Store};
use serde_dynamo::aws_sdk_dynamodb_1::to_item;
use serde_json::{Value, json};

/// A release that has ended stable.
pub fn ended() -> Release {
    Release {
        tag: Some("v1.0.0".to_owned()),
        to_digest: "sha256:live".into(),
        phase: Phase::Stable,
        ..fixtures::release("r1")
    }
}

/// The history has this one release.
pub fn with_history(record: Record, ended: &Release, holder: ExecutionStatus) -> Context {
    let ended = to_item(ended).expect("an item");
    let item = to_item(&record).expect("an item");
    let read = mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        GetItemOutput::builder()
            .set_item(Some(item.clone()))
            .build()
    });
    let query = mock!(aws_sdk_dynamodb::Client::query)
        .then_output(move || QueryOutput::builder().items(ended.clone()).build());
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&read, &query]);
    let mut context = context(Record::default(), &writes(), &images(1), holder);
    context.store = Store::new(table, "releases".to_owned(), "shop".to_owned());
    context
}

async fn status(context: &Context) -> Value {
    let answer = json!(ask_for(context, json!({"action": "status"})).await);
    assert_eq!(answer["decision"], "status");
    answer
}

#[tokio::test]
async fn a_status_names_what_is_live_and_the_last_releases() {
    let answer = status(&with_history(stable(), &ended(), Running)).await;
    let status = &answer["status"];
    assert_eq!(
        (&status["service"], &status["active"]),
        (&json!("shop"), &json!("blue"))
    );
    assert_eq!(status["version"]["tag"], "v1.0.0");
    assert_eq!(status["lastReleases"][0]["release"], "r1");
    assert_eq!(
        answer["reason"],
        "blue is active with v1.0.0; nothing is in progress"
    );
}

#[tokio::test]
async fn a_release_with_a_part_of_the_traffic_leaves_the_other_environment_active() {
    for (holder, expect) in [(Running, Value::Null), (Aborted, json!("the next request"))] {
        let mut context = with_history(in_progress(Phase::Watching), &ended(), holder);
        context.observer.elb = splitting(10);
        let answer = status(&context).await;
        let progress = &answer["status"]["inProgress"];
        assert_eq!(answer["status"]["active"], "blue");
        assert_eq!(
            (&progress["holder"], &progress["share"]),
            (&json!(OLD), &json!(10))
        );
        let waits_for = progress["waitsFor"].as_str().unwrap_or_default();
        assert!(
            waits_for.starts_with(expect.as_str().unwrap_or_default()),
            "{waits_for}"
        );
    }
}

#[tokio::test]
async fn a_status_cannot_be_planned_and_neither_can_a_word() {
    for request in [
        json!({"action": "status"}),
        json!({"action": "hold", "release": "r1"}),
    ] {
        let context = with_history(stable(), &ended(), Running);
        let answer = json!(ask_for(&context, plan_of(&request)).await);
        assert_eq!(answer["decision"], "refuse");
        let reason = answer["reason"].as_str().expect("a reason");
        assert!(reason.contains("{\"action\":\"status\"} shows"), "{reason}");
    }
}
