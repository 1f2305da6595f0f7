//! The history of the releases, as the table holds it.

use crate::stage::Stage;
use anyhow::Result;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

impl Stage {
    /// The reasons of the history's items of a release; an item without one has an empty reason.
    ///
    /// # Errors
    /// AWS does not answer.
    pub async fn recorded_reasons(&self, release: &str) -> Result<Vec<String>> {
        let query = self.aws.dynamodb().query();
        let query = query
            .table_name(self.output("RecordTableName")?)
            .consistent_read(true)
            .key_condition_expression("#service = :service AND begins_with(#item, :release)")
            .expression_attribute_names("#service", "service")
            .expression_attribute_names("#item", "item")
            .expression_attribute_values(":service", AttributeValue::S(self.service.clone()))
            .expression_attribute_values(":release", AttributeValue::S("release#".to_owned()));
        let items = query.into_paginator().items().send();
        let items: Vec<Item> = items.try_collect().await?;
        let of_release = items.iter().filter(|item| text(item, "id") == release);
        let reasons = of_release.map(|item| text(item, "reason").to_owned());
        Ok(reasons.collect())
    }
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map_or("", String::as_str)
}
