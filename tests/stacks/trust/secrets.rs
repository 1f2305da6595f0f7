//! No value of a task definition that may be a secret leaves a function: not in an answer, an error, a log line or the
//! record. The definition has every field, each with a mark; whatever happens, no mark comes out.

mod marked;
mod output;
mod stories;

use crate::aws::{World, config};
use fixtures::Log;
use marked::{Marked, marked};
use output::Output;
use serde_json::{Value, json};
use shared::runtime::subscriber;
use std::sync::{Arc, Mutex};
use stories::{Story, stories};
use tracing::Level;

#[tokio::test]
async fn no_value_that_may_be_a_secret_comes_out() {
    let (idle, live) = (marked(6), marked(7));
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(subscriber(Level::TRACE, log.sink()));
    let stories = stories(&live, &idle);
    let mut shown = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        let mut output = Output::new(story, [&idle, &live], &log);
        run(&mut output, story).await;
        shown.extend(output.shown());
        if number == 0 {
            let target = json!({"id": "127.0.0.1", "port": 1});
            output
                .ask(
                    "smoke",
                    json!({"plan": fixtures::release_plan(), "targets": [target]}),
                )
                .await;
            check_reach(&output, &live);
        }
    }
    for place in &shown {
        println!("shown in {place}");
    }
    let marks = idle.marks.len() + live.marks.len();
    println!("secrets: marked={marks} shown={}", shown.len());
    assert!(marks > 100 && shown.is_empty());
}

/// A release with everything that a machine or a person may ask for while it runs.
async fn run(output: &mut Output, story: &Story) {
    let planned = output
        .detect(
            "p1",
            json!({"action": "plan", "request": {"tag": "v1.1.0"}}),
        )
        .await;
    let released = output.detect("r1", json!({"tag": "v1.1.0"})).await;
    let is_released = released["plan"].is_object();
    let plan = if is_released { released } else { planned };
    let plan = plan["plan"].clone();
    output.world().change(&story.after);
    let ended = deploy(output, &plan).await;
    for request in [
        json!({"action": "plan", "request": {"tag": "v1.1.0"}}),
        json!({"taskDefinition": "ecs:task-definition/shop:7"}),
        json!({"action": "plan", "request": {"action": "sync"}}),
        json!({"action": "report-drift"}),
        json!({"action": "contract", "migration": {"command": ["bin/contract"]}}),
    ] {
        output.detect("r2", request).await;
    }
    if is_released {
        let execution = json!({"id": "execution:shop-release:r1", "name": "r1", "startTime": "2026-11-20T10:00:00Z"});
        let reason = json!({"Error": "DeploymentFailed", "Cause": ended.to_string()});
        let finish = json!({"action": "finish", "execution": execution, "outcome": "failed", "reason": reason});
        output.ask("detect", finish).await;
        output.world().change(&json!({"executions/r1": "FAILED"}));
    }
    for request in [json!({"action": "report-drift"}), json!({"action": "sync"})] {
        output.detect("r3", request).await;
    }
}

/// Every task of deploy, and flip's preview; gives the last error, or the last answer.
async fn deploy(output: &mut Output, plan: &Value) -> Value {
    let task = |action: &str, more: Value| {
        let mut task = json!({"action": action, "plan": plan, "taskDefinition": "ecs:task-definition/shop:8",
            "deployment": "ecs-svc/2", "desired": 2});
        let fields = more.as_object().into_iter().flatten();
        fields.for_each(|(name, value)| task[name] = value.clone());
        task
    };
    let migration = json!({"command": ["bin/migrate"], "container": "api", "cluster": "shop-green",
        "group": "migration:r1", "runTask": {"Cluster": "shop-green", "Group": "migration:r1",
        "TaskDefinition": "", "Overrides": {"ContainerOverrides": []}}});
    let migrates =
        json!({"migration": migration, "error": {"Error": "States.Timeout", "Cause": ""}});
    let mut last = Value::Null;
    for (action, more) in [
        ("preview", json!({})),
        ("register", json!({})),
        ("update", json!({})),
        ("check", json!({})),
        ("scale", json!({"desired": 3})),
        ("migration", migrates),
    ] {
        let answer = output.ask("deploy", task(action, more)).await;
        if last.is_null() || !answer["errorType"].is_null() {
            last = answer;
        }
    }
    output
        .ask("flip", json!({"action": "preview", "plan": plan}))
        .await;
    last
}

/// The marks were where they could come out: they were registered, the names beside them came out, and lines were logged.
fn check_reach(output: &Output, live: &Marked) {
    let registered = output.world().state["taskDefinitions"]["8"].to_string();
    let lost = live.marks.iter().filter(|mark| !registered.contains(*mark));
    // What ECS writes itself is not registered.
    assert_eq!(lost.count(), 4);
    let all: String = output.texts.iter().map(|(_, text)| text.as_str()).collect();
    for name in [
        "variable DB_PASSWORD of container api",
        "containerDefinitions.api.environment.DB_PASSWORD.value",
        "trustedExecutionConfiguration.key",
        "\"message\":\"answered\"",
    ] {
        assert!(all.contains(name), "{name} is nowhere");
    }
}

#[tokio::test]
async fn the_definition_has_every_field_that_the_sdk_knows() {
    let mut world = World::base();
    world.state["taskDefinitions"]["7"] = marked(7).definition;
    let ecs = aws_sdk_ecs::Client::new(&config(&Arc::new(Mutex::new(world))));
    let arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop:7";
    let call = ecs.describe_task_definition().task_definition(arn);
    let output = call
        .include(aws_sdk_ecs::types::TaskDefinitionField::Tags)
        .send()
        .await;
    // Debug shows every field of the SDK's types, also one that a newer SDK adds.
    let text = format!("{:#?}", output.expect("a definition"));
    let absent = text
        .lines()
        .filter(|line| line.ends_with(": None,") || line.ends_with("[],"));
    let absent: Vec<_> = absent
        .filter(|line| !line.contains("_request_id"))
        .collect();
    assert_eq!(absent, Vec::<&str>::new());
    assert!(
        text.contains("credential_specs: Some("),
        "the shape is read as expected"
    );
}
