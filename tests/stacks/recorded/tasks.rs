//! The tasks of a release as the state machine writes them, and the alarms that come to flip.

use crate::aws::expanded;
use crate::flip::REVISION;
use serde_json::{Value, json};

/// The execution, as the state machine names it.
pub(super) fn execution() -> Value {
    expanded(&json!({
        "id": "execution:shop-release:r1", "name": "r1", "startTime": "2026-11-20T10:01:05Z",
    }))
}

pub(super) fn revision() -> Value {
    expanded(&json!(REVISION))
}

/// The release is requested by a push.
pub(super) fn detect() -> Value {
    let event = json!({
        "version": "0", "id": "13cde686-328b-6117-af20-0e5566167482", "account": "111122223333",
        "region": "eu-west-1", "resources": [], "source": "aws.ecr", "detail-type": "ECR Image Action",
        "time": "2026-11-20T10:01:00Z",
        "detail": {
            "action-type": "PUSH", "result": "SUCCESS", "repository-name": "shop",
            "image-tag": "v1.1.0", "image-digest": "sha256:110…",
        },
    });
    json!({"action": "detect", "request": expanded(&event), "execution": execution()})
}

pub(super) fn pass_smoke(plan: &Value) -> Value {
    let smoke = json!({
        "passed": true, "release": plan["release"], "digest": plan["image"]["digest"],
    });
    json!({
        "action": "pass-smoke", "execution": execution(), "release": plan["release"], "smoke": smoke,
        "taskDefinition": revision(),
    })
}

pub(super) fn heed(plan: &Value, share: u32, steps: usize) -> Value {
    json!({
        "action": "heed", "execution": execution(), "release": plan["release"], "before": "flip",
        "share": share, "ready": true, "since": null, "steps": steps,
    })
}

pub(super) fn flip(plan: &Value, share: u32) -> Value {
    json!({
        "action": "flip", "plan": plan, "taskDefinition": revision(), "share": share,
        "execution": execution()["id"], "wanted": 2,
    })
}

/// An alarm of the stack's own, as CloudWatch invokes flip.
pub(super) fn alarm(environment: &str) -> Value {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": "2099-12-31T10:00:00Z"});
    let name = format!("shop-{environment}-5xx");
    json!({
        "source": "aws.cloudwatch", "alarmData": {"alarmName": name, "state": state},
        "alarmArn": format!("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"),
    })
}
