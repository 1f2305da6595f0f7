//! Reads a change of an alarm's state in every form in which one arrives.
//!
//! This path is for emergencies: only the alarm's ARN and its state must be there, each in any of the places where AWS
//! writes it. Whatever else is missing, new or of another type cannot stop a flip back.

use crate::trust::{Trust, TrustedAlarms, name_in};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Environment, PerEnvironment, Refusal, Time, excerpt};

/// A change of an alarm's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmStateChange {
    pub name: String,
    /// The state that the alarm changed to.
    pub state: StateValue,
    /// CloudWatch's words for the change, short enough for the release record.
    pub reason: String,
    /// When the state changed; the time of the event where that cannot be read.
    pub changed_at: Time,
    /// The environment that the alarm watches. None where neither its name nor its metrics show one.
    pub environment: Option<Environment>,
}

/// What an event says of one alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Trusted(AlarmStateChange),
    /// An alarm that may not flip back, and why. Nothing more of it was read.
    Foreign(Refusal),
}

/// The states of an alarm (CloudWatch's API reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StateValue {
    Ok,
    Alarm,
    InsufficientData,
}

impl std::fmt::Display for StateValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// Where a field stands in an event to a function, in a message by SNS, and in an event of EventBridge.
type Places = [&'static str; 3];

/// An event to a function and one of EventBridge have the same fields, a message by SNS has names of its own.
macro_rules! places {
    ($field:literal, $sns:literal) => {
        [
            concat!("/alarmData/", $field),
            concat!("/", $sns),
            concat!("/detail/", $field),
        ]
    };
}

const NAME: Places = places!("alarmName", "AlarmName");
const STATE: Places = places!("state/value", "NewStateValue");
const REASON: Places = places!("state/reason", "NewStateReason");
const CHANGED_AT: Places = places!("state/timestamp", "StateChangeTime");
const METRICS: Places = places!("configuration/metrics", "Trigger");
const ARN: Places = ["/alarmArn", "/AlarmArn", "/resources/0"];

/// Reads a change of an alarm's state, or says what the event lacks. `now` stands for a time that is missing or cannot
/// be read: a change that arrives now happened after the flip, unless the alarm itself says otherwise.
pub(crate) fn read(
    alarm: &Value,
    trusted: TrustedAlarms<'_>,
    groups: &PerEnvironment<String>,
    now: Time,
) -> Result<Reading, Refusal> {
    let arn = text(alarm, ARN);
    let name = text(alarm, NAME).or(arn.and_then(name_in));
    let name = name.ok_or_else(|| lacks(alarm, "an alarm's name", NAME))?;
    if let Trust::Foreign(refusal) = trusted.judge(name, arn)? {
        return Ok(Reading::Foreign(refusal));
    }
    let changed_at = text(alarm, CHANGED_AT).and_then(read_time);
    Ok(Reading::Trusted(AlarmStateChange {
        state: state(alarm)?,
        reason: excerpt(text(alarm, REASON).unwrap_or("no reason was given")),
        changed_at: changed_at.unwrap_or(now),
        environment: named(name, trusted.service).or_else(|| measured(alarm, groups)),
        name: excerpt(name),
    }))
}

/// Whether an event says of itself that it is about an alarm.
pub(crate) fn is_about_an_alarm(event: &Value) -> bool {
    text(event, NAME).is_some() || text(event, ARN).is_some_and(|arn| name_in(arn).is_some())
}

/// A state that cannot be read is an error, which is delivered again and then kept: ignoring it would be silent.
fn state(alarm: &Value) -> Result<StateValue, Refusal> {
    let found = text(alarm, STATE).unwrap_or_default().trim();
    let state = serde_json::from_value(found.to_ascii_uppercase().into());
    state.map_err(|_| lacks(alarm, "OK, ALARM or INSUFFICIENT_DATA", STATE))
}

/// The first of the places that holds text; another type there is passed over.
fn text(alarm: &Value, places: Places) -> Option<&str> {
    let found = places.iter().filter_map(|place| alarm.pointer(place));
    let mut texts = found.filter_map(Value::as_str);
    texts.find(|text| !text.trim().is_empty())
}

fn lacks(alarm: &Value, expected: &str, places: Places) -> Refusal {
    let found = places.iter().find_map(|place| alarm.pointer(place));
    let found = excerpt(&found.map_or_else(|| "nothing".to_owned(), Value::to_string));
    let [direct, sns, event] = places.map(|place| place[1..].replace('/', "."));
    format!("expected {expected} in {direct}, {sns} or {event}, found {found}").into()
}

/// CloudWatch writes `2026-11-23T12:00:00.000+0000`, an offset that RFC 3339 does not know.
fn read_time(text: &str) -> Option<Time> {
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    parsed.ok().map(|time| time.to_utc())
}

/// The environment in the alarm's name: the stack's own are named `SERVICE-blue-...` and `SERVICE-green-...`.
fn named(name: &str, service: &str) -> Option<Environment> {
    let rest = name.strip_prefix(service)?.strip_prefix('-')?;
    let first = rest.split('-').next()?;
    let mut environments = Environment::BOTH.into_iter();
    environments.find(|environment| environment.name() == first)
}

/// The one environment whose target group the alarm's metrics mention; what else the alarm says does not count.
fn measured(alarm: &Value, groups: &PerEnvironment<String>) -> Option<Environment> {
    let metrics = METRICS.iter().filter_map(|place| alarm.pointer(place));
    let metrics: String = metrics.map(Value::to_string).collect();
    let mentions = |arn: &String| metrics.contains(arn.rsplit(':').next().unwrap_or(arn));
    let environment = groups.find(mentions)?;
    (!mentions(groups.get(environment.other()))).then_some(environment)
}

#[cfg(test)]
#[path = "alarm_tests.rs"]
mod tests;
