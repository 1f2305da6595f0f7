//! The history: an item beside the record for each release that has ended, and one more for its flip back after that.
//!
//! An item is written in the transaction that changes the record, so a change that goes through writes it once. Its key
//! follows from the release, so that whatever is written again about the same end replaces that item and no other.

use crate::ending::Ending;
use crate::release::Release;
use chrono::TimeDelta;
use serde::Serialize;
use shared::Time;

/// The attribute by which DynamoDB removes an item; `template.yaml` names it.
pub const EXPIRES_AT: &str = "expiresAt";

/// A release as the history keeps it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryItem<'a> {
    #[serde(flatten)]
    release: &'a Release,
    /// When the item was written.
    recorded_at: Time,
    /// When DynamoDB may remove it, in seconds since 1970. None: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

impl HistoryItem<'_> {
    /// The item of what ended at `now`, for so many days; 0: for ever.
    pub fn of(ending: &Ending, now: Time, days: u32) -> HistoryItem<'_> {
        let expires = now + TimeDelta::days(days.into());
        HistoryItem {
            release: &ending.release,
            recorded_at: now,
            expires_at: (days > 0).then(|| expires.timestamp()),
        }
    }
}

/// With which the sort key of every item of the history begins.
pub(crate) const KEYS: &str = "release#";

/// The item's sort key: by the time of the claim, and the flip back after the end right behind the end.
pub(crate) fn key(ending: &Ending) -> String {
    let Release { claimed_at, id, .. } = &ending.release;
    let later = if ending.later { "#flip-back" } else { "" };
    format!("{KEYS}{}#{id}{later}", claimed_at.to_rfc3339())
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
