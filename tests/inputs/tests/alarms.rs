//! A flip back that is due stays due: every other field of every golden alarm is changed in every way.

use crate::json::{Change, change, places};
use crate::properties::event;
use crate::tally::Tally;
use flip::alarm::StateValue;
use flip::event::Request;
use inputs::read_alarm;
use serde_json::{Value, json};
use shared::Environment;

/// The fields that decide, as CloudWatch invokes a function, as it notifies SNS, and as it sends an event. The name does
/// as it must be the ARN's.
const DECIDING: [&str; 9] = [
    "/alarmArn",
    "/alarmData/alarmName",
    "/alarmData/state/value",
    "/AlarmArn",
    "/AlarmName",
    "/NewStateValue",
    "/resources/0",
    "/detail/alarmName",
    "/detail/state/value",
];

/// Changes one field at a time; inside of SNS's message as well as around it.
pub fn one_change_each(tally: &Tally) {
    for name in ["metric", "composite", "metric-math", "by-eventbridge"] {
        let alarm = event(&format!("alarm-{name}"));
        each(&alarm, &DECIDING, |changed, what| {
            tally.check(&what, || due(changed));
        });
    }
    let wrapped = event("alarm-by-sns");
    each(&wrapped, &["/Records/0/Sns/Message"], |changed, what| {
        tally.check(&what, || due(changed));
    });
    let message = wrapped.pointer("/Records/0/Sns/Message");
    let message = message.and_then(Value::as_str).expect("a message");
    let message: Value = serde_json::from_str(message).expect("an alarm");
    each(&message, &DECIDING, |changed, what| {
        let wrapped = json!({"Records": [{"Sns": {"Message": changed.to_string()}}]});
        tally.check(&what, || due(wrapped));
    });
}

/// Every change of every field that neither decides nor holds one that does; those can get an unknown field.
fn each(golden: &Value, deciding: &[&str], mut check: impl FnMut(Value, (String, Change))) {
    for place in places(golden) {
        let holds = |it: &&str| **it == place || it.starts_with(&format!("{place}/"));
        let decides = deciding.contains(&place.as_str());
        for what in Change::ALL {
            let unknown = what == Change::Unknown && !decides;
            let grows = unknown && golden.pointer(&place).is_some_and(Value::is_object);
            if grows || !deciding.iter().any(holds) {
                let mut changed = golden.clone();
                change(&mut changed, &place, what);
                check(changed, (place.clone(), what));
            }
        }
    }
}

/// The alarm is read, is in ALARM, and is not taken for one of the previous environment.
fn due(payload: Value) {
    let request = read_alarm(payload).expect("an alarm");
    let Request::Alarms(alarms) = request else {
        panic!("a task: {request:?}")
    };
    let alarm = alarms.trusted.first().expect("one that is believed");
    let names = [
        "shop-green-5xx",
        "shop-green-slow-or-wrong",
        "team-error-rate",
    ];
    assert!(names.contains(&alarm.name.as_str()), "{alarm:?}");
    assert_eq!(alarm.state, StateValue::Alarm);
    assert_ne!(alarm.environment, Some(Environment::Blue));
    let given = "2026-11-23T12:05:30.250+00:00".parse().expect("a time");
    assert!(
        [given, inputs::now()].contains(&alarm.changed_at),
        "{alarm:?}"
    );
}
