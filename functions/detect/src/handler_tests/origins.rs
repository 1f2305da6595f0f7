//! What a claim and a contract step write of who asked, and whose events start nothing.

use super::asking::{ask_for, context, refused};
use super::bars::push;
use super::builds::written;
use super::contracts::expanded;
use super::records::{newest, stable};
use super::registry::images;
use crate::request::MigrationStep;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::mock;
use record::Record;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// The record that the request's last write leaves, where the stack has a contract command of its own.
async fn left(record: Record, request: Value) -> Record {
    let last = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&last);
    let write = mock!(Client::transact_write_items)
        .match_requests(move |request| {
            *seen.lock().expect("a lock") = Some(written(request));
            true
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let mut context = context(record, &write, &images(1), Running);
    context.migrations.contract = Some(MigrationStep {
        command: vec!["bin/ours".to_owned()],
        sql: None,
    });
    let answer = ask_for(&context, request).await;
    let left = last.lock().expect("a lock").take();
    left.unwrap_or_else(|| panic!("nothing is written: {answer:?}"))
}

#[tokio::test]
async fn a_claim_keeps_who_asked_and_whose_command_runs() {
    let digest = format!("shop@sha256:{}", "a1".repeat(32));
    let brings = json!({"tag": "v1.1.0", "migration": {"command": ["m"]}, "override": "hot fix"});
    let by = json!({"tag": "v1.1.0", "by": "ada", "reason": "it mends the checkout"});
    let ci = json!({"action": "from-ci", "request": {"tag": "v1.1.0", "by": "build 7"}});
    let of = |request: &str, source: &str, more: Value| {
        let mut origin = json!({"request": request, "source": source});
        let more = more.as_object().cloned().unwrap_or_default();
        origin.as_object_mut().expect("an object").extend(more);
        origin
    };
    let account = json!({"event": "1", "account": "111122223333"});
    let why = json!({"reason": "hot fix", "commands": "request"});
    let ada = json!({"by": "ada", "reason": "it mends the checkout"});
    for (record, request, expect) in [
        (newest(), push(), of("push", "event", account)),
        (
            newest(),
            json!({ "image": digest }),
            of("image", "execution", json!({})),
        ),
        (newest(), brings, of("tag", "execution", why)),
        (newest(), by, of("tag", "execution", ada)),
        (newest(), ci, of("tag", "ci", json!({"by": "build 7"}))),
        (
            stable(),
            json!({"action": "sync", "by": "ben"}),
            of("sync", "execution", json!({"by": "ben"})),
        ),
    ] {
        let release = left(record, request).await.release.expect("a release");
        assert_eq!(json!(release.origin), expect);
    }
}

#[tokio::test]
async fn a_contract_step_keeps_who_asked_and_whose_command_runs() {
    for (request, commands) in [
        (json!({"action": "contract", "by": "ada"}), "stack"),
        (
            json!({"action": "contract", "by": "ada", "command": ["m"]}),
            "request",
        ),
    ] {
        let contract = left(expanded(2), request).await.contract;
        let expect = json!({"request": "contract", "source": "execution", "by": "ada", "commands": commands});
        assert_eq!(json!(contract.expect("a contract").origin), expect);
    }
}

#[tokio::test]
async fn an_event_of_another_account_starts_nothing() {
    let mut foreign = push();
    foreign["account"] = json!("999988887777");
    let expect =
        "expected an event of the registry's account 111122223333, found account 999988887777";
    refused(newest(), Running, foreign, expect).await;
}

#[tokio::test]
async fn what_ci_may_not_ask_for_is_refused_by_the_name_of_its_kind() {
    for (request, error) in [
        (json!({"action": "rollback"}), "ReleaseRefused"),
        (
            json!({"action": "hold", "release": "r1"}),
            "DecisionRefused",
        ),
    ] {
        let context = super::previews::unreachable();
        let from_ci = json!({"action": "from-ci", "request": request});
        let answer = json!(ask_for(&context, from_ci).await);
        let found = (&answer["decision"], &answer["error"]);
        assert_eq!(found, (&json!("refuse"), &json!(error)), "{answer}");
    }
}
