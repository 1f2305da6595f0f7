//! Keeps the release record in DynamoDB, and a copy of every ended release as its history.
//!
//! Table: partition key `service`, sort key `item`; the record is the item `record`, an ended release is
//! `release#<claimed at>#<id>`.

use crate::Error;
use crate::record::{Record, Release};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use serde::Serialize;
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

/// Tries to change the record before giving up; each lost try means that somebody else's change went through.
const TRIES: usize = 5;

/// The record of one service in its table.
pub struct Store {
    client: Client,
    table: String,
    service: String,
}

impl Store {
    pub fn new(client: Client, table: String, service: String) -> Store {
        Store {
            client,
            table,
            service,
        }
    }

    /// Reads the record, consistently. A service that was never released has the default one.
    pub async fn load(&self) -> Result<Record, Error> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(self.key("record")))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::from_sdk("dynamodb:GetItem", error))?;
        output.item.map_or_else(
            || Ok(Record::default()),
            |item| serde_dynamo::from_item(item).map_err(|error| self.unreadable(&error)),
        )
    }

    /// Reads the record, lets `transition` decide, and writes what it gives if nobody changed the record in
    /// between; if somebody did, decides anew.
    ///
    /// `transition` gives the record to write, or none when there is nothing to write, and its answer.
    pub async fn change<T>(
        &self,
        transition: impl Fn(&Record) -> (Option<Record>, T),
    ) -> Result<T, Error> {
        for _ in 0..TRIES {
            let record = self.load().await?;
            let (next, answer) = transition(&record);
            let Some(next) = next else { return Ok(answer) };
            if self.save(record.version, next).await? {
                return Ok(answer);
            }
        }
        Err(Error::RecordContention(format!(
            "the release record of {} changed {TRIES} times while it was being written",
            self.service
        )))
    }

    /// Writes the record where it still has `version`; answers whether it had.
    async fn save(&self, version: u64, mut record: Record) -> Result<bool, Error> {
        record.version = version + 1;
        let unchanged = if version == 0 {
            "attribute_not_exists(#version)"
        } else {
            "#version = :version"
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(self.item("record", &record)?))
            .condition_expression(unchanged)
            .expression_attribute_names("#version", "version")
            .set_expression_attribute_values(
                (version > 0).then(|| [(":version".to_owned(), number(version))].into()),
            );
        let mut writes = vec![TransactWriteItem::builder().put(self.built(put)?).build()];
        if let Some(ended) = record
            .release
            .as_ref()
            .filter(|release| release.phase.is_terminal())
        {
            writes.push(
                TransactWriteItem::builder()
                    .put(self.history(ended)?)
                    .build(),
            );
        }
        let result = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send()
            .await;
        match result {
            Ok(_) => Ok(true),
            Err(error) => {
                let lost = error
                    .as_service_error()
                    .is_some_and(|e| e.is_transaction_canceled_exception());
                if lost {
                    Ok(false)
                } else {
                    Err(Error::from_sdk("dynamodb:PutItem", error))
                }
            }
        }
    }

    fn history(&self, release: &Release) -> Result<Put, Error> {
        let name = format!("release#{}#{}", release.claimed_at.to_rfc3339(), release.id);
        self.built(
            Put::builder()
                .table_name(&self.table)
                .set_item(Some(self.item(&name, release)?)),
        )
    }

    fn built(&self, put: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<Put, Error> {
        put.build().map_err(|error| {
            Error::UnexpectedAnswer(format!("the write was not complete: {error}"))
        })
    }

    fn key(&self, item: &str) -> Item {
        [("service", &self.service), ("item", &item.to_owned())]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.clone())))
            .into()
    }

    fn item(&self, name: &str, value: &impl Serialize) -> Result<Item, Error> {
        let mut item: Item =
            serde_dynamo::to_item(value).map_err(|error| self.unreadable(&error))?;
        item.extend(self.key(name));
        Ok(item)
    }

    fn unreadable(&self, error: &serde_dynamo::Error) -> Error {
        Error::UnexpectedAnswer(format!(
            "the release record of {} in table {} does not have the expected shape: {error}. \
             Compare it with its history items; removing it makes the next release start from the live rule.",
            self.service, self.table
        ))
    }
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

#[cfg(test)]
mod tests {
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
}
