//! deploy's calls for a service whose worker and init container run the released image too.

use super::call::service;
use super::family::Family;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::types::{Container, DesiredStatus, Task};
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{json_answer, release_plan};
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["api", "worker", "migrate", "agent"];

/// Revision `shop:1`: three containers of one image, and a sidecar.
fn live() -> Value {
    let container = |name: &str| {
        let image = if name == "agent" {
            "vendor/agent:latest"
        } else {
            "shop:v1.0.0"
        };
        let slot = json!({"name": "DEPLOYMENT_SLOT", "value": "blue"});
        json!({"name": name, "image": image, "environment": [slot]})
    };
    json!({"family": "shop", "taskDefinitionArn": "shop:1", "containerDefinitions": NAMES.map(container)})
}

fn family() -> Family {
    Family::new(live(), live())
}

fn describes() -> Rule {
    mock!(Client::describe_task_definition)
        .then_http_response(|| json_answer(200, &json!({ "taskDefinition": live() })))
}

#[tokio::test]
async fn all_three_are_registered_with_the_new_image() {
    let family = family();
    let answer = family.ask("register").await.expect("an answer");
    let expect = json!({"taskDefinition": "shop:2", "registered": true});
    assert_eq!(json!(answer), expect);
    let sent = &family.sent("RegisterTaskDefinition")[0];
    let containers = sent["containerDefinitions"].as_array().expect("containers");
    let images: Vec<_> = containers.iter().map(|it| &it["image"]).collect();
    let new = "shop@sha256:new";
    assert_eq!(images, [new, new, new, "vendor/agent:latest"]);
}

#[tokio::test]
async fn a_preview_lists_each_of_them() {
    let answer = json!(family().ask("preview").await.expect("a preview"));
    let change = |field: &str, before: &str, after: &str| {
        let field = format!("containerDefinitions.{field}");
        json!({"field": field, "change": "changed", "before": before, "after": after})
    };
    let slot = |name: &str| {
        let field = format!("{name}.environment.DEPLOYMENT_SLOT.value");
        change(&field, "blue", "green")
    };
    let image = |name: &str| change(&format!("{name}.image"), "shop:v1.0.0", "shop@sha256:new");
    let expect = json!([
        slot("agent"),
        slot("api"),
        image("api"),
        slot("migrate"),
        image("migrate"),
        slot("worker"),
        image("worker"),
    ]);
    assert_eq!(answer["taskDefinition"]["changes"], expect);
}

/// A check while one task of revision `shop:2` runs, whose worker runs `worker`.
async fn check(own: Option<&str>, worker: &'static str) -> Value {
    let listed = |status: DesiredStatus, task: Option<&'static str>| {
        mock!(Client::list_tasks)
            .match_requests(move |request| request.desired_status() == Some(&status))
            .then_output(move || {
                let tasks = task.map(|task| vec![task.to_owned()]);
                ListTasksOutput::builder().set_task_arns(tasks).build()
            })
    };
    let running = listed(DesiredStatus::Running, Some("task"));
    let stopped = listed(DesiredStatus::Stopped, None);
    let described = mock!(Client::describe_tasks).then_output(move || {
        let container =
            |name: &str, image: &str| Container::builder().name(name).image(image).build();
        let task = Task::builder()
            .task_definition_arn("shop:2")
            .last_status("RUNNING")
            .containers(container("api", "shop@sha256:new"))
            .containers(container("worker", worker));
        DescribeTasksOutput::builder().tasks(task.build()).build()
    });
    let healthy = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .then_output(|| DescribeTargetHealthOutput::builder().build());
    let mut plan = json!(release_plan());
    plan["taskDefinition"] = json!(own);
    let task = json!({"action": "check", "plan": plan, "taskDefinition": "shop:2",
        "deployment": "ours", "desired": 2});
    let idle = service("green", 2, "shop:2");
    let ecs = [&describes(), &idle, &running, &stopped, &described];
    let answer = super::handle(task, RuleMode::MatchAny, &ecs, &[&healthy]).await;
    json!(answer.expect("an answer"))
}

#[tokio::test]
async fn a_check_looks_at_each_that_the_live_revision_names() {
    let left_behind = check(None, "shop@sha256:old").await;
    assert_eq!(left_behind["status"], "failed");
    let reason = "container worker runs sha256:old, expected sha256:new";
    assert_eq!(left_behind["reason"], reason);
    assert_eq!(
        check(None, "shop@sha256:new").await["reason"],
        "1 of 2 tasks running"
    );
}

#[tokio::test]
async fn a_revision_of_the_team_may_give_a_worker_another_build() {
    let own = check(Some("shop:2"), "shop@sha256:old").await;
    assert_eq!(own["reason"], "1 of 2 tasks running");
}
