//! A flip back that is due stays due: every other field of every golden alarm is changed in every way.

use crate::json::{Change, change, places};
use crate::properties::event;
use crate::tally::Tally;
use flip::alarm::StateValue;
use flip::event::{Request, read};
use serde_json::{Value, json};
use shared::{Environment, PerEnvironment};

/// The two fields that decide, as CloudWatch invokes a function and as it notifies SNS.
const DECIDING: [&str; 4] = [
    "/alarmData/alarmName",
    "/alarmData/state/value",
    "/AlarmName",
    "/NewStateValue",
];

/// Changes one field at a time; inside of SNS's message as well as around it.
pub fn one_change_each(tally: &Tally) {
    for name in ["metric", "composite", "metric-math"] {
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
    let group = |name: &str| format!("arn:aws:x:targetgroup/shop-{name}/73e2d6bc24d8a067");
    let groups = PerEnvironment {
        blue: group("blue"),
        green: group("green"),
    };
    let now = inputs::now();
    let request = read(payload, "shop", &groups, now).expect("an alarm");
    let Request::Alarms(alarms) = request else {
        panic!("a task: {request:?}")
    };
    let names = [
        "shop-green-5xx",
        "shop-green-slow-or-wrong",
        "team-error-rate",
    ];
    assert!(names.contains(&alarms[0].name.as_str()), "{alarms:?}");
    assert_eq!(alarms[0].state, StateValue::Alarm);
    assert_ne!(alarms[0].environment, Some(Environment::Blue));
    let given = "2026-11-23T12:05:30.250+00:00".parse().expect("a time");
    assert!([given, now].contains(&alarms[0].changed_at), "{alarms:?}");
}
