//! The fields of a request, by name.

use serde_json::{Map, Value};
use shared::{Refusal, excerpt};

pub(super) type Fields = Map<String, Value>;

pub(super) fn text(value: &Value) -> Result<String, Refusal> {
    match value.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("expected text, found {value}").into()),
    }
}

/// A field that may be left out.
pub(super) fn optional(fields: &Fields, name: &str) -> Result<Option<String>, Refusal> {
    let value = fields.get(name).map(text).transpose();
    value.map_err(|reason| format!("{name}: {reason}").into())
}

/// A field that may be left out, shortened for whoever reads it later.
pub(super) fn short(fields: &Fields, name: &str) -> Result<Option<String>, Refusal> {
    Ok(optional(fields, name)?.map(|text| excerpt(&text)))
}

/// A field that is not known may be a slip of the pen.
pub(super) fn allow_only(fields: &Fields, known: &[&str]) -> Result<(), Refusal> {
    if fields.keys().all(|name| known.contains(&name.as_str())) {
        Ok(())
    } else {
        Err(list(fields))
    }
}

/// The fields that were found, where they are none of the forms.
pub(super) fn list(fields: &Fields) -> Refusal {
    if fields.is_empty() {
        return Refusal::from("found no field");
    }
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    let mut fields: Vec<_> = fields.collect();
    fields.sort();
    Refusal::from(format!("found {}", fields.join(", ")))
}
