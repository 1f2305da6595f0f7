//! D3: requests that meet a release with a share of the traffic, and what has been left of one.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = in_progress();
    cases.extend(left());
    cases
}

/// The execution `r0` watches a release from blue to green at 10 % of the traffic.
fn at_a_share() -> Value {
    json!({
        "executions/r0": "RUNNING",
        "record/holder": "execution:shop-release:r0",
        "record/release": {
            "id": "r0", "phase": "watching", "claimedAt": "2026-11-19T10:00:02Z", "from": "blue", "to": "green",
            "fromDigest": "sha256:100…", "toDigest": "sha256:090…", "fromDesired": 2, "flippedAt": "2026-11-19T10:05:00Z",
            "share": 10, "shareSince": "2026-11-19T10:05:00Z",
            "originalForwards": [{"rule": "elb:listener-rule/app/shop/1/80/1", "single": true,
                "groups": [{"group": "elb:targetgroup/blue/1", "weight": 1}]}],
        },
        "rules/http/Actions": [{"Type": "forward", "Order": 1, "ForwardConfig": {"TargetGroups": [
            {"TargetGroupArn": "elb:targetgroup/blue/1", "Weight": 90},
            {"TargetGroupArn": "elb:targetgroup/green/1", "Weight": 10},
        ]}}],
    })
}

fn meets(title: &'static str, changes: Value) -> Case {
    Case::new("D3", title).change(at_a_share()).change(changes)
}

/// The share as the record says it, and the task that says that it has passed.
fn in_progress() -> Vec<Case> {
    let execution = json!({
        "id": "execution:shop-release:r0", "name": "r0", "startTime": "2026-11-19T10:00:00Z",
    });
    let preview = || {
        let request = json!({"action": "plan", "request": {"tag": "v1.1.0"}});
        let execution = json!({
            "id": "execution:shop-release:p1", "name": "p1", "startTime": "2026-11-20T10:00:00Z",
        });
        json!({"action": "detect", "request": request, "execution": execution})
    };
    let pass = |share: u8| json!({"action": "pass-step", "execution": execution, "release": "r0", "share": share});
    vec![
        meets("a push waits", json!({}))
            .pushes("v1.1.0", "sha256:110…")
            .waits()
            .saying(&["release r0 (watching at 10 %) of"]),
        meets("a preview says what it waits for", json!({}))
            .calls("detect", preview())
            .answers(json!({"would": "release", "plan": null}))
            .saying(&[
                "release r0 (watching at 10 %) of",
                "so it would wait; which environment is active then",
            ]),
        meets(
            "a preview meets weights of somebody else's",
            json!({"record/release/share": 20}),
        )
        .calls("detect", preview())
        .answers(json!({"would": "refuse"}))
        .saying(&["splits traffic: blue has weight 90, green has weight 10"]),
        meets("a sync is refused", json!({}))
            .asks(json!({"action": "sync"}))
            .refuses_with(&["a sync would end its flip back"]),
        meets("its execution says that the share has passed", json!({}))
            .calls("detect", pass(10))
            .answers(json!({"decision": "step", "recorded": true}))
            .has(json!({"record/release/passedShare": 10})),
        meets("a share that is not watched has not passed", json!({}))
            .calls("detect", pass(50))
            .answers(json!({"recorded": false}))
            .saying(&["has 10 % of the traffic, not 50 %"])
            .has(json!({"record/release/passedShare": null})),
    ]
}

/// What an execution has left that was stopped.
fn left() -> Vec<Case> {
    let stopped = || json!({"executions/r0": "ABORTED"});
    let leaves = || json!({"executions/r0": "ABORTED", "parameters/WhenStopped": "leave"});
    let closed = json!({"executions/r0": "ABORTED", "record/holder": null});
    let asks = |title, changes, request| meets(title, changes).asks(request);
    let tag = || json!({"tag": "v1.1.0"});
    let remedy: &[&str] = &[
        "release r0 (watching at 10 %) splits the traffic",
        "rollback",
        "back to blue",
    ];
    vec![
        asks("a release flips back first what was left", stopped(), tag())
            .decides("end-stopped")
            .saying(&["r0 has ended without an end of release r0 (watching at 10 %)"]),
        asks("a sync does so too", stopped(), json!({"action": "sync"})).decides("end-stopped"),
        asks(
            "a rollback needs nobody's leave",
            stopped(),
            json!({"action": "rollback"}),
        )
        .decides("rollback"),
        asks("a split that is meant to be left", leaves(), tag())
            .decides("refuse")
            .saying(remedy),
        asks("a split whose flip back was refused", closed, tag())
            .decides("refuse")
            .saying(remedy),
    ]
}
