//! Reads the states of alarms: before the flip, when one that is in ALARM would never fire on it, and during the watch.

use crate::seen::Alarm;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{AlarmType, StateValue};
use serde::Serialize;
use shared::config::Settings;
use shared::{Environment, Error, excerpt};
use std::str::FromStr;

/// What becomes of a release while an alarm is in ALARM before its flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenAlarmed {
    Refuse,
    /// The release goes on, and the alarm has no say in its verdict.
    Warn,
}

impl FromStr for WhenAlarmed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "refuse" => Ok(WhenAlarmed::Refuse),
            "warn" => Ok(WhenAlarmed::Warn),
            other => Err(format!("expected refuse or warn, found {other}")),
        }
    }
}

/// The alarms that judge a release.
#[derive(Clone, Debug)]
pub struct Alarms {
    pub service: String,
    /// The team's own, metric and composite alarms alike.
    pub names: Vec<String>,
    pub when_alarmed: WhenAlarmed,
}

/// Whether the flip may come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clearance {
    pub decision: Cleared,
    pub reason: String,
    /// Alarms that were in ALARM before the flip: none of them judges it.
    pub ignored: Vec<String>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cleared {
    Flip,
    Refuse,
}

impl Alarms {
    /// Reads `SERVICE`, `ALARM_NAMES` and `WHEN_ALARMED`.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Alarms, Error> {
        let names = settings.optional("ALARM_NAMES");
        Ok(Alarms {
            service: settings.required("SERVICE")?,
            names: names.map_or(Ok(Vec::new()), |_| settings.list("ALARM_NAMES"))?,
            when_alarmed: settings.parsed("WHEN_ALARMED", "refuse or warn")?,
        })
    }

    /// The states now of the team's alarms and of the stack's own for the environment `to`.
    pub async fn look(&self, client: &Client, to: Environment) -> Result<Vec<Alarm>, Error> {
        let own = format!("{}-{to}-5xx", self.service);
        let mut names = self.names.clone();
        names.push(own);
        let pages = client
            .describe_alarms()
            .set_alarm_names(Some(names.clone()))
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .into_paginator()
            .send();
        let pages = pages
            .try_collect()
            .await
            .map_err(|error| Error::from_sdk("cloudwatch:DescribeAlarms", error))?;
        let metric = pages.iter().flat_map(|it| it.metric_alarms());
        let metric = metric.map(|it| alarm(it.alarm_name(), it.state_value(), it.state_reason()));
        let composite = pages.iter().flat_map(|it| it.composite_alarms());
        let composite =
            composite.map(|it| alarm(it.alarm_name(), it.state_value(), it.state_reason()));
        let found: Vec<Alarm> = metric.chain(composite).collect();
        match names
            .iter()
            .find(|name| found.iter().all(|it| it.name != **name))
        {
            None => Ok(found),
            Some(missing) => Err(Error::NotFound(format!(
                "alarm {missing} was not found in CloudWatch. Check the stack's parameter AlarmNames."
            ))),
        }
    }
}

fn alarm(name: Option<&str>, state: Option<&StateValue>, reason: Option<&str>) -> Alarm {
    Alarm {
        name: name.unwrap_or_default().to_owned(),
        state: state.map(StateValue::as_str).unwrap_or_default().to_owned(),
        reason: excerpt(reason.unwrap_or("no reason was given")),
    }
}

/// Decides from the alarms' states before the flip: it fires on a change only, so one that is on cannot fire any more.
pub fn clear(alarms: &[Alarm], policy: WhenAlarmed) -> Clearance {
    let on: Vec<_> = alarms.iter().filter(|it| it.is_on()).collect();
    let told: Vec<_> = on.iter().map(|it| it.tell()).collect();
    let told = told.join("; ");
    let (decision, reason, warnings) = match (on.is_empty(), policy) {
        (true, _) => (Cleared::Flip, "no alarm is in ALARM".to_owned(), Vec::new()),
        (false, WhenAlarmed::Refuse) => {
            let reason = format!(
                "before the flip: {told}. It could not tell this release from what is wrong already. Wait until it \
                 is OK, or set the stack's parameter WhenAlarmed to warn."
            );
            (Cleared::Refuse, reason, Vec::new())
        }
        (false, WhenAlarmed::Warn) => {
            let warning =
                format!("in ALARM before the flip, so without a say in the verdict: {told}");
            (Cleared::Flip, warning.clone(), vec![warning])
        }
    };
    Clearance {
        decision,
        reason,
        ignored: on.into_iter().map(|it| it.name.clone()).collect(),
        warnings,
    }
}

#[cfg(test)]
#[path = "alarms_tests.rs"]
mod tests;
