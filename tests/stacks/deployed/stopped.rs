//! C6: executions that end without their own end, after they flipped or before.

use crate::case::Case;
use crate::flip::flip_task;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = ended();
    cases.extend(left());
    cases
}

/// As an event of Step Functions and the schedule ask.
fn end_stopped() -> Value {
    json!({"action": "end-stopped"})
}

fn released(title: &'static str, traffic: &str) -> Case {
    Case::new("C6", title)
        .asks(json!({"tag": "v1.1.0", "traffic": traffic}))
        .releases()
        .passes_smoke()
}

/// The release has all of the traffic, or 10 % of it.
fn flipped(title: &'static str, share: u8) -> Case {
    let traffic = if share == 100 {
        "AllAtOnce"
    } else {
        "10:300,100:300"
    };
    let mut task = flip_task(2);
    task["share"] = json!(share);
    released(title, traffic)
        .calls("flip", task)
        .answers(json!({"decision": "flipped"}))
}

fn group(name: &str, weight: u32) -> Value {
    json!({"TargetGroupArn": format!("elb:targetgroup/{name}/1"), "Weight": weight})
}

/// Where everything goes to blue again, in the rule's own shape, and nobody holds the record.
fn rolled_back() -> Value {
    json!({
        "rules/http/Actions": [{"Type": "forward", "Order": 1, "TargetGroupArn": "elb:targetgroup/blue/1",
            "ForwardConfig": {"TargetGroups": [group("blue", 1)]}}],
        "record/release/phase": "rolled-back", "record/holder": null,
    })
}

fn ended() -> Vec<Case> {
    let back = |title, share, status: &str| {
        flipped(title, share)
            .change(json!({"executions/r1": status}))
            .calls("flip", end_stopped())
            .answers(json!({"decision": "flipped-back"}))
            .saying(&["what it had flipped was flipped back"])
            .has(rolled_back())
            .calls("flip", end_stopped())
            .answers(json!({"decision": "nothing-to-flip-back"}))
    };
    vec![
        back("stopped with all of the traffic", 100, "ABORTED"),
        back("stopped with a share of it", 10, "ABORTED"),
        back("timed out with a share of it", 10, "TIMED_OUT"),
        back("failed, and could not say so", 100, "FAILED"),
        flipped("unknown to Step Functions by now", 10)
            .change(json!({"executions/r1": null}))
            .calls("flip", end_stopped())
            .answers(json!({"decision": "flipped-back"}))
            .saying(&["is not known to Step Functions any more"])
            .has(rolled_back()),
        flipped("it still runs, whatever the event says", 10)
            .calls("flip", end_stopped())
            .answers(json!({"decision": "ignored"}))
            .saying(&["is still running"])
            .has(json!({"record/release/phase": "watching"})),
    ]
}

/// Traffic stays where it is: there is nothing to flip back, a team wants it so, or it is refused.
fn left() -> Vec<Case> {
    let stopped = || json!({"executions/r1": "ABORTED"});
    vec![
        released("stopped before its flip", "AllAtOnce")
            .change(stopped())
            .calls("flip", end_stopped())
            .answers(json!({"decision": "closed"}))
            .saying(&["it left nothing to flip back"])
            .has(json!({"record/release/phase": "failed", "record/holder": null})),
        flipped("a team looks at it first", 10)
            .change(json!({"executions/r1": "ABORTED", "parameters/WhenStopped": "leave"}))
            .calls("flip", end_stopped())
            .answers(json!({"decision": "closed"}))
            .saying(&["traffic stays where it is"])
            .has(json!({
                "record/release/phase": "watching", "record/holder": null,
                "rules/http/Actions": [{"Type": "forward", "Order": 1,
                    "ForwardConfig": {"TargetGroups": [group("blue", 90), group("green", 10)]}}],
            })),
        flipped("live since an earlier version", 100)
            .change(stopped())
            .change(json!({"record/release/share": null, "record/release/shareSince": null}))
            .calls("flip", end_stopped())
            .answers(json!({"decision": "closed"}))
            .saying(&["a version flipped it that left traffic where it was"])
            .has(json!({"record/release/phase": "watching", "record/holder": null})),
        flipped("blue has no healthy target, and nobody knows when it was stopped", 10)
            .change(stopped())
            .change(json!({"groups/blue/Targets": {"10.0.1.1:8080": "unhealthy"}}))
            .calls("flip", end_stopped())
            .fails("FlipBackRefused")
            .saying(&["blue has no healthy target"])
            .has(json!({"record/release/phase": "watching", "record/holder": "execution:shop-release:r1"})),
    ]
}
