//! Any JSON at all, and the golden events and tasks with some of their fields changed.

use crate::json::{Change, change, places};
use crate::tally::Tally;
use inputs::Kind;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Values drawn for each kind.
const CASES: u32 = 1000;

/// JSON whose objects often have a name that means something.
pub fn arbitrary_json(tally: &Tally) {
    for (kind, golden) in golden() {
        let mut names: Vec<String> = golden.iter().flat_map(names).collect();
        names.sort();
        names.dedup();
        let values = any_value(names).prop_map(|value| value.to_string());
        tally.draw(CASES, values, |text| tally.input(kind, text.as_bytes()));
    }
}

fn names(value: &Value) -> Vec<String> {
    let places = places(value);
    let last = |place: &String| place.rsplit('/').next().map(str::to_owned);
    places.iter().filter_map(last).collect()
}

fn any_value(names: Vec<String>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["flip", "flip-back", "detect", "ALARM", "PUSH", "blue"])
            .prop_map(Value::from),
    ];
    let name = prop_oneof![
        4 => prop::sample::select(names),
        1 => any::<String>(),
    ];
    leaf.prop_recursive(6, 48, 8, move |inner| {
        let fields = prop::collection::vec((name.clone(), inner.clone()), 0..8);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
            3 => fields.prop_map(Value::from_iter),
        ]
    })
}

/// One to three fields changed at once.
pub fn changed_events(tally: &Tally) {
    let pick = any::<prop::sample::Index>();
    let changes = prop::collection::vec((pick, prop::sample::select(&Change::ALL[..])), 1..4);
    for (kind, golden) in golden() {
        let values = (prop::sample::select(golden), changes.clone());
        tally.draw(CASES, values, |(mut value, changes)| {
            for (pick, what) in changes {
                let places = places(&value);
                if !places.is_empty() {
                    let place: &String = pick.get(&places);
                    change(&mut value, place, what);
                }
            }
            tally.input(kind, value.to_string().as_bytes())
        });
    }
}

/// What each kind is given when everything is right.
fn golden() -> [(Kind, Vec<Value>); 3] {
    let alarms = [
        "metric",
        "composite",
        "metric-math",
        "by-sns",
        "by-eventbridge",
    ];
    let mut alarms: Vec<_> = alarms
        .iter()
        .map(|it| event(&format!("alarm-{it}")))
        .collect();
    let tasks = tasks();
    alarms.extend(tasks.iter().filter(|it| it["action"] == "flip").cloned());
    let requests = vec![
        event("ecr-push"),
        json!({"image": "shop:v1.1.0"}),
        json!({"taskDefinition": "arn:aws:ecs:eu-west-1:1:task-definition/shop:7"}),
        json!({"action": "rollback", "reason": "slow"}),
        json!({"action": "reject", "release": "r1", "gate": "flip to 10 %", "by": "ana", "reason": "slow"}),
        json!({"action": "stop", "release": "r1"}),
        json!({"action": "freeze", "reason": "sale", "until": "2026-12-27T08:00:00Z"}),
        json!({"tag": "v1.1.0", "override": "hot fix"}),
        json!({"tag": "v1.1.0", "traffic": "10:300,50:300,100:120"}),
        json!({"action": "plan", "request": {"tag": "v1.1.0", "traffic": "Linear10PercentEvery3Minutes"}}),
        json!({"action": "sync", "by": "ana", "reason": "scaled up"}),
        json!({"action": "contract", "command": ["m"], "sql": "SELECT 1", "expandedBy": "r1", "by": "ana"}),
        json!({"action": "from-ci", "request": {"tag": "v1.1.0", "traffic": "100:60", "by": "build 7", "reason": "merged"}}),
        json!({"action": "from-ci", "request": {"action": "plan", "request": {"image": "shop:v1.1.0"}}}),
    ];
    [
        (Kind::Request, requests),
        (Kind::Alarm, alarms),
        (Kind::Task, tasks),
    ]
}

/// A golden event of `tests/events`.
pub fn event(name: &str) -> Value {
    let text = project::read(&format!("tests/events/{name}.json"));
    serde_json::from_str(&text).expect("a golden event")
}

/// One task of each function.
fn tasks() -> Vec<Value> {
    let environment = |name: &str| {
        json!({"environment": name, "cluster": name, "service": "api", "targetGroup": "tg", "protocol": "HTTP",
            "taskDefinition": "td:1", "desired": 1, "running": 1, "digest": null})
    };
    let plan = json!({"release": "r1", "execution": "arn", "taskDefinition": null, "warnings": [],
        "steps": [{"share": 10, "seconds": 300}, {"share": 100, "seconds": 120}], "activeSince": "2026-11-20T12:00:00Z",
        "image": {"uri": "shop@sha256:new", "tag": "v1.1.0", "digest": "sha256:new"},
        "from": "blue", "to": "green", "active": environment("blue"), "idle": environment("green")});
    let execution = json!({"id": "arn", "name": "r1", "startTime": "2026-11-23T12:00:00Z"});
    let failure = json!({"Error": "NotFound", "Cause": "{\"errorMessage\": \"no such rule\"}"});
    vec![
        json!({"action": "detect", "request": {"tag": "v1"}, "execution": execution, "trafficChecked": true}),
        json!({"action": "pass-smoke", "execution": execution, "release": "r1", "taskDefinition": "td:2",
            "smoke": {"passed": true, "release": "r1", "digest": "sha256:new"}}),
        json!({"action": "pass-step", "execution": execution, "release": "r1", "share": 10}),
        json!({"action": "heed", "execution": execution, "release": "r1", "before": "flip", "share": 10, "ready": true,
            "since": "2026-11-23T12:00:00.000Z", "steps": 2}),
        json!({"action": "end-freeze", "execution": execution}),
        json!({"action": "finish", "execution": execution, "outcome": "failed", "reason": failure}),
        json!({"action": "register", "plan": plan}),
        json!({"action": "check", "plan": plan, "taskDefinition": "td:2", "deployment": "d", "desired": 1}),
        json!({"action": "scale", "plan": plan, "deployment": "d", "desired": 1}),
        json!({"plan": plan, "targets": [{"id": "10.0.0.7", "port": 8080}]}),
        json!({"action": "flip", "plan": plan, "execution": "arn", "wanted": 1, "taskDefinition": "td:2", "share": 10}),
        json!({"action": "end-stopped"}),
        json!({"action": "flip-back", "release": "r1", "execution": "arn", "reason": failure}),
        json!({"action": "judge", "plan": plan, "step": 1, "flippedAt": "2026-11-23T12:00:00Z",
            "shareSince": "2026-11-23T12:05:00Z", "failedBefore": true, "wouldFlipBack": "healthy targets 0 of 4",
            "ignoredAlarms": ["checkout"], "probe": {"targets": {"passing": ["10.0.0.7:8080"]}, "results": []}}),
        json!({"action": "check-traffic", "plan": plan}),
        json!({"action": "look-back", "plan": plan, "flippedAt": "2026-11-23T12:00:00Z"}),
    ]
}
