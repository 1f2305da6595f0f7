//! The task that each function is measured with, its variables, and what its answer must be. Each asks AWS once or twice,
//! but for the flip, which is the whole of one.

use crate::aws::{BLUE, GREEN, RULE};
use crate::process::Variables;
use chrono::Utc;
use serde_json::{Value, json};

/// What one function is given.
pub struct Job {
    pub task: Value,
    /// A field of the answer, and its value.
    pub expected: (&'static str, Value),
}

/// What a function, or the floor, is given where AWS is at this port of the machine.
pub fn job(function: &str, port: u16) -> Job {
    let plan = plan();
    let execution = json!({"id": "arn:r1", "name": "r1", "startTime": now()});
    let (task, field, value) = match function {
        "detect" => (
            json!({"action": "heed", "execution": execution, "release": "r1", "before": "flip", "share": 100,
                "ready": true, "since": null, "steps": 1}),
            "decision",
            json!("go-on"),
        ),
        "deploy" => (
            json!({"action": "check", "plan": plan, "taskDefinition": "shop:2", "deployment": "ecs-svc/2",
                "desired": 2}),
            "status",
            json!("waiting"),
        ),
        "smoke" => (
            json!({"plan": plan, "targets": [{"id": "127.0.0.1", "port": port}]}),
            "passed",
            json!(true),
        ),
        "flip" => (flip(), "decision", json!("flipped")),
        "evaluate-metrics" => (
            json!({"action": "judge", "plan": plan, "flippedAt": now(), "lastRead": {}, "ignoredAlarms": []}),
            "decision",
            json!("watch"),
        ),
        _ => (greeting(), "greeting", json!("Hello, shop!")),
    };
    Job {
        task,
        expected: (field, value),
    }
}

/// All of the traffic to green.
pub fn flip() -> Value {
    json!({"action": "flip", "plan": plan(), "execution": "arn:r1", "wanted": 2, "taskDefinition": "shop:2",
        "share": 100})
}

/// What the floor is given.
pub fn greeting() -> Value {
    json!({"name": "shop"})
}

/// The record of a release that was deployed and has passed its smoke test.
pub fn record() -> Value {
    let passed = json!({"execution": "arn:r1", "digest": "sha256:new", "taskDefinition": "shop:2"});
    json!({
        "service": "shop", "item": "record", "version": 7, "holder": "arn:r1",
        "release": {
            "id": "r1", "phase": "deploying", "claimedAt": now(), "from": "blue", "to": "green",
            "toDigest": "sha256:new", "fromDesired": 2, "heeds": true, "passedSmoke": passed,
        },
    })
}

fn plan() -> Value {
    let environment = |name: &str, group: &str| {
        json!({"environment": name, "cluster": name, "service": "api", "targetGroup": group, "protocol": "HTTP",
            "taskDefinition": "shop:1", "desired": 2, "running": 2, "digest": null})
    };
    json!({
        "release": "r1", "execution": "arn:r1", "taskDefinition": null, "from": "blue", "to": "green", "sync": false,
        "image": {"uri": "shop@sha256:new", "tag": "v1.1.0", "digest": "sha256:new"}, "migration": null, "steps": [],
        "active": environment("blue", BLUE), "idle": environment("green", GREEN), "activeSince": null, "warnings": [],
    })
}

fn now() -> String {
    Utc::now().to_rfc3339()
}

/// What all functions are given: AWS at this address, and the parameters' defaults.
pub fn variables(aws: &str) -> Variables {
    let names = VARIABLES.into_iter().chain([("AWS_ENDPOINT_URL", aws)]);
    names
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

const VARIABLES: [(&str, &str); 37] = [
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ACCESS_KEY_ID", "key"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
    ("SERVICE", "shop"),
    ("RECORD_TABLE", "records"),
    ("HISTORY_DAYS", "400"),
    ("RULE_ARNS", RULE),
    ("BLUE_TARGET_GROUP_ARN", BLUE),
    ("GREEN_TARGET_GROUP_ARN", GREEN),
    (
        "BLUE_SERVICE_ARN",
        "arn:aws:ecs:eu-west-1:111122223333:service/blue/api",
    ),
    (
        "GREEN_SERVICE_ARN",
        "arn:aws:ecs:eu-west-1:111122223333:service/green/api",
    ),
    (
        "LOAD_BALANCER_ARN",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1",
    ),
    ("CONTAINER_NAME", "api"),
    ("REPOSITORY_NAME", "shop"),
    ("SMOKE_LOOPBACK", "allowed"),
    ("WHEN_STOPPED", "flip-back"),
    ("ON_ALARM_BEFORE_FLIP", "refuse"),
    ("SQL_DIALECT", "postgresql"),
    ("STABLE_RELEASES_BEFORE_CONTRACT", "3"),
    ("WATCH_SECONDS", "120"),
    ("INCONCLUSIVE_GRACE_SECONDS", "180"),
    ("VERDICT_MODE", "decide"),
    ("APPROVAL_BEFORE", "none"),
    ("APPROVAL_TIMEOUT_SECONDS", "3600"),
    ("WHEN_NOT_APPROVED", "reject"),
    ("WHEN_NEWER_PUSHED", "keep"),
    ("HOLD_TIMEOUT_SECONDS", "86400"),
    ("FREEZE_AFTER_ROLLBACK", "off"),
    ("AFTER_FREEZE", "name"),
    ("RELEASE_WINDOW_TIMEZONE", "UTC"),
    ("POLL_SECONDS", "15"),
    ("BASELINE_SECONDS", "3600"),
    ("MAX_TARGET_5XX", "10"),
    ("MIN_REQUESTS", "50"),
    ("ON_INCONCLUSIVE", "keep"),
    ("ON_SUSPICION", "keep"),
    ("ON_LATENCY", "warn"),
];
