//! Keeps the release record in DynamoDB, and a copy of every ended release as its history.
//!
//! Table: partition key `service`, sort key `item`; the record is the item `record`, an ended release is
//! `release#<claimed at>#<id>`.

use crate::record::{Record, Release};
use crate::{Error, excerpt};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Display;

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
        let Some(item) = output.item else {
            return Ok(Record::default());
        };
        if let Some((name, _)) = item.iter().find(|(_, value)| !is_known(value)) {
            let reason = format!("attribute {name} holds a value of a type that is not known");
            return Err(self.unreadable(&reason));
        }
        serde_dynamo::from_item(item).map_err(|error| self.unreadable(&error))
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
            .filter(|release| release.phase.is_terminal() || record.holder.is_none())
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

    fn unreadable(&self, error: &dyn Display) -> Error {
        Error::UnexpectedAnswer(format!(
            "the release record of {} in table {} does not have the expected shape: {}. \
             Compare it with its history items; removing it makes the next release start from the live rule.",
            self.service,
            self.table,
            excerpt(&error.to_string())
        ))
    }
}

/// Whether the SDK knew the type of a value and of all that it holds; serde_dynamo panics where it did not.
fn is_known(value: &AttributeValue) -> bool {
    match (value.as_m(), value.as_l()) {
        (Ok(fields), _) => fields.values().all(is_known),
        (_, Ok(items)) => items.iter().all(is_known),
        _ => !value.is_unknown(),
    }
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
