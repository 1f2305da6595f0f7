//! The alarms that may flip a release back.

use super::cases::Case;
use super::harmless::{Harmless, synced};
use super::world;
use super::world::World;
use crate::preflight::Severity::{self, Warning};
use shared::alarms::DescribedAlarm;

impl World {
    /// The one that RollbackAlarmNames lists.
    fn rollback_alarm(&mut self) -> &mut DescribedAlarm {
        let alarms = self.facts.rollback_alarms.as_mut().expect("alarms");
        alarms[0].found.as_mut().expect("an alarm")
    }
}

pub const ALARMS: &[Case] = &[
    (
        "rollback-alarm",
        Warning,
        "alarm payments does not exist in this account and Region",
        |world| {
            world.facts.rollback_alarms.as_mut().expect("alarms")[0].found = None;
        },
    ),
    (
        "rollback-alarm",
        Warning,
        "the actions of alarm payments are off",
        |world| world.rollback_alarm().actions_enabled = false,
    ),
    (
        "rollback-alarm",
        Warning,
        "alarm payments has neither a Lambda function nor an SNS topic among its alarm actions",
        |world| world.rollback_alarm().actions.clear(),
    ),
    (
        "rollback-alarm",
        Warning,
        "alarm payments has neither",
        |world| {
            let other = "arn:aws:automate:eu-west-1:ec2:lambda:sns:reboot";
            world.rollback_alarm().actions = vec![other.to_owned()];
        },
    ),
    (
        "rollback-alarm",
        Warning,
        "alarm payments is in ALARM already: all is paid",
        |world| world.rollback_alarm().state.state = "ALARM".to_owned(),
    ),
];

pub const QUIET: &[Harmless] = &[
    ("an alarm that notifies a topic", |world| {
        let topic = "arn:aws-cn:sns:cn-north-1:111122223333:errors";
        world.rollback_alarm().actions = vec![topic.to_owned()];
    }),
    ("an alarm that invokes flip beside others", |world| {
        let other = "arn:aws:ssm:eu-west-1:111122223333:opsitem:1";
        world.rollback_alarm().actions.insert(0, other.to_owned());
    }),
    ("an alarm without data yet", |world| {
        world.rollback_alarm().state.state = "INSUFFICIENT_DATA".to_owned();
    }),
    ("no listed alarm", |world| {
        world.facts.rollback_alarms = Ok(Vec::new());
    }),
    ("a listed alarm that is missing, for a sync", |world| {
        world.plan.sync = true;
        synced(world);
        world.facts.rollback_alarms.as_mut().expect("alarms")[0].found = None;
    }),
];

#[test]
fn an_alarm_that_is_off_and_on_says_both() {
    let world = world(|it| {
        let alarm = it.rollback_alarm();
        alarm.actions_enabled = false;
        alarm.actions.clear();
        alarm.state.state = "ALARM".to_owned();
    });
    let findings = world.findings();
    let found: Vec<(Severity, &str)> = findings
        .iter()
        .map(|it| (it.severity, it.found.as_str()))
        .collect();
    let expect = [
        (Warning, "the actions of alarm payments are off"),
        (Warning, "alarm payments is in ALARM already: all is paid"),
    ];
    assert_eq!(found, expect);
}
