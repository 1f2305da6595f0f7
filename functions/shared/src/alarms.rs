//! Reads the states of alarms: before the flip, when one that is in ALARM would never fire on it, and during the watch.

use crate::config::Settings;
use crate::{Environment, Error, excerpt};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{AlarmType, StateValue};
use serde::Serialize;
use std::str::FromStr;

/// An alarm of the team's, or the stack's own for the new environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    pub name: String,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`
    pub state: String,
    pub reason: String,
}

impl Alarm {
    pub fn is_on(&self) -> bool {
        self.state == "ALARM"
    }

    pub fn tell(&self) -> String {
        format!("alarm {}: {}", self.name, self.reason)
    }
}

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
        Ok(Alarms {
            service: settings.required("SERVICE")?,
            names: settings.list_or_none("ALARM_NAMES")?,
            when_alarmed: settings.parsed("WHEN_ALARMED", "refuse or warn")?,
        })
    }

    /// The name of the stack's own alarm for an environment (`template.yaml`).
    fn own(&self, environment: Environment) -> String {
        format!("{}-{environment}-5xx", self.service)
    }

    /// The states now of the team's alarms and of the stack's own for the environment `to`.
    pub async fn look(&self, client: &Client, to: Environment) -> Result<Vec<Alarm>, Error> {
        let mut names = self.names.clone();
        names.push(self.own(to));
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

    /// Decides from the alarms' states before a flip to `to`. An alarm tells of a change only: one that is on already
    /// could not tell that the release is bad.
    ///
    /// The stack's own alarm can only be left over from the release before on the same side, and goes out by itself; what
    /// it watches, the verdict compares more finely. So it refuses nobody.
    pub fn clear(&self, alarms: &[Alarm], to: Environment) -> Clearance {
        let on: Vec<&Alarm> = alarms.iter().filter(|it| it.is_on()).collect();
        let own = self.own(to);
        let refusing = on.iter().find(|it| it.name != own);
        if let (WhenAlarmed::Refuse, Some(alarm)) = (self.when_alarmed, refusing) {
            let reason = format!(
                "before the flip: {}. It could not tell this release from what is wrong already. Wait until it is OK, \
                 or set the stack's parameter WhenAlarmed to warn.",
                alarm.tell()
            );
            return Clearance::new(Cleared::Refuse, reason);
        }
        let mut clearance = Clearance::new(Cleared::Flip, "the alarms may judge it".to_owned());
        for alarm in on {
            let told = format!(
                "without a say, as it was on before the flip: {}",
                alarm.tell()
            );
            clearance.warnings.push(told);
            clearance.ignored.push(alarm.name.clone());
        }
        clearance
    }
}

impl Clearance {
    fn new(decision: Cleared, reason: String) -> Clearance {
        Clearance {
            decision,
            reason,
            ignored: Vec::new(),
            warnings: Vec::new(),
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

#[cfg(test)]
#[path = "alarms_tests.rs"]
mod tests;
