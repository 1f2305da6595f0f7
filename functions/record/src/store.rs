//! Keeps the release record in DynamoDB, and a copy of every ended release as its history (`history`). What a change
//! measures is written to the log (`measured`).
//!
//! Table: partition key `service`, sort key `item`; the record is the item `record`.

use crate::ending::Ending;
use crate::history::{self, HistoryItem};
use crate::measured::{About, measured};
use crate::not_saved::NotSaved;
use crate::record::Record;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::Utc;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::{Error, emf, excerpt};
use std::collections::HashMap;
use std::fmt::Display;

type Item = HashMap<String, AttributeValue>;

/// Tries to change the record before giving up. A lost try means that somebody else's change went through, or that
/// DynamoDB throttled.
const TRIES: usize = 5;

/// The record of one service in its table.
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) service: String,
    /// How long items of the history are kept, in days; 0: for ever.
    history_days: u32,
}

impl Store {
    /// A store that keeps the history for ever.
    pub fn new(client: Client, table: String, service: String) -> Store {
        Store {
            client,
            table,
            service,
            history_days: 0,
        }
    }

    /// The same, which lets DynamoDB remove items of the history after so many days; 0: never.
    pub fn keeping_history(self, days: u32) -> Store {
        Store {
            history_days: days,
            ..self
        }
    }

    /// Reads the record, consistently. A service that was never released has the default one.
    ///
    /// # Errors
    /// The named errors of `dynamodb:GetItem`, and `UnexpectedAnswer` where the item is no record.
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
        output
            .item
            .map_or_else(|| Ok(Record::default()), |item| self.read(item))
    }

    pub(crate) fn read<T: DeserializeOwned>(&self, item: Item) -> Result<T, Error> {
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
    ///
    /// # Errors
    /// As [`Store::load`]; `RecordContention` where the record changed at every try, `AwsUnavailable` where DynamoDB
    /// throttled the last one, and the named errors of the write.
    pub async fn change<T>(
        &self,
        transition: impl Fn(&Record) -> (Option<Record>, T),
    ) -> Result<T, Error> {
        self.change_from(self.load().await?, transition).await
    }

    /// The same, for who has just read the record: `transition` sees that one first, and what it gives is written only
    /// where the record is still that one.
    ///
    /// # Errors
    /// As [`Store::change`].
    pub async fn change_from<T>(
        &self,
        mut record: Record,
        transition: impl Fn(&Record) -> (Option<Record>, T),
    ) -> Result<T, Error> {
        let mut tries = 1;
        loop {
            let (next, answer) = transition(&record);
            let Some(next) = next else { return Ok(answer) };
            match self.save(&record, next).await {
                Ok(()) => return Ok(answer),
                Err(NotSaved::TryAgain(_)) if tries < TRIES => tries += 1,
                Err(NotSaved::TryAgain(error) | NotSaved::Failed(error)) => return Err(error),
            }
            record = self.load().await?;
        }
    }

    /// Writes the record where it is still `before`, with the item of what that ends, and measures the change.
    async fn save(&self, before: &Record, mut next: Record) -> Result<(), NotSaved> {
        next.version = before.version + 1;
        let mut writes = vec![self.put_record(before.version, &next)?];
        let (ending, now) = (Ending::of(before, &next), Utc::now());
        if let Some(ending) = &ending {
            let item = HistoryItem::of(ending, now, self.history_days);
            writes.push(self.put_history(&history::key(ending), &item)?);
        }
        let writes = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send();
        writes
            .await
            .map_err(|error| NotSaved::of(error, &self.service))?;
        let measured = measured(before, &next, ending.as_ref(), now);
        emf::emit(now, &measured, &About::of(&next, ending.as_ref()));
        Ok(())
    }

    fn put_record(&self, version: u64, record: &Record) -> Result<TransactWriteItem, Error> {
        let unchanged = if version == 0 {
            "attribute_not_exists(#version)"
        } else {
            "#version = :version"
        };
        let read = (version > 0).then(|| {
            let version = AttributeValue::N(version.to_string());
            [(":version".to_owned(), version)].into()
        });
        let put = Put::builder()
            .set_item(Some(self.item("record", record)?))
            .condition_expression(unchanged)
            .expression_attribute_names("#version", "version")
            .set_expression_attribute_values(read);
        self.built(put)
    }

    /// No condition: that of the record holds for the whole transaction.
    fn put_history(&self, key: &str, item: &HistoryItem<'_>) -> Result<TransactWriteItem, Error> {
        self.built(Put::builder().set_item(Some(self.item(key, item)?)))
    }

    fn built(&self, put: PutBuilder) -> Result<TransactWriteItem, Error> {
        let put = put.table_name(&self.table).build().map_err(|error| {
            Error::UnexpectedAnswer(format!("the write was not complete: {error}"))
        })?;
        Ok(TransactWriteItem::builder().put(put).build())
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

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
