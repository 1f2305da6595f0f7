//! What may happen to the account: drift, a wiring that is wrong, tasks that cannot start, and AWS's answers at their
//! worst. Each is a change of the account, which is made before or after the release is planned.

use super::marked::Marked;
use serde_json::{Value, json};

pub struct Story {
    pub title: String,
    /// From the beginning.
    pub before: Value,
    /// Once there is a plan.
    pub after: Value,
}

/// The calls whose answers hold a task definition, or may quote one.
const CALLS: [&str; 6] = [
    "DescribeTaskDefinition",
    "RegisterTaskDefinition",
    "UpdateService",
    "DescribeServices",
    "ListTasks",
    "DescribeTasks",
];

/// Only who gets a definition or deploys one can quote it in words.
const QUOTING: [&str; 2] = ["RegisterTaskDefinition", "UpdateService"];

pub fn stories(live: &Marked, idle: &Marked) -> Vec<Story> {
    let mut stories = wirings();
    stories.extend(rollouts(live));
    let quote = format!("{} {}", live.definition, idle.definition);
    for call in CALLS {
        stories.extend(answers(call, &quote, &live.sent().to_string()));
    }
    stories
}

fn story(title: &str, before: Value, after: Value) -> Story {
    Story {
        title: title.to_owned(),
        before,
        after,
    }
}

fn wirings() -> Vec<Story> {
    let drift = "registry/shop@sha256:0a0…";
    let nothing = json!({});
    vec![
        story("a release", nothing.clone(), nothing.clone()),
        story(
            "drift",
            json!({"taskDefinitions/6/containerDefinitions/api/image": drift}),
            nothing.clone(),
        ),
        story(
            "a wiring with much that is wrong",
            json!({
                "taskDefinitions/7/taskRoleArn": "arn:aws:iam::111122223333:role/other",
                "taskDefinitions/7/networkMode": "bridge", "taskDefinitions/7/compatibilities": ["EC2"],
                "services/green/loadBalancers/0/containerName": "app", "logGroups/0": null,
                "taskDefinitions/7/containerDefinitions/+": {"name": "agent", "image": "registry/shop:tools"},
            }),
            nothing.clone(),
        ),
        story(
            "a container that is not there",
            nothing.clone(),
            json!({"taskDefinitions/7/containerDefinitions/api/name": "web"}),
        ),
        story(
            "members that ECS forgets",
            nothing,
            json!({"forgets": ["madeUp", "containerDefinitions", "trustedExecutionConfiguration"]}),
        ),
    ]
}

/// ECS quotes what a task could not be started with, also cut off.
fn rollouts(live: &Marked) -> Vec<Story> {
    let quoting = |text: &str| format!("CannotStartContainerError: exec: \"{text}\": not found");
    let stopped = live.sent_marks().enumerate().map(|(number, mark)| {
        let arn = format!("arn:aws:ecs:eu-west-1:111122223333:task/shop-green/s{number}");
        let cut = &mark[..mark.len() - 3];
        let code = (number % 2 == 0).then_some(1);
        // The agent of ECS cuts at 255 bytes without a sign; others end a text that they cut with dots.
        let reason = match code {
            Some(_) => format!("exec: {cut}..."),
            None => format!("{:->255}", format!(" exec: {cut}")),
        };
        let api = json!({"name": "api", "exitCode": code, "reason": reason});
        let task = json!({
            "taskArn": arn, "taskDefinitionArn": "ecs:task-definition/shop:8", "lastStatus": "STOPPED",
            "group": "migration:r1", "stoppedReason": quoting(mark), "containers": [api],
        });
        (format!("s{number}"), task)
    });
    let stopped = Value::Object(stopped.collect());
    let marks: Vec<_> = live.sent_marks().map(String::as_str).collect();
    let marks = marks.join(" ");
    let failed = json!({
        "stoppedTasks": stopped, "services/green/rolloutState": "FAILED",
        "services/green/rolloutStateReason": quoting(&marks),
        "services/green/events": [{"message": quoting(&marks)}],
    });
    let waiting = json!({"stoppedTasks": stopped, "services/green/runningCount": 0});
    vec![
        story("a rollout that fails", json!({}), failed),
        story("a crash loop", json!({}), waiting),
    ]
}

/// Refusals that quote all, and answers that cannot be read.
fn answers(call: &str, quote: &str, sent: &str) -> Vec<Story> {
    let raw = |kind: &str, status: u16, body: String| {
        let path = format!("raw/{call}");
        let after = json!({path: {"status": status, "body": body}});
        story(&format!("{call} {kind}"), json!({}), after)
    };
    let refusal = |kind: &str, status: u16, code: &str| {
        let body = json!({"__type": code, "message": format!("not valid: {sent}")});
        raw(kind, status, body.to_string())
    };
    let whole = format!("{{\"taskDefinition\": {quote}}}");
    let wrong = json!({"taskDefinition": quote, "services": quote, "tasks": [quote], "taskArns": {"a": quote}, "service": [quote]});
    let mut stories = vec![
        raw("answers a half", 200, whole[..whole.len() / 4].to_owned()),
        raw("answers twice", 200, whole),
        raw("answers other types", 200, wrong.to_string()),
        raw("answers text", 200, quote.to_owned()),
        raw("fails with text", 500, quote.to_owned()),
        raw("answers nothing", 200, String::new()),
    ];
    if QUOTING.contains(&call) {
        stories.push(refusal("refuses", 400, "ClientException"));
        stories.push(refusal("throttles", 400, "ThrottlingException"));
        stories.push(refusal("denies", 400, "AccessDeniedException"));
        stories.push(refusal("fails", 500, "ServerException"));
    }
    stories
}
