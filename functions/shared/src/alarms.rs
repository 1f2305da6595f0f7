//! Reads the states of alarms: before the flip, when one that is in ALARM would never fire on it, and during the watch.

mod described;

pub use described::{AlarmState, DescribedAlarm, describe};

use crate::config::Settings;
use crate::{Environment, Error, listed, sentence};
use aws_sdk_cloudwatch::Client;
use serde::{Deserialize, Serialize};

/// What becomes of a release while an alarm is in ALARM before its flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnAlarmBeforeFlip {
    Refuse,
    /// The release goes on, and the alarm does not judge it.
    Warn,
}

/// The alarms that judge a release, and what one that is in ALARM before the flip does.
#[derive(Clone, Debug)]
pub struct AlarmPolicy {
    /// The stack's name: the prefix of its own alarms.
    pub service: String,
    /// The team's own: metric, composite and log alarms alike.
    pub names: Vec<String>,
    pub on_alarm_before_flip: OnAlarmBeforeFlip,
}

/// Whether the flip may come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreFlipCheck {
    pub decision: PreFlipDecision,
    pub reason: String,
    /// Names of the alarms that were in ALARM before the flip: none of them judges the release.
    pub ignored: Vec<String>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreFlipDecision {
    Flip,
    Refuse,
}

impl AlarmPolicy {
    /// Reads `SERVICE`, `ALARM_NAMES` and `ON_ALARM_BEFORE_FLIP`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or not understood.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<AlarmPolicy, Error> {
        Ok(AlarmPolicy {
            service: settings.required("SERVICE")?,
            names: settings.list_or_none("ALARM_NAMES")?,
            on_alarm_before_flip: settings.named("ON_ALARM_BEFORE_FLIP", "refuse or warn")?,
        })
    }

    /// The states now of the team's alarms and of the stack's own for the environment `to`.
    ///
    /// # Errors
    /// `NotFound` where an alarm does not exist, and the named errors of `cloudwatch:DescribeAlarms`.
    pub async fn states(&self, client: &Client, to: Environment) -> Result<Vec<AlarmState>, Error> {
        let mut names = self.names.clone();
        names.push(to.own_alarm(&self.service));
        let alarms = describe(client, &names).await?;
        let states: Vec<AlarmState> = alarms.into_iter().map(|alarm| alarm.state).collect();
        names.retain(|name| states.iter().all(|state| state.name != *name));
        if names.is_empty() {
            return Ok(states);
        }
        let missing = names
            .iter()
            .map(|name| format!("alarm {name} was not found"));
        Err(Error::NotFound(format!(
            "{} in CloudWatch. Check the stack's parameter AlarmNames.",
            listed(missing, ", ")
        )))
    }

    /// Decides from the alarms' states before a flip to `to`. An alarm invokes flip only when its state changes: one that
    /// is in ALARM already would not report that the release is bad.
    ///
    /// The stack's own alarm can only be left over from the release before in the same environment, and returns to OK by
    /// itself; what it watches, the verdict compares more finely. So it refuses nobody.
    pub fn check_before_flip(&self, alarms: &[AlarmState], to: Environment) -> PreFlipCheck {
        let on: Vec<&AlarmState> = alarms.iter().filter(|alarm| alarm.is_on()).collect();
        let own = to.own_alarm(&self.service);
        let refusing = on.iter().find(|alarm| alarm.name != own);
        if let (OnAlarmBeforeFlip::Refuse, Some(alarm)) = (self.on_alarm_before_flip, refusing) {
            let reason = format!(
                "before the flip: {} It would not report what this release does wrong. Wait until it is OK, \
                 or set the stack's parameter OnAlarmBeforeFlip to warn.",
                sentence(&alarm.describe())
            );
            return PreFlipCheck::new(PreFlipDecision::Refuse, reason);
        }
        let mut check = PreFlipCheck::new(
            PreFlipDecision::Flip,
            "the alarms judge the release".to_owned(),
        );
        for alarm in on {
            check.warnings.push(format!(
                "does not judge the release, as it was in ALARM before the flip: {}",
                alarm.describe()
            ));
            check.ignored.push(alarm.name.clone());
        }
        check
    }
}

impl PreFlipCheck {
    fn new(decision: PreFlipDecision, reason: String) -> PreFlipCheck {
        PreFlipCheck {
            decision,
            reason,
            ignored: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

#[cfg(test)]
#[path = "alarms_tests.rs"]
mod tests;
