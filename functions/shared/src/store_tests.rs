//! The tests of `store.rs`.

use super::*;
use crate::record::Phase;
use crate::record::fixtures::request;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};

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

fn lost() -> Rule {
    mock!(Client::transact_write_items).then_error(|| {
        TransactWriteItemsError::TransactionCanceledException(
            TransactionCanceledException::builder().build(),
        )
    })
}

#[tokio::test]
async fn a_record_survives_the_way_to_the_table_and_back() {
    let record = Record::test("me", Phase::Watching).written_by("me", 30);
    let read = reads(record.clone());
    assert_eq!(store(&[&read]).load().await.expect("a record"), record);
}

#[tokio::test]
async fn a_lost_race_decides_anew_on_the_record_as_it_is_now() {
    let (first, second) = (
        reads(Record::test("a", Phase::Watching)),
        reads(Record::test("b", Phase::Stable)),
    );
    let lost = lost();
    let saved = mock!(Client::transact_write_items)
        .match_requests(|input| input.transact_items().len() == 2)
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let store = store(&[&first, &lost, &second, &saved]);
    let seen = store
        .change(|record| (Some(record.clone()), record.holder.clone()))
        .await;
    assert_eq!(seen.expect("saved").as_deref(), Some("b"));
    assert_eq!(
        saved.num_calls(),
        1,
        "an ended release is written to the history with the record"
    );
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
        .with_test_defaults()
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
