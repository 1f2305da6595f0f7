//! Reads the JSONPath of an assertion, within bounds.

use serde::{Deserialize, Deserializer};
use serde_json_path::JsonPath;

/// The parser takes twice as long for each filter inside of another, and its stack is not endless. Each filter has a
/// question mark, so that counting those is enough.
const FILTERS: usize = 6;

/// Reads a JSONPath, or says what was expected.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonPath, D::Error> {
    let text = String::deserialize(deserializer)?;
    let filters = text.matches('?').count();
    if filters > FILTERS {
        return Err(serde::de::Error::custom(format!(
            "expected a JSONPath with at most {FILTERS} filters (?), found {filters}"
        )));
    }
    JsonPath::parse(&text).map_err(|error| {
        serde::de::Error::custom(format!(
            "expected a JSONPath (RFC 9535) such as $.status, found {text}: {error}"
        ))
    })
}
