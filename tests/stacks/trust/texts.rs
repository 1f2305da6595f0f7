//! T4: what others wrote. A secret in it is not shown, what controls a terminal or a mail is left out, and what is long is
//! counted.

use crate::case::Case;
use serde_json::{Value, json};

const DEFINITION: &str = "taskDefinitions/7/containerDefinitions/api";

pub fn cases() -> Vec<Case> {
    let mut cases = base_urls();
    cases.extend(secrets_in_variables());
    cases.extend(controls());
    cases.extend(migrations());
    cases
}

fn base_url(title: &'static str, url: &str) -> Case {
    let urls = json!({
        "parameters/BlueBaseUrl": "http://blue.shop.internal", "parameters/GreenBaseUrl": url,
    });
    Case::new("T4", title)
        .change(urls)
        .asks(json!({"tag": "v1.1.0"}))
        .refuses(
            "base-url",
            &["green's base URL cannot be used", "GreenBaseUrl"],
        )
        .hiding(&["s3cret"])
}

fn base_urls() -> Vec<Case> {
    vec![
        base_url(
            "a password in a base URL",
            "http://ops:s3cret@green.shop.internal",
        ),
        base_url(
            "a key as the user's name",
            "https://s3cret@green.shop.internal",
        ),
        base_url(
            "a password that breaks the URL",
            "http://ops:s3cret/x@green.shop.internal",
        ),
        base_url("a key in a query", "http://green.shop.internal/?key=s3cret"),
        Case::new("T4", "the same base URL twice, with a password")
            .change(json!({
                "parameters/BlueBaseUrl": "http://ops:s3cret@shop.internal",
                "parameters/GreenBaseUrl": "http://ops:s3cret@shop.internal",
            }))
            .asks(json!({"tag": "v1.1.0"}))
            .refuses("base-url", &["blue's", "green's"])
            .and_refuses("same-twice", &["the base URL"])
            .hiding(&["s3cret"]),
    ]
}

fn api(field: &str) -> String {
    format!("{DEFINITION}/{field}")
}

fn variable(title: &'static str, name: &str, value: &str) -> Case {
    let variable = json!({"name": name, "value": value});
    Case::new("T4", title)
        .change(json!({api("environment/+"): variable}))
        .asks(json!({"tag": "v1.1.0"}))
        .releases()
}

fn secrets_in_variables() -> Vec<Case> {
    let warns = |case: Case, what: &'static [&'static str]| {
        case.warns("secret-in-variable", what).hiding(&["s3cret"])
    };
    let option = json!({api("logConfiguration/options/splunk-token"): "176FCEBF-4CF5-4EDF-91BC-s3cret796522"});
    let command = json!({api("command"): ["serve", "--api-key", "s3cret-a94a8fe5"]});
    let asks = |title, change: Value| {
        let case = Case::new("T4", title).change(change);
        case.asks(json!({"tag": "v1.1.0"})).releases()
    };
    let url = "postgres://app:s3cret@db.internal/shop";
    vec![
        warns(
            variable("a password in a connection string", "DATABASE_URL", url),
            &["variable DATABASE_URL of container api"],
        ),
        warns(
            variable("a token by its name", "API_TOKEN", "s3cret-a94a8fe5"),
            &["variable API_TOKEN of container api"],
        ),
        warns(
            asks("a log option", option),
            &["log option splunk-token of container api"],
        ),
        warns(
            asks("a word of a command", command),
            &["the command of container api"],
        ),
        variable("the ARN of a secret", "DB_SECRET", "secret:db-a1b2c3"),
        variable(
            "a file with a secret",
            "DB_PASSWORD_FILE",
            "/run/secrets/db1",
        ),
        variable("how long tokens live", "TOKEN_TTL", "3600"),
        variable(
            "where tokens come from",
            "TOKEN_URL",
            "https://login.example/v2/token",
        ),
        variable(
            "a commit",
            "GIT_SHA",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        ),
    ]
}

/// Control characters and marks that turn the order of letters.
const HOSTILE: &str = "unable to\r\n\u{1b}[2J place \u{202e}a task\u{7}";

fn controls() -> Vec<Case> {
    let failed = json!({
        "services/green/rolloutState": "FAILED", "services/green/rolloutStateReason": HOSTILE,
        "services/green/events": [{"id": "1", "message": HOSTILE}],
    });
    let check = json!({"action": "check", "plan": "$plan", "taskDefinition": "$taskDefinition",
        "deployment": "$deployment", "desired": 2});
    let hidden = ["\\u001b", "\\r", "\\n", "\\u0007", "\u{202e}"];
    vec![
        Case::new("T4", "what ECS says of a failed deployment")
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
            .calls("deploy", json!({"action": "register", "plan": "$plan"}))
            .calls(
                "deploy",
                json!({"action": "update", "plan": "$plan", "taskDefinition": "$taskDefinition"}),
            )
            .change(failed)
            .calls("deploy", check)
            .answers(json!({"status": "failed"}))
            .saying(&["unable to [2J place a task; event: unable to [2J place a task"])
            .hiding(&hidden),
        Case::new("T4", "an operator's reason")
            .asks(json!({"action": "rollback", "reason": HOSTILE}))
            .decides("rollback")
            .answers(json!({"reason": "unable to [2J place a task"}))
            .hiding(&hidden),
        Case::new("T4", "a request that is none")
            .asks(json!({"tag": HOSTILE}))
            .refuses_with(&["found unable to [2J place a task"])
            .hiding(&hidden),
        Case::new("T4", "an alarm's reason")
            .change(json!({
                "alarms/checkout/StateValue": "ALARM", "alarms/checkout/StateReason": HOSTILE,
            }))
            .asks(json!({"tag": "v1.1.0"}))
            .refuses("alarm-on", &["alarm checkout: unable to [2J place a task"])
            .hiding(&hidden),
    ]
}

fn migrations() -> Vec<Case> {
    let stopped = json!({
        "taskArn": "ecs:task/shop-green/1", "group": "migration:r1", "lastStatus": "STOPPED",
        "containers": [{"name": "api", "exitCode": 3}],
    });
    let line = json!({"timestamp": 1, "message": "cannot reach postgres://ops:s3cret@db"});
    let migration = json!({
        "command": ["bin/migrate", "--password=s3cret"], "container": "api", "cluster": "shop-green",
        "group": "migration:r1", "runTask": {"Cluster": "shop-green", "Group": "migration:r1",
            "Overrides": {"ContainerOverrides": []}},
    });
    let task = json!({"action": "migration", "migration": migration,
        "taskDefinition": "ecs:task-definition/shop:7"});
    let reason = "`bin/migrate`: api exited with 3; its log: group /shop, stream ecs/api/1";
    let drops = "DROP TABLE orders; ".repeat(200);
    let sql = json!({"tag": "v1.1.0", "migration": {"command": ["migrate"], "sql": drops}});
    vec![
        Case::new("T4", "a migration that fails")
            .change(json!({"stoppedTasks/+": stopped, "logEvents/+": line}))
            .calls("deploy", task)
            .answers(json!({
                "passed": false, "reason": reason, "log": ["cannot reach postgres://ops:s3cret@db"],
            })),
        Case::new("T4", "two hundred problems")
            .asks(sql)
            .refuses_with(&[
                "line 1: danger[drop]: DROP TABLE orders: it drops table `orders`",
                "; and 190 more",
            ]),
    ]
}
