//! deploy's calls for a service whose worker and init container run the released image too.

use super::call::service;
use super::{ask, runs};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::operation::register_task_definition::RegisterTaskDefinitionOutput;
use aws_sdk_ecs::types::{
    Container, ContainerDefinition, DesiredStatus, KeyValuePair, Task, TaskDefinition,
};
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::release_plan;
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["api", "worker", "migrate", "agent"];

/// Revision `shop:1`: three containers of one image, and a sidecar.
fn live() -> Rule {
    let container = |name: &str| {
        let image = if name == "agent" {
            "vendor/agent:latest"
        } else {
            "shop:v1.0.0"
        };
        let slot = KeyValuePair::builder()
            .name("DEPLOYMENT_SLOT")
            .value("blue");
        let container = ContainerDefinition::builder().name(name).image(image);
        container.environment(slot.build()).build()
    };
    let definition = TaskDefinition::builder()
        .family("shop")
        .task_definition_arn("shop:1")
        .set_container_definitions(Some(NAMES.map(container).into()))
        .build();
    mock!(Client::describe_task_definition).then_output(move || {
        DescribeTaskDefinitionOutput::builder()
            .task_definition(definition.clone())
            .build()
    })
}

#[tokio::test]
async fn all_three_are_registered_with_the_new_image() {
    let register = mock!(Client::register_task_definition)
        .match_requests(|input| {
            let containers = input.container_definitions().iter();
            let images: Vec<_> = containers.filter_map(|it| it.image()).collect();
            let new = "shop@sha256:new";
            images == [new, new, new, "vendor/agent:latest"]
        })
        .then_output(|| {
            let registered = TaskDefinition::builder().task_definition_arn("shop:2");
            RegisterTaskDefinitionOutput::builder()
                .task_definition(registered.build())
                .build()
        });
    let task = json!({"action": "register", "plan": release_plan()});
    let answer = ask(task, &[&live(), &register]).await;
    let expect = json!({"taskDefinition": "shop:2", "registered": true});
    assert_eq!(json!(answer.expect("an answer")), expect);
}

#[tokio::test]
async fn a_preview_lists_each_of_them() {
    let unsent = mock!(Client::register_task_definition)
        .then_output(|| RegisterTaskDefinitionOutput::builder().build());
    let task = json!({"action": "preview", "plan": release_plan()});
    let answer = ask(task, &[&runs("shop:1"), &live(), &unsent]).await;
    let answer = json!(answer.expect("a preview"));
    let change = |field: &str, before: &str, after: &str| {
        let field = format!("containerDefinitions.{field}");
        json!({"field": field, "before": before, "after": after})
    };
    let slot = |name: &str| {
        change(
            &format!("{name}.environment.DEPLOYMENT_SLOT.value"),
            "blue",
            "green",
        )
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
    let ecs = [&live(), &idle, &running, &stopped, &described];
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
