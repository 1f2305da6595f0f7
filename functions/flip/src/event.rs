//! What an event asks of flip: a task of the state machine, or CloudWatch alarms, directly or wrapped by SNS.

use crate::alarm::{self, AlarmStateChange};
use crate::task::Task;
use serde_json::Value;
use shared::runtime::read_task;
use shared::{Error, PerEnvironment, Time, excerpt};

/// What an event asks of flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Task(Task),
    /// At least one; SNS may put several into one call.
    Alarms(Vec<AlarmStateChange>),
}

/// Reads an event; `now` stands for the time of an alarm whose own cannot be read.
///
/// Alarms come first: no field that an alarm may also have makes a task of it.
///
/// # Errors
/// `InvalidInput` where the event is neither a task nor an alarm; the message says what it lacks.
pub fn read(
    payload: Value,
    service: &str,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Result<Request, Error> {
    let mut alarms = Vec::new();
    let mut lacks = Vec::new();
    for message in messages(&payload) {
        match alarm::read(&message, service, groups, now) {
            Ok(alarm) => alarms.push(alarm),
            Err(refusal) => lacks.push(refusal.into_reason()),
        }
    }
    if !alarms.is_empty() {
        return Ok(Request::Alarms(alarms));
    }
    if payload.get("action").is_some() {
        return read_task(payload).map(Request::Task);
    }
    Err(Error::InvalidInput(format!(
        "expected a task with an action (flip, flip-back, preview), a CloudWatch alarm event or an SNS message that \
         wraps one; found {}. As an alarm: {}",
        excerpt(&payload.to_string()),
        excerpt(&lacks.join("; "))
    )))
}

/// What SNS wraps, and what came without a wrap. A message that is no JSON stays the text that it is.
fn messages(payload: &Value) -> Vec<Value> {
    let records = payload["Records"].as_array().into_iter().flatten();
    let wrapped = records.filter_map(|record| record.pointer("/Sns/Message"));
    let unwrap = |message: &Value| {
        let json = serde_json::from_str(message.as_str().unwrap_or_default());
        json.unwrap_or_else(|_| message.clone())
    };
    wrapped.map(unwrap).chain([payload.clone()]).collect()
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
