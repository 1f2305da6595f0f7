//! C4: traffic moves forward to as many healthy targets as it needs, and back to one or more.

use crate::case::Case;
use crate::flip::flip_task;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = too_few();
    cases.extend(enough());
    cases.extend(begun());
    cases.extend(back());
    cases.extend(back_by_alarm());
    cases
}

/// A release of ten tasks that is about to flip to green; then its targets change.
fn deployed(title: &'static str, changes: Value) -> Case {
    let whole = [(10, "healthy")];
    Case::new("C4", title)
        .change(json!({
            "services/blue/desiredCount": 10, "services/blue/runningCount": 10,
            "services/green/desiredCount": 10, "services/green/runningCount": 10,
            "groups/blue/Targets": targets(1, &whole), "groups/green/Targets": targets(2, &whole),
            "record/release/fromDesired": 10,
        }))
        .asks(json!({"tag": "v1.1.0"}))
        .releases()
        .change(changes)
}

/// So many targets of a network in each of these states.
fn targets(network: u8, states: &[(usize, &'static str)]) -> Value {
    let states = states.iter();
    let states = states.flat_map(|(count, state)| std::iter::repeat_n(*state, *count));
    let targets = states.enumerate();
    let targets = targets.map(|(n, state)| (format!("10.0.{network}.{n}:8080"), json!(state)));
    Value::Object(targets.collect())
}

fn green_has(states: &[(usize, &'static str)]) -> Value {
    json!({"groups/green/Targets": targets(2, states)})
}

fn blue_has(states: &[(usize, &'static str)]) -> Value {
    json!({"groups/blue/Targets": targets(1, states)})
}

fn flip_back() -> Value {
    let reason = json!({"Error": "ReleaseUnhealthy", "Cause": "target 5xx 14 > 10 in 60 s"});
    json!({"action": "flip-back", "release": "$release", "execution": "$execution.id", "reason": reason})
}

fn decision(decision: &str) -> Value {
    json!({"decision": decision})
}

/// Where the one rule forwards to, and how far the record is.
fn stands(group: &str, phase: &str) -> Value {
    let arn = format!("elb:targetgroup/{group}/1");
    json!({"rules/http/Actions/0/TargetGroupArn": arn, "record/release/phase": phase})
}

/// The answer has the figures, nothing is written, and the state machine may ask again.
fn too_few() -> Vec<Case> {
    let waits = |title, states: &[(usize, &'static str)], figures| {
        deployed(title, green_has(states))
            .flips(10)
            .answers(decision("not-ready"))
            .saying(&[figures])
            .has(stands("blue", "deploying"))
            .has(json!({"record/version": 10}))
            .change(green_has(&[(10, "healthy")]))
            .flips(10)
            .answers(decision("flipped"))
            .has(stands("green", "watching"))
    };
    let one_short = [(9, "healthy"), (1, "unhealthy")];
    let draining = [(9, "healthy"), (4, "draining")];
    let starting = [(5, "healthy"), (5, "initial")];
    vec![
        waits("one of ten is left", &[(1, "healthy")], "1 of 10"),
        waits("one is missing", &one_short, "9 of 10"),
        waits("targets that start do not count", &starting, "5 of 10"),
        waits("targets that drain do not count", &draining, "9 of 10"),
        waits("none is healthy", &[(10, "unhealthy")], "0 of 10"),
        waits("none is registered", &[], "0 of 10"),
    ]
}

fn enough() -> Vec<Case> {
    let goes = |title, changes| {
        deployed(title, changes)
            .flips(10)
            .answers(decision("flipped"))
            .has(stands("green", "watching"))
    };
    let active_wants = |tasks: u32, states: &[(usize, &'static str)]| {
        let targets = targets(2, states);
        json!({"services/blue/desiredCount": tasks, "groups/green/Targets": targets})
    };
    let three = [(3, "healthy"), (7, "unhealthy")];
    let on_one_instance = json!({"groups/green/Targets": {
        "i-0a1b2c3d:32768": "healthy", "i-0a1b2c3d:32769": "healthy", "i-0a1b2c3d:32770": "healthy",
    }, "services/blue/desiredCount": 3});
    vec![
        goes("all are healthy", json!({})),
        goes("more than were deployed", green_has(&[(14, "healthy")])),
        goes("active was scaled in meanwhile", active_wants(3, &three)),
        goes(
            "active was scaled out meanwhile",
            active_wants(40, &[(10, "healthy")]),
        ),
        goes("active was scaled to none", active_wants(0, &three)),
        goes(
            "three tasks on one instance are three targets",
            on_one_instance,
        ),
    ]
}

/// A flip that has begun goes on: its rules may disagree.
fn begun() -> Vec<Case> {
    let begun = |title, states: &[(usize, &'static str)]| {
        deployed(title, green_has(states))
            .passes_smoke()
            .change(json!({
                "record/release/phase": "flipping", "record/release/flippedAt": "2026-11-20T10:02:00Z",
            }))
            .calls("flip", flip_task(10))
    };
    let one = [(1, "healthy"), (9, "unhealthy")];
    vec![
        begun("a flip that has begun goes on with one", &one)
            .answers(decision("flipped"))
            .has(stands("green", "watching")),
        begun("a flip that has begun needs one", &[(10, "unhealthy")])
            .saying(&["no healthy target"])
            .has(stands("blue", "flipping")),
    ]
}

/// The release has flipped; then blue's targets change.
fn flipped(title: &'static str, states: &[(usize, &'static str)]) -> Case {
    deployed(title, json!({}))
        .flips(10)
        .answers(decision("flipped"))
        .change(blue_has(states))
}

fn back() -> Vec<Case> {
    let back =
        |title, states: &[(usize, &'static str)]| flipped(title, states).calls("flip", flip_back());
    let one = [(1, "healthy"), (9, "unhealthy")];
    vec![
        back(
            "back to all ten, without a word on them",
            &[(10, "healthy")],
        )
        .answers(json!({"decision": "flipped-back", "reason": "target 5xx 14 > 10 in 60 s"}))
        .has(stands("blue", "rolled-back")),
        back("back to one of ten, and the reason has the figures", &one)
            .answers(decision("flipped-back"))
            .saying(&["target 5xx 14 > 10", "1 of 10 targets healthy"])
            .has(stands("blue", "rolled-back")),
        back("back to none is refused", &[(10, "unhealthy")])
            .answers(decision("refused"))
            .saying(&["blue has no healthy target"])
            .has(stands("green", "watching")),
    ]
}

fn back_by_alarm() -> Vec<Case> {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": "2099-12-31T10:00:00Z"});
    let alarm = json!({
        "source": "aws.cloudwatch", "accountId": "111122223333", "region": "eu-west-1",
        "time": "2099-12-31T10:00:00Z", "alarmData": {"alarmName": "shop-green-5xx", "state": state},
        "alarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-green-5xx",
    });
    let back = |title, states: &[(usize, &'static str)]| {
        flipped(title, states).calls("flip", alarm.clone())
    };
    vec![
        back("an alarm flips back to one of ten", &[(1, "healthy")])
            .answers(decision("flipped-back"))
            .saying(&["shop-green-5xx", "1 of 10 targets healthy"])
            .has(stands("blue", "rolled-back")),
        back("an alarm finds nothing to flip back to", &[])
            .fails("FlipBackRefused")
            .saying(&["no healthy target"])
            .has(stands("green", "watching")),
    ]
}
