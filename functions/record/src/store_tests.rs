//! The tests of `store.rs`.

use super::*;
use crate::fixtures::{execution, request, watching_at};
use crate::history::EXPIRES_AT;
use crate::phase::Phase;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::mock_client;
use std::sync::{Arc, Mutex};

fn reads(record: Record) -> Rule {
    let item: Item = serde_dynamo::to_item(&record).expect("an item");
    mock!(Client::get_item).then_output(move || {
        GetItemOutput::builder()
            .set_item(Some(item.clone()))
            .build()
    })
}

fn store(rules: &[&Rule]) -> Store {
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, rules);
    Store::new(client, "releases".to_owned(), "shop".to_owned())
}

/// A transaction that is cancelled for one of its two writes.
fn canceled(code: &'static str) -> Rule {
    mock!(Client::transact_write_items).then_error(move || {
        let codes = ["None", code].map(|code| CancellationReason::builder().code(code).build());
        let canceled = TransactionCanceledException::builder();
        let canceled = canceled.set_cancellation_reasons(Some(codes.to_vec()));
        TransactWriteItemsError::TransactionCanceledException(canceled.build())
    })
}

#[tokio::test]
async fn a_record_survives_the_way_to_the_table_and_back() {
    let record = Record::test("me", Phase::Watching).leased_by("me", 30);
    let read = reads(record.clone());
    assert_eq!(store(&[&read]).load().await.expect("a record"), record);
}

#[tokio::test]
async fn a_lost_race_decides_anew_on_the_record_as_it_is_now() {
    let (first, second) = (
        reads(Record::test("a", Phase::Watching)),
        reads(Record::test("b", Phase::Watching)),
    );
    let (lost, saved) = (canceled("ConditionalCheckFailed"), saves());
    let store = store(&[&first, &lost, &second, &saved]);
    let holder = store
        .change(|record| (Some(record.clone()), record.holder.clone()))
        .await;
    assert_eq!(holder.expect("saved"), Some(execution("b")));
    assert_eq!(saved.num_calls(), 1);
}

#[tokio::test]
async fn who_has_the_record_writes_at_once_and_reads_only_where_somebody_else_was_faster() {
    let record = Record::test("a", Phase::Watching);
    let (saved, lost, anew) = (saves(), canceled("TransactionConflict"), saves());
    let second = reads(Record::test("b", Phase::Watching));
    let holder = |record: &Record| (Some(record.clone()), record.holder.clone());
    let at_once = store(&[&saved]).change_from(record.clone(), holder).await;
    assert_eq!(at_once.expect("saved"), Some(execution("a")));
    let store = store(&[&lost, &second, &anew]);
    let changed = store.change_from(record, holder).await;
    assert_eq!(changed.expect("saved"), Some(execution("b")));
    assert_eq!((second.num_calls(), anew.num_calls()), (1, 1));
}

fn saves() -> Rule {
    mock!(Client::transact_write_items).then_output(|| TransactWriteItemsOutput::builder().build())
}

