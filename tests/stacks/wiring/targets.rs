//! B7 and B8: target groups that the smoke checks cannot speak to, and targets that nobody could ask.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = protocols();
    cases.extend(kinds());
    cases.extend(instances());
    cases
}

fn release(row: &'static str, title: &'static str, changes: Value) -> Case {
    Case::new(row, title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

/// Both groups have this value, and the environments these base URLs.
fn both(field: &str, value: &str, urls: [&str; 2]) -> Value {
    json!({
        format!("groups/blue/{field}"): value, format!("groups/green/{field}"): value,
        "parameters/BlueBaseUrl": urls[0], "parameters/GreenBaseUrl": urls[1],
    })
}

const NONE: [&str; 2] = ["", ""];
const URLS: [&str; 2] = ["http://one.shop.internal", "http://two.shop.internal"];

fn protocols() -> Vec<Case> {
    let refused = |title, changes, says| release("B7", title, changes).refuses("protocol", says);
    vec![
        refused(
            "gRPC",
            both("ProtocolVersion", "GRPC", NONE),
            &["GRPC", "green", "GreenBaseUrl"],
        ),
        refused(
            "gRPC and a URL for blue alone",
            both("ProtocolVersion", "GRPC", [URLS[0], ""]),
            &["green", "GRPC"],
        ),
        refused(
            "gRPC and a URL for green alone",
            both("ProtocolVersion", "GRPC", ["", URLS[1]]),
            &["blue", "GRPC"],
        ),
        refused("TCP", both("Protocol", "TCP", NONE), &["TCP"]),
        refused("TLS", both("Protocol", "TLS", NONE), &["TLS"]),
        refused("UDP", both("Protocol", "UDP", NONE), &["UDP"]),
        release(
            "B7",
            "gRPC and base URLs",
            both("ProtocolVersion", "GRPC", URLS),
        )
        .releases(),
        release("B7", "HTTPS", both("Protocol", "HTTPS", NONE)).releases(),
        release("B7", "HTTP/2", both("ProtocolVersion", "HTTP2", NONE))
            .releases()
            .warns("protocol", &["HTTP2"]),
    ]
}

fn kinds() -> Vec<Case> {
    let refused = |title, kind| {
        release("B8", title, both("TargetType", kind, NONE))
            .refuses("unreachable-targets", &["green"])
    };
    vec![
        refused("instances", "instance"),
        refused("a function", "lambda"),
        refused("a load balancer", "alb"),
        release(
            "B8",
            "instances and base URLs",
            both("TargetType", "instance", URLS),
        )
        .releases(),
        release(
            "B8",
            "instances and a URL for idle alone",
            both("TargetType", "instance", ["", URLS[1]]),
        )
        .refuses("unreachable-targets", &["blue", "BlueBaseUrl"]),
    ]
}

/// Several tasks on one instance are several targets.
fn instances() -> Vec<Case> {
    let on_one = |states: [&str; 2]| json!({"groups/green/Targets": {"i-0a1b2c3d:32768": states[0], "i-0a1b2c3d:32769": states[1]}});
    let judge = json!({
        "action": "judge", "plan": "$plan", "flippedAt": "$flippedAt", "probe": null, "failedBefore": true,
        "ignoredAlarms": [],
    });
    let changes = both("TargetType", "instance", URLS);
    vec![
        release("B8", "one of two tasks on an instance fails", changes)
            .releases()
            .change(on_one(["healthy", "healthy"]))
            .flips(2)
            .answers(json!({"decision": "flipped"}))
            .change(on_one(["healthy", "unhealthy"]))
            .calls("evaluate-metrics", judge)
            .answers(
                json!({"decision": "flip-back", "targets": [{"id": "i-0a1b2c3d", "port": 32768}]}),
            )
            .saying(&["failing targets 1 of 2", "i-0a1b2c3d:32769 is unhealthy"]),
    ]
}
