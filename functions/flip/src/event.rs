//! What flip is asked by: a task of the state machine, or CloudWatch alarms, directly or wrapped by SNS.

use crate::alarm::{self, Alarm};
use serde::Deserialize;
use serde_json::Value;
use shared::lambda::{Reason, read_task};
use shared::record::Time;
use shared::{Error, PerEnvironment, Plan, excerpt};

/// What flip is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Task(Task),
    /// At least one; SNS may put several into one call.
    Alarms(Vec<Alarm>),
}

/// A task of the state machine; `execution` is the ARN of the execution that asks. `read_task` takes the variant
/// from its `action`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    Flip {
        plan: Box<Plan>,
        execution: String,
    },
    FlipBack {
        release: String,
        execution: String,
        reason: Reason,
    },
    /// What the flip of this plan would do; without one, only whether traffic could go back.
    Plan {
        plan: Option<Box<Plan>>,
        /// The plan is to flip the release on record back.
        #[serde(default)]
        back: bool,
    },
}

/// Reads what flip is asked; `now` stands for the time of an alarm that does not tell it.
///
/// Alarms come first: no field that an alarm may also have makes a task of it.
pub fn read(
    payload: Value,
    service: &str,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Result<Asked, Error> {
    let mut alarms = Vec::new();
    let mut lacks = Vec::new();
    for message in messages(&payload) {
        match alarm::read(&message, service, groups, now) {
            Ok(alarm) => alarms.push(alarm),
            Err(reason) => lacks.push(reason),
        }
    }
    if !alarms.is_empty() {
        return Ok(Asked::Alarms(alarms));
    }
    if payload.get("action").is_some() {
        return read_task(payload).map(Asked::Task);
    }
    Err(Error::InvalidInput(format!(
        "expected a task with an action (flip, flip-back, plan), a CloudWatch alarm event or an SNS message that wraps \
         one; found {}. As an alarm: {}",
        excerpt(&payload.to_string()),
        excerpt(&lacks.join("; "))
    )))
}

/// What SNS wraps, and what came without a wrap. A message that is no JSON stays the text that it is.
fn messages(payload: &Value) -> Vec<Value> {
    let records = payload.get("Records").and_then(Value::as_array);
    let records = records.map(Vec::as_slice).unwrap_or_default();
    let wrapped = records.iter().filter_map(|it| it.pointer("/Sns/Message"));
    let unwrap = |message: &Value| {
        let json = message
            .as_str()
            .and_then(|it| serde_json::from_str(it).ok());
        json.unwrap_or_else(|| message.clone())
    };
    let mut messages: Vec<_> = wrapped.map(unwrap).collect();
    messages.push(payload.clone());
    messages
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
