//! deploy's check at its edge: everything that decides whether the deployment is steady is read.

use super::call::{rolling_out, service, task};
use super::handle;
use crate::answer::Answer;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::types::{ContainerDefinition, DesiredStatus, Task, TaskDefinition};
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types::{
    TargetDescription, TargetHealth, TargetHealthDescription, TargetHealthStateEnum,
};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use serde_json::{Value, json};
use shared::Error;

async fn check(ecs: &[Rule], elb: &[&Rule]) -> Result<Answer, Error> {
    let ecs: Vec<_> = ecs.iter().collect();
    handle(task("check", Value::Null), RuleMode::MatchAny, &ecs, elb).await
}

/// The revision that active runs; it is asked for without its tags.
fn live() -> Rule {
    mock!(Client::describe_task_definition)
        .match_requests(|request| {
            request.task_definition() == Some("shop:1") && request.include().is_empty()
        })
        .then_output(|| {
            let api = ContainerDefinition::builder().name("api").image("shop:v1");
            let live = TaskDefinition::builder().container_definitions(api.build());
            DescribeTaskDefinitionOutput::builder()
                .task_definition(live.build())
                .build()
        })
}

/// One page of running tasks, asked for with the token that the page before gave.
fn page(token: Option<&'static str>, tasks: usize, next: Option<&'static str>) -> Rule {
    listed(DesiredStatus::Running, token, tasks, next)
}

fn no_stopped_task() -> Rule {
    listed(DesiredStatus::Stopped, None, 0, None)
}

fn listed(
    status: DesiredStatus,
    token: Option<&'static str>,
    tasks: usize,
    next: Option<&'static str>,
) -> Rule {
    mock!(Client::list_tasks)
        .match_requests(move |request| {
            request.next_token() == token && request.desired_status() == Some(&status)
        })
        .then_output(move || {
            ListTasksOutput::builder()
                .set_task_arns(Some(vec!["task".to_owned(); tasks]))
                .set_next_token(next.map(str::to_owned))
                .build()
        })
}

fn described(tasks: usize) -> Rule {
    mock!(Client::describe_tasks)
        .match_requests(move |request| request.tasks().len() == tasks)
        .then_output(move || {
            let task = Task::builder()
                .task_definition_arn("shop:2")
                .last_status("RUNNING");
            DescribeTasksOutput::builder()
                .set_tasks(Some(vec![task.build(); tasks]))
                .build()
        })
}

/// A rollout of 101 tasks, more than a page holds.
pub(super) fn on_two_pages() -> [Rule; 7] {
    [
        live(),
        service("green", 101, "shop:2"),
        page(None, 100, Some("more")),
        page(Some("more"), 1, None),
        described(100),
        described(1),
        no_stopped_task(),
    ]
}

/// As many healthy targets, and one that leaves.
pub(super) fn health(targets: usize) -> Rule {
    let target = |state: TargetHealthStateEnum| {
        let target = TargetDescription::builder().id("10.0.0.7").port(8080);
        TargetHealthDescription::builder()
            .target(target.build())
            .target_health(TargetHealth::builder().state(state).build())
            .build()
    };
    let mut all = vec![target(TargetHealthStateEnum::Healthy); targets];
    all.push(target(TargetHealthStateEnum::Draining));
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health).then_output(move || {
        DescribeTargetHealthOutput::builder()
            .set_target_health_descriptions(Some(all.clone()))
            .build()
    })
}

#[tokio::test]
async fn every_page_of_tasks_is_read_a_hundred_at_a_time() {
    let ecs = on_two_pages();
    let answer = json!(check(&ecs, &[&health(101)]).await.expect("an answer"));
    assert_eq!(answer["status"], "steady", "{answer}");
    assert_eq!(answer["targets"].as_array().map(Vec::len), Some(101));
    assert_eq!(
        answer["targets"][0],
        json!({"id": "10.0.0.7", "port": 8080})
    );
    assert!(ecs.iter().all(|rule| rule.num_calls() == 1));
}

#[tokio::test]
async fn a_completed_service_without_a_task_is_waited_for() {
    let ecs = [
        live(),
        service("green", 0, "shop:2"),
        page(None, 0, None),
        no_stopped_task(),
    ];
    let answer = check(&ecs, &[&health(0)]).await;
    let expect = json!({"status": "waiting", "reason": "0 of 101 tasks running", "targets": [], "registered": 0});
    assert_eq!(json!(answer.expect("an answer")), expect);
}

#[tokio::test]
async fn as_long_as_a_rollout_goes_on_the_service_is_all_that_is_read() {
    let ecs = [rolling_out("green", 100)];
    let answer = check(&ecs, &[]).await;
    let expect = json!({"status": "waiting", "reason": "100 of 101 tasks running", "targets": [], "registered": 0});
    assert_eq!(json!(answer.expect("an answer")), expect);
    assert_eq!(ecs[0].num_calls(), 1);
}
