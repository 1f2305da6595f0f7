//! Reads the history: the latest releases that have ended.

use crate::history::KEYS;
use crate::release::Release;
use crate::store::Store;
use aws_sdk_dynamodb::types::AttributeValue;
use shared::Error;

/// The latest items of the history, at most so many, in one call: the latest release first, and the flip back after its end
/// before that end.
///
/// # Errors
/// The named errors of `dynamodb:Query`, and `UnexpectedAnswer` where an item is no release.
pub async fn latest_ends(store: &Store, most: i32) -> Result<Vec<Release>, Error> {
    let output = store
        .client
        .query()
        .table_name(&store.table)
        .key_condition_expression("#service = :service AND begins_with(#item, :release)")
        .expression_attribute_names("#service", "service")
        .expression_attribute_names("#item", "item")
        .expression_attribute_values(":service", AttributeValue::S(store.service.clone()))
        .expression_attribute_values(":release", AttributeValue::S(KEYS.to_owned()))
        .scan_index_forward(false)
        .limit(most)
        .send()
        .await
        .map_err(|error| Error::from_sdk("dynamodb:Query", error))?;
    let items = output.items.unwrap_or_default().into_iter();
    items.map(|item| store.read(item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ending::Ending;
    use crate::fixtures::{at, release};
    use crate::history::HistoryItem;
    use crate::phase::Phase;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::query::QueryOutput;
    use aws_smithy_mocks::{RuleMode, mock};
    use fixtures::mock_client;
    use std::collections::HashMap;

    fn ended(name: &str) -> Release {
        Release {
            phase: Phase::Stable,
            ..release(name)
        }
    }

    fn item(name: &str) -> HashMap<String, AttributeValue> {
        let ending = Ending {
            release: ended(name),
            later: false,
            end: None,
        };
        serde_dynamo::to_item(HistoryItem::of(&ending, at(0), 400)).expect("an item")
    }

    #[tokio::test]
    async fn the_history_is_read_by_one_query_latest_first() {
        let query = mock!(Client::query)
            .match_requests(|it| it.scan_index_forward() == Some(false) && it.limit() == Some(10))
            .then_output(|| {
                let items = vec![item("second"), item("first")];
                QueryOutput::builder().set_items(Some(items)).build()
            });
        let rules = [&query];
        let client = mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, rules);
        let store = Store::new(client, "releases".to_owned(), "shop".to_owned());
        let releases = latest_ends(&store, 10).await.expect("a history");
        assert_eq!(releases, [ended("second"), ended("first")]);
    }
}
