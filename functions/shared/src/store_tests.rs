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
