//! B9 to B11: secrets by wildcards as IAM reads them, alarms of every type, and alarms that may flip back.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = secrets();
    cases.extend(before());
    cases.extend(later());
    cases.extend(rollback());
    cases
}

/// The live definition reads this secret, and the parameter allows these.
fn secret(title: &'static str, named: &str, allowed: Value) -> Case {
    let path = "taskDefinitions/7/containerDefinitions/api/secrets/0/valueFrom";
    let changes = json!({path: named, "parameters/SecretArns": allowed, "secrets/+": "secret:prod/db-x1y2z3"});
    Case::new("B9", title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

fn secrets() -> Vec<Case> {
    let found = |title, allowed| secret(title, "secret:prod/db-x1y2z3", allowed).releases();
    vec![
        found(
            "a star at the end",
            json!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/*"),
        ),
        found(
            "a star in the middle",
            json!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:*/db-*"),
        ),
        found("six characters", json!("secret:prod/db-??????")),
        found("a star alone", json!("*")),
        found(
            "one of several",
            json!(["secret:staging/*", "secret:prod/*"]),
        ),
        secret(
            "a key of a secret",
            "secret:prod/db-x1y2z3:password::",
            json!("secret:prod/*"),
        )
        .releases(),
        secret(
            "a secret by its name without the six characters",
            "secret:prod/db",
            json!("secret:prod/*"),
        )
        .releases(),
        secret(
            "a secret that does not exist",
            "secret:prod/cache-q1w2e3",
            json!("secret:prod/*"),
        )
        .refuses("no-secret", &["prod/cache-q1w2e3"]),
        secret(
            "a secret that no pattern allows",
            "secret:prod/db-x1y2z3",
            json!("secret:staging/*"),
        )
        .releases()
        .leaves_open("no-secret"),
    ]
}

/// The team's alarm, of this type and in this state.
fn alarm(title: &'static str, kind: &str, state: &str) -> Case {
    let alarm = json!({"type": kind, "StateValue": state, "StateReason": "9 lines of ERROR"});
    Case::new("B10", title)
        .change(json!({"alarms/errors": alarm, "parameters/AlarmNames": ["checkout", "errors"]}))
}

/// Before anything is touched.
fn before() -> Vec<Case> {
    let ask = |title, kind, state| alarm(title, kind, state).asks(json!({"tag": "v1.1.0"}));
    let on = "ALARM";
    vec![
        ask("an alarm of logs", "LogAlarm", "OK").releases(),
        ask("an alarm without data yet", "LogAlarm", "INSUFFICIENT_DATA").releases(),
        ask("an alarm of logs that is on", "LogAlarm", on)
            .refuses("alarm-on", &["errors", "9 lines of ERROR"]),
        ask("a composite alarm that is on", "CompositeAlarm", on).refuses("alarm-on", &["errors"]),
        ask("a metric alarm that is on", "MetricAlarm", on).refuses("alarm-on", &["errors"]),
        alarm("an alarm that does not exist", "LogAlarm", "OK")
            .change(json!({"parameters/AlarmNames": ["absent"]}))
            .asks(json!({"tag": "v1.1.0"}))
            .refuses("alarm-on", &["absent", "AlarmNames"]),
    ]
}

/// Before the flip, and while the release is watched.
fn later() -> Vec<Case> {
    let released = |title| {
        let case = alarm(title, "LogAlarm", "OK").asks(json!({"tag": "v1.1.0"}));
        case.releases()
    };
    let check = json!({"action": "check-alarms", "plan": "$plan"});
    let judge = json!({
        "action": "judge", "plan": "$plan", "flippedAt": "$flippedAt", "probe": null,
        "failedBefore": false, "ignoredAlarms": [],
    });
    let on = json!({"alarms/errors/StateValue": "ALARM"});
    vec![
        released("an alarm of logs before the flip")
            .calls("evaluate-metrics", check.clone())
            .answers(json!({"decision": "flip"})),
        released("an alarm of logs that went on meanwhile")
            .change(on.clone())
            .calls("evaluate-metrics", check)
            .answers(json!({"decision": "refuse"}))
            .saying(&["errors", "9 lines of ERROR"]),
        released("an alarm of logs during the watch")
            .flips(2)
            .change(on)
            .calls("evaluate-metrics", judge)
            .answers(json!({"verdict": "unhealthy", "decision": "flip-back"}))
            .saying(&["alarm errors: 9 lines of ERROR"]),
    ]
}

/// An alarm that is listed as one that flips back, with some of its fields changed.
fn listed(title: &'static str, changes: Value) -> Case {
    let flip = "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip";
    let alarm = json!({
        "type": "LogAlarm", "StateValue": "OK", "StateReason": "9 lines of ERROR",
        "ActionsEnabled": true, "AlarmActions": [flip],
    });
    Case::new("B11", title)
        .change(json!({"alarms/errors": alarm, "parameters/RollbackAlarmNames": "errors"}))
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
        .releases()
}

/// None of them holds a release back.
fn rollback() -> Vec<Case> {
    let warned = |title, changes, words| listed(title, changes).warns("rollback-alarm", words);
    vec![
        listed("an alarm that invokes flip", json!({})),
        listed(
            "an alarm that notifies a topic",
            json!({"alarms/errors/AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:errors"]}),
        ),
        warned(
            "a name with a typo",
            json!({"parameters/RollbackAlarmNames": "errors,checkuot"}),
            &["alarm checkuot does not exist"],
        ),
        warned(
            "an alarm whose actions are off",
            json!({"alarms/errors/ActionsEnabled": false}),
            &["the actions of alarm errors are off"],
        ),
        warned(
            "an alarm that does nothing",
            json!({"alarms/errors/AlarmActions": []}),
            &["alarm errors has neither a Lambda function nor an SNS topic"],
        ),
        warned(
            "a listed alarm that is on",
            json!({"alarms/errors/StateValue": "ALARM"}),
            &["alarm errors is in ALARM already: 9 lines of ERROR"],
        ),
    ]
}
