//! A state that an execution entered, as its history holds it.

use aws_sdk_sfn::primitives;
use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::fmt;

/// The states that take the answer to a look at the words of people: before the flip, and in the watch.
pub(super) const AFTER_PEOPLE: [&str; 2] = ["What do people say?", "Probe now?"];

/// One entry; a loop's states have one for each round.
#[derive(Clone)]
pub(crate) struct Entry {
    pub state: String,
    pub kind: Kind,
    pub at: DateTime<Utc>,
    /// The verdict that the watch gets there, with its reason.
    pub verdict: Option<String>,
    /// What evaluate-metrics answered for it, with all numbers.
    pub look: Option<Value>,
    /// What people have said that it waits for, or that ends it; none where nobody holds it up.
    pub people: Option<String>,
    /// Per cent of the traffic that the new environment has got there.
    pub share: Option<u64>,
    /// Which environment gets traffic from there on, in words.
    pub moved: Option<String>,
}

/// What a state is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It only decides where to go, or prepares what the next one needs.
    Between,
    Succeed,
    Fail,
    Other,
}

impl Entry {
    pub(super) fn of(event: &HistoryEvent) -> Option<Entry> {
        let is_entry = event.r#type().as_str().ends_with("StateEntered");
        let details = event.state_entered_event_details();
        let details = details.filter(|_| is_entry)?;
        let (state, input) = (details.name(), details.input().unwrap_or_default());
        let input: Value = serde_json::from_str(input).unwrap_or_default();
        let is_look = state == "Release healthy?";
        Some(Entry {
            state: state.to_owned(),
            kind: Kind::of(event.r#type()),
            at: time(event.timestamp()),
            verdict: is_look.then(|| verdict(&input)),
            share: share(&input).filter(|_| state == "Traffic flipped?"),
            people: people(&input).filter(|_| AFTER_PEOPLE.contains(&state)),
            moved: moved(state, &input),
            look: is_look.then_some(input),
        })
    }
}

impl Kind {
    fn of(event: &HistoryEventType) -> Kind {
        let between = [
            HistoryEventType::ChoiceStateEntered,
            HistoryEventType::PassStateEntered,
        ];
        if between.contains(event) {
            Kind::Between
        } else if *event == HistoryEventType::SucceedStateEntered {
            Kind::Succeed
        } else if *event == HistoryEventType::FailStateEntered {
            Kind::Fail
        } else {
            Kind::Other
        }
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

/// What detect has answered to a look at the words of people, where they are more than "go on".
fn people(answer: &Value) -> Option<String> {
    let is_news = answer["decision"] != "go-on" || answer["finish"] == true;
    let reason = answer["reason"].as_str().filter(|it| !it.is_empty());
    reason.filter(|_| is_news).map(str::to_owned)
}

fn share(input: &Value) -> Option<u64> {
    let flipped = input["decision"].as_str() == Some("flipped");
    input["share"].as_u64().filter(|_| flipped)
}

/// What flip has answered, where it has moved traffic.
fn moved(state: &str, answer: &Value) -> Option<String> {
    let text = |name: &str| answer[name].as_str();
    match (state, text("decision")?) {
        ("Traffic flipped?", "flipped" | "already-there") => {
            let share = answer["share"].as_u64()?;
            Some(format!("{} gets {share} % of the traffic", text("to")?))
        }
        ("Traffic flipped back?", "flipped-back" | "already-flipped-back") => {
            Some(format!("{} gets all traffic again", text("from")?))
        }
        _ => None,
    }
}

/// A time of the SDK, to the millisecond.
pub(super) fn time(at: &primitives::DateTime) -> DateTime<Utc> {
    let millis = at.to_millis().unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
