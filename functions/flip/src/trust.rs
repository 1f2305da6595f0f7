//! Which alarms may flip back: the stack's own and those that its parameter lists, of its own account and Region.
//!
//! An alarm is identified by its ARN. Anybody may give an alarm any name, in another account or in a stack whose name
//! begins like this one's: a name alone proves nothing.

use shared::{Environment, Refusal, excerpt};

/// What an alarm must be to flip back.
#[derive(Clone, Copy, Debug)]
pub struct TrustedAlarms<'a> {
    /// Name of the stack: its own alarms are `SERVICE-blue-5xx` and `SERVICE-green-5xx` (`template.yaml`).
    pub service: &'a str,
    /// Names of the alarms that the stack's parameter RollbackAlarmNames lists.
    pub listed: &'a [String],
    /// ARN of this function, as Lambda gives it with each call: the alarms are of the same account and Region.
    pub function_arn: &'a str,
}

/// Whether an alarm may flip back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Trusted,
    /// It may not, and why.
    Foreign(Refusal),
}

impl TrustedAlarms<'_> {
    /// Decides about the alarm of this name whose ARN the event gives.
    ///
    /// A refusal is an error: the alarm may be one of these, and the event does not prove it.
    pub(crate) fn judge(&self, name: &str, arn: Option<&str>) -> Result<Trust, Refusal> {
        let found = excerpt(arn.unwrap_or("nothing"));
        let alarm = arn.and_then(|arn| Arn::read(arn, "cloudwatch", "alarm"));
        if alarm.is_some_and(|alarm| alarm.name != name) {
            let name = excerpt(name);
            return Err(format!("expected the ARN of alarm {name}, found {found}").into());
        }
        if !self.has(name) {
            return Ok(foreign(arn.unwrap_or(name)));
        }
        let Some(alarm) = alarm else {
            let places = "alarmArn, AlarmArn or resources.0";
            let reason = format!("expected the ARN of alarm {name} in {places}, found {found}");
            return Err(reason.into());
        };
        let Some(function) = Arn::read(self.function_arn, "lambda", "function") else {
            let found = excerpt(self.function_arn);
            return Err(format!("expected this function's ARN from Lambda, found {found}").into());
        };
        if alarm.place == function.place {
            Ok(Trust::Trusted)
        } else {
            Ok(foreign(&found))
        }
    }

    fn has(&self, name: &str) -> bool {
        let mut own = Environment::BOTH.into_iter();
        own.any(|environment| name == environment.own_alarm(self.service))
            || self.listed.iter().any(|listed| listed == name)
    }
}

fn foreign(alarm: &str) -> Trust {
    let reason = format!(
        "alarm {}: only the stack's alarms and those in RollbackAlarmNames, of this account and Region, flip back",
        excerpt(alarm)
    );
    Trust::Foreign(reason.into())
}

/// The name at the end of an alarm's ARN.
pub(crate) fn name_in(arn: &str) -> Option<&str> {
    Some(Arn::read(arn, "cloudwatch", "alarm")?.name)
}

/// An ARN such as `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:NAME`.
#[derive(Clone, Copy)]
struct Arn<'a> {
    /// Partition, Region and account.
    place: [&'a str; 3],
    /// Everything after the kind: an alarm's name may hold colons.
    name: &'a str,
}

impl Arn<'_> {
    /// Reads an ARN of this service and kind, of which no part is empty.
    fn read<'a>(arn: &'a str, service: &str, kind: &str) -> Option<Arn<'a>> {
        let parts: Vec<&str> = arn.splitn(7, ':').collect();
        let ["arn", partition, of, region, account, what, name] = parts[..] else {
            return None;
        };
        let place = [partition, region, account];
        let is_whole = !name.is_empty() && place.iter().all(|part| !part.is_empty());
        (of == service && what == kind && is_whole).then_some(Arn { place, name })
    }
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
