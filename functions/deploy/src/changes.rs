//! The fields in which two revisions differ. Pure.

use crate::answer::{Change, FieldChange};
use crate::fields::{Path, fields};
use crate::shown::is_shown;
use serde_json::Value;
use shared::ecs::RevisionContent;
use std::collections::BTreeSet;

/// The fields that differ, by their paths; with their values, where these may be shown.
pub(crate) fn changes(before: &RevisionContent, after: &RevisionContent) -> Vec<FieldChange> {
    let (before, after) = (fields(before.as_json()), fields(after.as_json()));
    let paths: BTreeSet<&Path> = before.keys().chain(after.keys()).collect();
    let changes = paths.into_iter().filter_map(|path| {
        let values = (before.get(path).copied(), after.get(path).copied());
        let change = match values {
            (before, after) if before == after => return None,
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(_), Some(_)) => Change::Changed,
        };
        let shown = |value: Option<&Value>| value.filter(|it| is_shown(path, it)).cloned();
        Some(FieldChange {
            field: path.join("."),
            change,
            before: shown(values.0),
            after: shown(values.1),
        })
    });
    changes.collect()
}

/// The fields of `sent` that `answered` does not have.
pub(crate) fn lost(sent: &RevisionContent, answered: &RevisionContent) -> Vec<String> {
    let (sent, answered) = (fields(sent.as_json()), fields(answered.as_json()));
    let missing = sent.keys().filter(|path| !answered.contains_key(*path));
    missing.map(|path| path.join(".")).collect()
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
