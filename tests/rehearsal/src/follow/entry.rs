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
    /// Per cent of the traffic that the new environment has got there.
    pub share: Option<u64>,
}

impl Entry {
    pub fn of(event: &HistoryEvent) -> Option<Entry> {
        let is_entry = event.r#type().as_str().ends_with("StateEntered");
        let details = event.state_entered_event_details();
        let details = details.filter(|_| is_entry)?;
        let millis = event.timestamp().to_millis().unwrap_or_default();
        let (state, input) = (details.name(), details.input().unwrap_or_default());
        let input = serde_json::from_str(input).unwrap_or_default();
        Some(Entry {
            state: state.to_owned(),
            at: DateTime::from_timestamp_millis(millis).unwrap_or_default(),
            verdict: (state == "Release healthy?").then(|| verdict(&input)),
            share: share(&input).filter(|_| state == "Traffic flipped?"),
        })
    }
}

/// Short, because an end is shown with all of its entries.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at.format("%T%.3f"), self.state)
    }
}

fn verdict(input: &Value) -> String {
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    format!("{}: {}", text("verdict"), text("reason"))
}

fn share(input: &Value) -> Option<u64> {
    let flipped = input["decision"].as_str() == Some("flipped");
    input["share"].as_u64().filter(|_| flipped)
}
