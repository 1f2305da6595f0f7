//! Reads alarms of every type: their states, and what they do when they change to ALARM.

use crate::{Error, excerpt};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{AlarmType, StateValue};
use serde::Serialize;

/// Alarms of logs are newer than the other types. They are asked for only where a name is left over: whether CloudWatch knows
/// the type in every Region, its documentation does not say.
pub(super) const ALARM_TYPES: [&[AlarmType]; 2] = [
    &[AlarmType::MetricAlarm, AlarmType::CompositeAlarm],
    &[AlarmType::LogAlarm],
];

/// The state of an alarm: one of the team's, or the stack's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlarmState {
    pub name: String,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`
    pub state: String,
    pub reason: String,
}

impl AlarmState {
    pub fn is_on(&self) -> bool {
        self.state == "ALARM"
    }

    pub fn describe(&self) -> String {
        format!("alarm {}: {}", excerpt(&self.name), self.reason)
    }
}

/// An alarm as CloudWatch has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedAlarm {
    pub state: AlarmState,
    /// Whether it does anything at all; where CloudWatch does not say, it does.
    pub actions_enabled: bool,
    /// ARNs of what it invokes or notifies when it changes to ALARM.
    pub actions: Vec<String>,
}

/// Those of the alarms that exist. Without a name nothing is asked: CloudWatch would answer with every alarm there is.
///
/// # Errors
/// The named errors of `cloudwatch:DescribeAlarms`.
pub async fn describe(client: &Client, names: &[String]) -> Result<Vec<DescribedAlarm>, Error> {
    let mut alarms: Vec<DescribedAlarm> = Vec::new();
    let mut missing = names.to_vec();
    for types in ALARM_TYPES {
        if !missing.is_empty() {
            alarms.extend(of_types(client, &missing, types).await?);
            missing.retain(|name| alarms.iter().all(|alarm| alarm.state.name != *name));
        }
    }
    Ok(alarms)
}

/// Those of the alarms that are of these types.
async fn of_types(
    client: &Client,
    names: &[String],
    types: &[AlarmType],
) -> Result<Vec<DescribedAlarm>, Error> {
    let call = client
        .describe_alarms()
        .set_alarm_names(Some(names.to_vec()));
    let pages = call.set_alarm_types(Some(types.to_vec())).into_paginator();
    let pages: Result<Vec<_>, _> = pages.send().try_collect().await;
    let pages = pages.map_err(|error| Error::from_sdk("cloudwatch:DescribeAlarms", error))?;
    Ok(pages.iter().flat_map(of_every_type).collect())
}

/// The same fields of an alarm of any type: the SDK has one structure for each.
macro_rules! described {
    ($alarm:expr) => {
        DescribedAlarm {
            state: state(
                $alarm.alarm_name(),
                $alarm.state_value(),
                $alarm.state_reason(),
            ),
            actions_enabled: $alarm.actions_enabled().unwrap_or(true),
            actions: $alarm.alarm_actions().to_vec(),
        }
    };
}

/// Metric, composite and log alarms. The answer has a list for each type that the request names.
fn of_every_type(page: &DescribeAlarmsOutput) -> Vec<DescribedAlarm> {
    let metric = page.metric_alarms().iter().map(|it| described!(it));
    let composite = page.composite_alarms().iter().map(|it| described!(it));
    let log = page.log_alarms().iter().map(|it| described!(it));
    metric.chain(composite).chain(log).collect()
}

fn state(name: Option<&str>, state: Option<&StateValue>, reason: Option<&str>) -> AlarmState {
    AlarmState {
        name: name.unwrap_or_default().to_owned(),
        state: state.map(StateValue::as_str).unwrap_or_default().to_owned(),
        reason: excerpt(reason.unwrap_or("no reason was given")),
    }
}
