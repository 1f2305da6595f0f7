//! C5: a share of the traffic makes two weighted groups of each rule, and all of it makes the rule again that was found.

use crate::case::Case;
use crate::flip::flip_task;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = there_and_back();
    cases.push(listener());
    cases.extend(steps());
    cases.extend(hands());
    cases.extend(capacity());
    cases
}

/// A rule's actions as a case finds them, and as they are with everything in green.
struct Shape {
    title: &'static str,
    found: Value,
    flipped: Value,
}

/// A release at 10 % of the traffic, of a service whose rule is as the shape says.
fn at_ten_percent(title: &'static str, found: &Value) -> Case {
    Case::new("C5", title)
        .change(json!({"rules/http/Actions": found}))
        .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:300"}))
        .releases()
        .passes_smoke()
        .calls("flip", to_share(10))
        .answers(json!({"decision": "flipped", "share": 10}))
        .has(json!({"record/release/phase": "watching", "record/release/share": 10}))
}

fn to_share(share: u8) -> Value {
    let mut task = flip_task(2);
    task["share"] = json!(share);
    task
}

/// The watch of the first step is over.
fn passes(share: u8) -> Value {
    json!({"action": "pass-step", "execution": "$execution", "release": "$plan.release", "share": share})
}

fn flip_back() -> Value {
    let reason = json!({"Error": "ReleaseUnhealthy", "Cause": "5xx 9 of 40"});
    json!({"action": "flip-back", "release": "$release", "execution": "$execution.id", "reason": reason})
}

fn group(name: &str, weight: u32) -> Value {
    json!({"TargetGroupArn": format!("elb:targetgroup/{name}/1"), "Weight": weight})
}

fn weighted(groups: Value) -> Value {
    json!([{"Type": "forward", "Order": 1, "ForwardConfig": {"TargetGroups": groups}}])
}

fn simple(name: &str) -> Value {
    let arn = format!("elb:targetgroup/{name}/1");
    json!([{"Type": "forward", "Order": 1, "TargetGroupArn": arn}])
}

/// As AWS describes a simple forward.
fn both_shown(name: &str) -> Value {
    let mut actions = simple(name);
    actions[0]["ForwardConfig"] = json!({"TargetGroups": [group(name, 1)]});
    actions
}

fn split(green: u32) -> Value {
    weighted(json!([group("blue", 100 - green), group("green", green)]))
}

fn shapes() -> [Shape; 4] {
    [
        Shape {
            title: "a forward that is shown in both ways",
            found: both_shown("blue"),
            flipped: both_shown("green"),
        },
        Shape {
            title: "a simple forward",
            found: simple("blue"),
            flipped: simple("green"),
        },
        Shape {
            title: "a weighted forward with weights of its own",
            found: weighted(json!([group("blue", 7), group("green", 0)])),
            flipped: weighted(json!([group("green", 7), group("blue", 0)])),
        },
        Shape {
            title: "a weighted forward in another order",
            found: weighted(json!([group("green", 0), group("blue", 100)])),
            flipped: weighted(json!([group("blue", 0), group("green", 100)])),
        },
    ]
}

fn there_and_back() -> Vec<Case> {
    let cases = shapes().into_iter().flat_map(|shape| {
        let forward = at_ten_percent(shape.title, &shape.found)
            .has(json!({"rules/http/Actions": split(10)}))
            .calls("detect", passes(10))
            .answers(json!({"recorded": true}))
            .calls("flip", to_share(100))
            .answers(json!({"decision": "flipped", "share": 100}))
            .has(json!({"rules/http/Actions": shape.flipped}));
        let back = at_ten_percent(shape.title, &shape.found)
            .calls("flip", flip_back())
            .answers(json!({"decision": "flipped-back"}))
            .has(json!({"rules/http/Actions": shape.found, "record/release/phase": "rolled-back"}));
        [forward, back]
    });
    cases.collect()
}

