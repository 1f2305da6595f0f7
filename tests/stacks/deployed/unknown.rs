//! C1: members of a task definition that the SDK does not know are carried over and compared.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    vec![
        register("members that the SDK does not know", json!([])).has(json!({
            "taskDefinitions/8/trustedExecutionConfiguration": {"mode": "enclave"},
            "taskDefinitions/8/containerDefinitions/api/newer": {"on": true},
        })),
        register(
            "a member that ECS forgets",
            json!(["trustedExecutionConfiguration"]),
        )
        .fails("UnexpectedAnswer")
        .saying(&[
            "task-definition/shop:8 back without what the live revision has: trustedExecutionConfiguration.mode",
        ]),
        sync("a sync with nothing to do", &Value::Null).skips(),
        sync("an idle revision with another unknown member", &json!("enclave"))
            .decides("sync")
            .warns("ends-flip-back", &[])
            .warns("idle-drifted", &["sha256:100…"])
            .leaves_open("wrong-architecture"),
    ]
}

/// The registration of a release whose live revision has such members; ECS forgets these.
fn register(title: &'static str, forgets: Value) -> Case {
    Case::new("C1", title)
        .change(json!({
            "forgets": forgets, "taskDefinitions/7/trustedExecutionConfiguration": {"mode": "enclave"},
            "taskDefinitions/7/containerDefinitions/api/newer": {"on": true},
        }))
        .asks(json!({"tag": "v1.1.0"}))
        .releases()
        .calls("deploy", json!({"action": "register", "plan": "$plan"}))
}

/// A sync while idle runs the live image; only idle's revision has this member.
fn sync(title: &'static str, newer: &Value) -> Case {
    let revision = |number: u32, newer: &Value| {
        let image = "registry/shop@sha256:100…";
        let api = json!({"name": "api", "image": image, "portMappings": [{"containerPort": 8080}]});
        json!({
            "taskDefinitionArn": format!("ecs:task-definition/shop:{number}"), "family": "shop",
            "revision": number, "status": "ACTIVE", "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [api], "newer": newer,
        })
    };
    Case::new("C1", title)
        .change(json!({
            "taskDefinitions/6": revision(6, newer), "taskDefinitions/7": revision(7, &Value::Null),
        }))
        .asks(json!({"action": "sync"}))
}
