//! What flip is asked by: a task of the state machine, a CloudWatch alarm, or an alarm wrapped by SNS.
//!
//! The alarm path is for emergencies, so it reads only what it needs and tolerates everything else.

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use shared::lambda::{Reason, read_input};
use shared::record::Time;
use shared::{Environment, Error, PerEnvironment, Plan};

/// What flip is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Task(Task),
    Alarm(Alarm),
}

/// A task of the state machine; `execution` is the ARN of the execution that asks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
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
}

/// A change of an alarm's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub name: String,
    pub state: String,
    /// CloudWatch's words for the change.
    pub reason: String,
    pub changed_at: Time,
    /// The environment it watches, where its name or its metrics tell.
    pub environment: Option<Environment>,
}

/// Reads what flip is asked; `now` stands for the time of an alarm that does not tell it.
pub fn read(
    payload: Value,
    service: &str,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Result<Asked, Error> {
    if payload.get("action").is_some() {
        return read_input(payload).map(Asked::Task);
    }
    let message = payload
        .pointer("/Records/0/Sns/Message")
        .and_then(Value::as_str);
    let unwrapped = message.map(|text| serde_json::from_str(text).unwrap_or(Value::Null));
    let alarm = unwrapped.as_ref().unwrap_or(&payload);
    read_alarm(alarm, service, groups, now).map(Asked::Alarm).ok_or_else(|| {
        Error::InvalidInput(format!(
            "expected a task with an action (flip, flip-back), a CloudWatch alarm event or an SNS message \
             that wraps one; found {}",
            excerpt(&payload)
        ))
    })
}

/// Reads the two forms of an alarm: what CloudWatch gives to a Lambda function, and what it gives to SNS.
fn read_alarm(
    alarm: &Value,
    service: &str,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Option<Alarm> {
    let text = |pointers: [&str; 2]| {
        pointers
            .iter()
            .find_map(|pointer| alarm.pointer(pointer))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let name = text(["/alarmData/alarmName", "/AlarmName"])?;
    let changed_at = text(["/alarmData/state/timestamp", "/StateChangeTime"]);
    Some(Alarm {
        state: text(["/alarmData/state/value", "/NewStateValue"]).unwrap_or_default(),
        reason: text(["/alarmData/state/reason", "/NewStateReason"]).unwrap_or_default(),
        changed_at: changed_at.and_then(|text| read_time(&text)).unwrap_or(now),
        environment: environment_of(&name, service).or_else(|| watched(alarm, groups)),
        name,
    })
}

/// CloudWatch writes `2026-11-23T12:00:00.000+0000`, an offset that RFC 3339 does not know.
fn read_time(text: &str) -> Option<Time> {
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    parsed.ok().map(|time| time.to_utc())
}

/// The stack's own alarms are named `SERVICE-blue-...` and `SERVICE-green-...`.
fn environment_of(name: &str, service: &str) -> Option<Environment> {
    let rest = name.strip_prefix(service)?.strip_prefix('-')?;
    Environment::BOTH.into_iter().find(|environment| {
        rest.strip_prefix(environment.name())
            .is_some_and(|tail| tail.is_empty() || tail.starts_with('-'))
    })
}

/// The one environment whose target group the alarm's metrics mention.
fn watched(alarm: &Value, groups: &PerEnvironment<String>) -> Option<Environment> {
    let text = alarm.to_string();
    let mentions = |arn: &String| {
        arn.rsplit(':')
            .next()
            .is_some_and(|tail| text.contains(tail))
    };
    let environment = groups.find(mentions)?;
    (!mentions(groups.get(environment.other()))).then_some(environment)
}

fn excerpt(payload: &Value) -> String {
    payload.to_string().chars().take(300).collect()
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
