//! The new revision loses nothing of the live one.

mod moving;

use crate::task_definition::with_image;
use serde_json::{Value, json};
use shared::Environment;
use shared::ecs::RevisionContent;

fn content(definition: &Value) -> RevisionContent {
    RevisionContent::of_answer(&json!({ "taskDefinition": definition }))
}

/// A revision with members of every kind; some are not known to the SDK.
fn full() -> Value {
    json!({
        "family": "shop", "taskRoleArn": "arn:task", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "volumes": [{"name": "cache", "host": {}}], "enableFaultInjection": true,
        "inferenceAccelerators": [{"deviceName": "d", "deviceType": "t"}],
        "trustedExecutionConfiguration": {"mode": "enclave"},
        "containerDefinitions": [
            {"name": "proxy", "image": "proxy:1"},
            {"name": "api", "image": "shop@sha256:old", "cpu": 256, "user": "app", "newer": [1.5, null]},
        ],
    })
}

fn green(live: &Value) -> Value {
    let wanted = with_image(&content(live), "api", "shop@sha256:new", Environment::Green);
    wanted.expect("api is there").as_json().clone()
}

#[test]
fn only_the_image_and_the_slot_of_the_named_container_change() {
    let mut expect = full();
    let api = &mut expect["containerDefinitions"][1];
    api["image"] = json!("shop@sha256:new");
    api["environment"] = json!([{"name": "DEPLOYMENT_SLOT", "value": "green"}]);
    assert_eq!(green(&full()), expect);
}

#[test]
fn a_slot_that_is_set_is_replaced() {
    let live = green(&full());
    let blue = with_image(
        &content(&live),
        "api",
        "shop@sha256:newer",
        Environment::Blue,
    );
    let blue = blue.expect("api is there");
    let environment = &blue.as_json()["containerDefinitions"][1]["environment"];
    assert_eq!(
        *environment,
        json!([{"name": "DEPLOYMENT_SLOT", "value": "blue"}])
    );
}

#[test]
fn other_variables_keep_their_places() {
    let mut live = full();
    let variable = |name: &str, value: &str| json!({"name": name, "value": value});
    let [a, z] = [variable("Z", "1"), variable("A", "1")];
    live["containerDefinitions"][1]["environment"] = json!([a, z]);
    let environment = &green(&live)["containerDefinitions"][1]["environment"];
    assert_eq!(
        *environment,
        json!([a, z, variable("DEPLOYMENT_SLOT", "green")])
    );
}

#[test]
fn a_container_that_is_not_there_is_named_with_those_that_are() {
    let error = with_image(
        &content(&full()),
        "web",
        "shop@sha256:new",
        Environment::Green,
    );
    let error = error.expect_err("no web");
    let expect = r#"expected a container web, found ["proxy", "api"]. Correct"#;
    assert!(error.as_str().starts_with(expect), "{error}");
}