fn listener() -> Case {
    Case::new("C5", "a rule and the default action of its listener")
        .change(json!({
            "listeners/http/DefaultActions": simple("blue"),
            "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/1", "elb:listener/app/shop/1/80"],
        }))
        .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:300"}))
        .releases()
        .passes_smoke()
        .calls("flip", to_share(10))
        .answers(json!({"decision": "flipped"}))
        .has(json!({"rules/http/Actions": split(10), "listeners/http/DefaultActions": split(10)}))
        .calls("flip", flip_back())
        .answers(json!({"decision": "flipped-back"}))
        .has(json!({"rules/http/Actions": both_shown("blue"), "listeners/http/DefaultActions": simple("blue")}))
}

/// Which share follows on which.
fn steps() -> Vec<Case> {
    let at = |title| at_ten_percent(title, &both_shown("blue"));
    let refused = |title, share, says: &[&'static str]| {
        at(title)
            .calls("flip", to_share(share))
            .answers(json!({"decision": "refused"}))
            .saying(says)
            .has(json!({"rules/http/Actions": split(10)}))
    };
    vec![
        at("the same share again")
            .calls("flip", to_share(10))
            .answers(json!({"decision": "already-there", "share": 10})),
        refused(
            "a share before the watch has passed",
            100,
            &["passed its watch at 10 %"],
        ),
        refused("a smaller share", 5, &["never shrinks"]),
        Case::new("C5", "an execution that began before there were shares")
            .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:300"}))
            .releases()
            .passes_smoke()
            .calls("flip", flip_task(2))
            .answers(json!({"decision": "refused"}))
            .saying(&["this execution began before the stack shifted traffic in steps"])
            .has(json!({"record/release/phase": "deploying"})),
    ]
}

/// Somebody changes the weights while the release has 10 %.
fn hands() -> Vec<Case> {
    let says: &[&str] = &["splits traffic", "Give one of them all of the weight"];
    let by_hand = |title| {
        at_ten_percent(title, &both_shown("blue")).change(json!({"rules/http/Actions": split(20)}))
    };
    vec![
        by_hand("weights of somebody else are not flipped back")
            .calls("flip", flip_back())
            .answers(json!({"decision": "refused"}))
            .saying(says)
            .has(json!({"rules/http/Actions": split(20), "record/release/phase": "watching"})),
        by_hand("weights of somebody else are not flipped on")
            .calls("detect", passes(10))
            .answers(json!({"recorded": true}))
            .calls("flip", to_share(100))
            .answers(json!({"decision": "refused"}))
            .saying(says)
            .has(json!({"rules/http/Actions": split(20), "record/release/share": 10})),
        at_ten_percent("somebody gave blue everything", &both_shown("blue"))
            .change(json!({"rules/http/Actions": simple("blue")}))
            .calls("flip", flip_back())
            .answers(json!({"decision": "flipped-back"}))
            .has(json!({"rules/http/Actions": simple("blue")})),
    ]
}

/// Both environments carry a part of the traffic.
fn capacity() -> Vec<Case> {
    let sick = json!({"10.0.1.1:8080": "healthy", "10.0.1.2:8080": "unhealthy"});
    let deployed = |title, changes| {
        Case::new("C5", title)
            .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:300"}))
            .releases()
            .change(changes)
            .passes_smoke()
            .calls("flip", to_share(10))
    };
    let one_of_two = json!({"groups/green/Targets": {"10.0.2.1:8080": "healthy"}});
    vec![
        deployed("one of two is enough for 10 %", one_of_two)
            .answers(json!({"decision": "flipped"})),
        deployed(
            "blue lacks targets for the rest",
            json!({"groups/blue/Targets": sick}),
        )
        .answers(json!({"decision": "not-ready"}))
        .saying(&["1 of 2 wanted targets of blue"])
        .has(
            json!({"rules/http/Actions": both_shown("blue"), "record/release/phase": "deploying"}),
        ),
        at_ten_percent(
            "autoscaling left green one task for 10 %",
            &both_shown("blue"),
        )
        .change(json!({"groups/green/Targets": {"10.0.2.1:8080": "healthy"}}))
        .calls("detect", passes(10))
        .answers(json!({"recorded": true}))
        .calls("flip", to_share(100))
        .answers(json!({"decision": "not-ready", "share": 10}))
        .saying(&["1 of 2 wanted targets of green"])
        .has(json!({"rules/http/Actions": split(10)})),
    ]
}
