//! The fields in which two revisions differ. Pure.

use crate::answer::{Change, FieldChange};
use crate::fields::{Path, fields};
use crate::shown::is_shown;
use serde_json::Value;
use shared::ecs::RevisionContent;
use shared::fitting;
use std::collections::BTreeSet;

/// Bytes that the listed changes take, as JSON: Step Functions carries 256 KiB from one state to the next, and a
/// preview holds more than these. ECS takes 64 KiB of a task definition, so most differences fit.
const ROOM: usize = 64 * 1024;

/// The fields that differ, by their paths; with their values, where these may be shown.
pub(crate) fn changes(before: &RevisionContent, after: &RevisionContent) -> Vec<FieldChange> {
    let (before, after) = (fields(before), fields(after));
    let paths: BTreeSet<&Path> = before.keys().chain(after.keys()).collect();
    let changes = paths.into_iter().filter_map(|path| {
        let values = (before.get(path), after.get(path));
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

/// As many changes as an answer holds, and how many more there are. Where not all fit, those with both values come
/// first: they are few, and the image is one of them.
pub(crate) fn first_changes(changes: Vec<FieldChange>) -> (Vec<FieldChange>, usize) {
    let all = changes.len();
    let listed = fitting(changes, ROOM, |change| {
        change.before.is_none() || change.after.is_none()
    });
    let more = all - listed.len();
    (listed, more)
}

/// The fields of `sent` that `answered` does not have.
pub(crate) fn lost(sent: &RevisionContent, answered: &RevisionContent) -> Vec<String> {
    let (sent, answered) = (fields(sent), fields(answered));
    let missing = sent.keys().filter(|path| !answered.contains_key(*path));
    missing.map(|path| path.join(".")).collect()
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
