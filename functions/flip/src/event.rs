//! What an event asks of flip: a task of the state machine, or CloudWatch alarms, directly or wrapped by SNS.

use crate::alarm::{self, AlarmStateChange, Reading};
use crate::task::Task;
use crate::trust::TrustedAlarms;
use serde_json::Value;
use shared::runtime::read_task;
use shared::{Error, PerEnvironment, Refusal, Time, excerpt};

/// What an event asks of flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Task(Task),
    Alarms(Alarms),
}

/// What an event says of alarms. SNS may put several into one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// Those that may flip back.
    pub trusted: Vec<AlarmStateChange>,
    /// Why an alarm may not flip back, for each of the others.
    pub foreign: Vec<Refusal>,
    /// What makes an error of the event unless a trusted alarm flips back: an alarm that could not be read.
    pub unreadable: Option<Error>,
}

/// Reads an event; `now` stands for the time of an alarm whose own cannot be read.
///
/// Alarms come first: no field that an alarm may also have makes a task of it.
///
/// # Errors
/// `InvalidInput` where the event is neither a task nor an alarm, or its only alarm cannot be read; the message says
/// what it lacks.
pub fn read(
    payload: Value,
    trusted: TrustedAlarms<'_>,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Result<Request, Error> {
    let mut alarms = Alarms::default();
    let mut lacks = Vec::new();
    for message in messages(&payload) {
        match alarm::read(&message, trusted, groups, now) {
            Ok(Reading::Trusted(alarm)) => alarms.trusted.push(alarm),
            Ok(Reading::Foreign(refusal)) => alarms.foreign.push(refusal),
            Err(refusal) => lacks.push(refusal.into_reason()),
        }
    }
    let holds_none = alarms.trusted.is_empty() && alarms.foreign.is_empty();
    if holds_none && payload.get("action").is_some() {
        return read_task(payload).map(Request::Task);
    }
    if !lacks.is_empty() {
        let error = unreadable(&payload, &lacks);
        if alarms.trusted.is_empty() {
            return Err(error);
        }
        alarms.unreadable = Some(error);
    }
    Ok(Request::Alarms(alarms))
}

fn unreadable(payload: &Value, lacks: &[String]) -> Error {
    Error::InvalidInput(format!(
        "expected a task with an action (flip, flip-back, preview, end-stopped), a CloudWatch alarm event or an SNS message that \
         wraps one; found {}. As an alarm: {}",
        excerpt(&payload.to_string()),
        excerpt(&lacks.join("; "))
    ))
}

/// What SNS wraps, and what came without a wrap. A message that is no JSON stays the text that it is.
fn messages(payload: &Value) -> Vec<Value> {
    let records = payload["Records"].as_array().into_iter().flatten();
    let wrapped = records.filter_map(|record| record.pointer("/Sns/Message"));
    let unwrap = |message: &Value| {
        let json = serde_json::from_str(message.as_str().unwrap_or_default());
        json.unwrap_or_else(|_| message.clone())
    };
    let mut messages: Vec<Value> = wrapped.map(unwrap).collect();
    if messages.is_empty() || alarm::is_about_an_alarm(payload) {
        messages.push(payload.clone());
    }
    messages
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