/// The items that a change of this record to the next one writes, in one transaction.
async fn written(record: Record, next: Record, history_days: u32) -> Vec<Item> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let writes = Arc::clone(&seen);
    let saved = mock!(Client::transact_write_items)
        .match_requests(move |input| {
            let puts = input.transact_items().iter().filter_map(|it| it.put());
            writes
                .lock()
                .expect("no panic")
                .extend(puts.map(|it| it.item().clone()));
            true
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let read = reads(record);
    let store = store(&[&read, &saved]).keeping_history(history_days);
    let change = store.change(|_| (Some(next.clone()), ()));
    change.await.expect("saved");
    assert_eq!(saved.num_calls(), 1);
    seen.lock().expect("no panic").clone()
}

fn names(items: &[Item]) -> Vec<String> {
    let names = items.iter().filter_map(|it| it["item"].as_s().ok());
    names.cloned().collect()
}

/// The end of a release, and a flip back long after it: neither item replaces the other.
#[tokio::test]
async fn the_history_is_written_with_the_record_and_an_item_of_it_for_each_end() {
    let watching = watching_at(100);
    let stable = Record {
        holder: None,
        ..watching.with_phase(Phase::Stable)
    };
    let end = "release#2027-01-15T08:00:00+00:00#me";
    let items = written(watching.clone(), stable.clone(), 0).await;
    assert_eq!(names(&items), ["record", end]);
    let rolling_back = stable.with_phase(Phase::RollingBack);
    let rolled_back = rolling_back.with_phase(Phase::RolledBack);
    let later = format!("{end}#flip-back");
    for (before, after) in [(&stable, &rolling_back), (&rolling_back, &rolled_back)] {
        let items = written(before.clone(), after.clone(), 0).await;
        assert_eq!(names(&items), ["record", &later]);
    }
    let nothing = written(watching.clone(), watching, 0).await;
    assert_eq!(names(&nothing), ["record"]);
}

#[tokio::test]
async fn the_history_may_expire_and_the_record_never_does() {
    let stable = Record {
        holder: None,
        ..watching_at(100).with_phase(Phase::Stable)
    };
    for days in [0, 400] {
        let items = written(watching_at(100), stable.clone(), days).await;
        let expire: Vec<bool> = items.iter().map(|it| it.contains_key(EXPIRES_AT)).collect();
        assert_eq!(expire, [false, days > 0]);
    }
}

/// Changes the record while every write is cancelled for this reason; with the number of writes.
async fn change_while_canceled(code: &'static str) -> (Error, usize) {
    let (read, write) = (reads(Record::test("a", Phase::Watching)), canceled(code));
    let rules = [&read, &write];
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules);
    let store = Store::new(client, "releases".to_owned(), "shop".to_owned());
    let change = store.change(|record| (Some(record.clone()), ()));
    (change.await.expect_err("not written"), write.num_calls())
}

#[tokio::test]
async fn only_somebody_elses_write_is_a_lost_race() {
    for (code, expect, writes) in [
        ("ConditionalCheckFailed", "RecordContention", TRIES),
        ("TransactionConflict", "RecordContention", TRIES),
        ("ThrottlingError", "AwsUnavailable", TRIES),
        ("ProvisionedThroughputExceeded", "AwsUnavailable", TRIES),
        ("ValidationError", "UnexpectedAnswer", 1),
        ("ItemCollectionSizeLimitExceeded", "UnexpectedAnswer", 1),
    ] {
        let (error, tried) = change_while_canceled(code).await;
        assert_eq!((error.name(), tried), (expect, writes), "{error}");
        let says_why = error.to_string().contains(code);
        assert_eq!(says_why, expect != "RecordContention", "{error}");
    }
}

#[tokio::test]
async fn nothing_to_write_makes_no_write_call() {
    let read = reads(Record {
        newest: Some(request("a", 1)),
        ..Record::default()
    });
    let answer = store(&[&read])
        .change(|record| (None, record.newest.is_some()))
        .await;
    assert!(answer.expect("read"));
}

/// The SDK cannot be made to build a value of a type that it does not know: it is read from an answer.
fn answering(body: &'static str) -> Store {
    let http =
        aws_smithy_http_client::test_util::infallible_client_fn(move |_| http::Response::new(body));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_dynamodb::config::Region::new("eu-west-1"))
        .credentials_provider(aws_sdk_dynamodb::config::Credentials::new(
            "key", "secret", None, None, "test",
        ))
        .http_client(http);
    let client = Client::from_conf(config.build());
    Store::new(client, "releases".to_owned(), "shop".to_owned())
}

#[tokio::test]
async fn a_value_of_an_unknown_type_is_an_answer_that_cannot_be_used() {
    for body in [
        r#"{"Item": {"holder": {"NEW": "x"}}}"#,
        r#"{"Item": {"holder": {"M": {"deep": {"L": [{"NEW": "x"}]}}}}}"#,
    ] {
        let error = answering(body).load().await.expect_err("unreadable");
        assert_eq!(error.name(), "UnexpectedAnswer");
        assert!(error.to_string().contains("attribute holder"), "{error}");
    }
}
