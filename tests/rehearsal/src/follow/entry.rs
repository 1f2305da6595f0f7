//! A state that an execution entered, as its history holds it.

use aws_sdk_sfn::types::HistoryEvent;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::fmt;

/// One entry; a loop's states have one for each round.
#[derive(Clone)]
pub(super) struct Entry {
    pub state: String,
    pub at: DateTime<Utc>,
    /// The verdict that the watch gets there, with its reason.
    pub verdict: Option<String>,
}

impl Entry {
    pub fn of(event: &HistoryEvent) -> Option<Entry> {
        let is_entry = event.r#type().as_str().ends_with("StateEntered");
        let details = event.state_entered_event_details();
        let details = details.filter(|_| is_entry)?;
        let millis = event.timestamp().to_millis().unwrap_or_default();
        Some(Entry {
            state: details.name().to_owned(),
            at: DateTime::from_timestamp_millis(millis).unwrap_or_default(),
            verdict: verdict(details.name(), details.input().unwrap_or_default()),
        })
    }
}

/// Short, because an end is shown with all of its entries.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at.format("%T%.3f"), self.state)
    }
}

fn verdict(state: &str, input: &str) -> Option<String> {
    let input: Value = serde_json::from_str(input).unwrap_or_default();
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let verdict = || format!("{}: {}", text("verdict"), text("reason"));
    (state == "Release healthy?").then(verdict)
}
