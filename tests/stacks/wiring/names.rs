//! B6: containers that a service does not find, and names that fit one environment only.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = containers();
    cases.extend(variables());
    cases.extend(names());
    cases
}

fn release(row: &'static str, title: &'static str, changes: Value) -> Case {
    Case::new(row, title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

fn containers() -> Vec<Case> {
    let of = |service: &str, field: &str| format!("services/{service}/loadBalancers/0/{field}");
    let refused =
        |title, changes, says| release("B6", title, changes).refuses("container-mismatch", says);
    let port = "taskDefinitions/7/containerDefinitions/api/portMappings/0";
    vec![
        refused("idle's service names another container", json!({of("green", "containerName"): "app-green"}),
            &["green", "app-green"]),
        refused("active's service names another container", json!({of("blue", "containerName"): "app-blue"}),
            &["blue", "app-blue"]),
        refused("idle's service names another port", json!({of("green", "containerPort"): 9090}), &["green", "9090"]),
        release("B6", "a port within a range", json!({port: {"containerPortRange": "8000-8100"}})).releases(),
        release("B6", "a port that the host chooses", json!({port: {"containerPort": 8080, "hostPort": 0}})).releases(),
        release("B6", "a proxy beside it takes the traffic", json!({
            "taskDefinitions/7/containerDefinitions/+": {
                "name": "proxy", "image": "registry/shop@sha256:100…", "portMappings": [{"containerPort": 8443}],
            },
            of("blue", "containerName"): "proxy", of("blue", "containerPort"): 8443,
            of("green", "containerName"): "proxy", of("green", "containerPort"): 8443,
        }))
        .releases(),
    ]
}

fn api(field: &str) -> String {
    format!("taskDefinitions/7/containerDefinitions/api/{field}")
}

/// The colour as a word, where the other environment would carry it on.
fn coloured(title: &'static str, changes: Value, says: &'static [&'static str]) -> Case {
    let case = release("B6", title, changes).releases();
    case.warns("slot-in-variable", says)
}

fn variable(value: &str) -> Value {
    json!({api("environment/+"): {"name": "SERVICE_NAME", "value": value}})
}

fn variables() -> Vec<Case> {
    let warned = |title, value| coloured(title, variable(value), &["SERVICE_NAME"]);
    let silent = |title, changes| release("B6", title, changes).releases();
    let slot = json!({api("environment/DEPLOYMENT_SLOT/value"): "blue"});
    let letters = variable("bluebird-evergreen");
    let of_a_sidecar = json!({"taskDefinitions/7/containerDefinitions/+": {
        "name": "agent", "image": "vendor/agent@sha256:0a0…",
        "environment": [{"name": "TAGS", "value": "env:blue"}],
    }});
    vec![
        warned("a value that is the colour", "blue"),
        warned("a value that holds the colour", "app-blue"),
        warned("the other colour", "green.shop.internal"),
        warned("a colour between underscores", "shop_blue_queue"),
        warned("a colour in capitals", "APP-BLUE"),
        warned("a colour in an address", "https://blue.shop.example/api"),
        coloured("a sidecar's variable", of_a_sidecar, &["agent", "TAGS"]),
        silent("a word that only holds the letters", letters),
        silent("the variable that is meant for it", slot),
    ]
}

/// Names of other things than variables.
fn names() -> Vec<Case> {
    let group = api("logConfiguration/options/awslogs-group");
    let prefix = api("logConfiguration/options/awslogs-stream-prefix");
    let family = json!({"taskDefinitions/7/family": "shop-blue"});
    let log_group = json!({group: "/shop/blue", "logGroups/+": "/shop/blue"});
    let command = json!({api("command"): ["serve", "--slot=blue"]});
    let file = json!([{"type": "s3", "value": "arn:aws:s3:::config/blue.env"}]);
    let file = json!({api("environmentFiles"): file});
    let secret = json!({
        api("secrets/0/valueFrom"): "secret:blue/db-x1y2z3", "secrets/+": "secret:blue/db-x1y2z3",
        "parameters/SecretArns": "secret:blue/*",
    });
    let container = json!({
        api("name"): "app-blue", "taskDefinitions/6/containerDefinitions/api/name": "app-blue",
        "services/blue/loadBalancers/0/containerName": "app-blue",
        "services/green/loadBalancers/0/containerName": "app-blue", "parameters/ContainerName": "app-blue",
    });
    let label =
        json!({api("dockerLabels"): {"traefik.host": "blue.shop.example", "team": "bluebird"}});
    let volume = |volume: Value| json!({"taskDefinitions/7/volumes": [volume]});
    let named = volume(json!({"name": "data-blue"}));
    let host = volume(json!({"name": "data", "host": {"sourcePath": "/var/blue"}}));
    let files = json!({"fileSystemId": "fs-0a1b2c3d", "rootDirectory": "/green/uploads"});
    let files = volume(json!({"name": "uploads", "efsVolumeConfiguration": files}));
    let neither = volume(json!({"name": "data", "host": {"sourcePath": "/var/evergreen"}}));
    vec![
        coloured("a label", label, &["label traefik.host of container api"]),
        coloured("a volume", named, &["volume data-blue"]),
        coloured("a path of the host", host, &["host's path of volume data"]),
        coloured(
            "a directory of EFS",
            files,
            &["root directory of volume uploads"],
        ),
        release("B6", "a path that only holds the letters", neither).releases(),
        coloured("the family", family, &["shop-blue"]),
        coloured("the log group", log_group, &["/shop/blue"]),
        coloured("log streams", json!({prefix: "blue"}), &["stream-prefix"]),
        coloured("the command", command, &["command", "api"]),
        coloured("a file of variables", file, &["environment file"]),
        coloured("a secret", secret, &["DB_PASSWORD"]),
        coloured("the container", container, &["app-blue"]),
    ]
}
