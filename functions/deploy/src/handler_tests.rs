//! deploy at its edge: an earlier try's work is recognised, and nothing is written twice.

mod call;
mod family;
mod moving;
mod preview;
mod register;
mod rollout;
mod scale;
mod scans;
mod turned_away;

use crate::answer::Answer;
use crate::handler::Deploy;
use crate::scans::Scans;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::ErrorMetadata;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::update_service::{UpdateServiceError, UpdateServiceOutput};
use aws_sdk_ecs::types::{Deployment, Service};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{mock_client, release_plan};
use serde_json::{Value, json};
use shared::Error;

/// Gives deploy a task; ECS answers by `ecs`, the load balancer by `elb`, in order.
async fn handle(
    task: Value,
    mode: RuleMode,
    ecs: &[&Rule],
    elb: &[&Rule],
) -> Result<Answer, Error> {
    handle_with(mock_client!(aws_sdk_ecs, mode, ecs), task, mode, elb).await
}

async fn handle_with(
    ecs: Client,
    task: Value,
    mode: RuleMode,
    elb: &[&Rule],
) -> Result<Answer, Error> {
    let scans = scans::asked_for(None, &[]);
    handle_scanned(ecs, scans, task, mode, elb).await
}

async fn handle_scanned(
    ecs: Client,
    scans: Scans,
    task: Value,
    mode: RuleMode,
    elb: &[&Rule],
) -> Result<Answer, Error> {
    let deploy = Deploy {
        ecs,
        scans,
        elb: mock_client!(aws_sdk_elasticloadbalancingv2, mode, elb),
        logs: mock_client!(
            aws_sdk_cloudwatchlogs,
            RuleMode::Sequential,
            &[] as &[&Rule]
        ),
        container: "api".to_owned(),
    };
    deploy.handle(task).await
}

fn service(revision: &str) -> Service {
    let deployment = Deployment::builder()
        .id("d1")
        .status("PRIMARY")
        .task_definition(revision)
        .desired_count(2);
    Service::builder()
        .task_definition(revision)
        .desired_count(2)
        .running_count(2)
        .deployments(deployment.build())
        .build()
}

fn runs(revision: &'static str) -> Rule {
    mock!(Client::describe_services).then_output(move || {
        DescribeServicesOutput::builder()
            .services(service(revision))
            .build()
    })
}

fn updates() -> Rule {
    mock!(Client::update_service)
        .match_requests(|input| {
            input.cluster() == Some("green") && input.desired_count() == Some(2)
        })
        .then_output(|| {
            UpdateServiceOutput::builder()
                .service(service("shop:2"))
                .build()
        })
}

async fn ask(task: Value, rules: &[&Rule]) -> Result<Answer, Error> {
    handle(task, RuleMode::MatchAny, rules, &[]).await
}

async fn update(runs_now: &'static str, calls: usize, updated: bool) {
    let (services, update) = (runs(runs_now), updates());
    let task = json!({"action": "update", "plan": release_plan(), "taskDefinition": "shop:2"});
    let answer = ask(task, &[&services, &update]).await;
    let expect = Answer::Updated {
        deployment: "d1".to_owned(),
        desired: 2,
        updated,
    };
    assert_eq!((answer, update.num_calls()), (Ok(expect), calls));
}

#[tokio::test]
async fn the_idle_service_is_updated_once() {
    update("shop:1", 1, true).await;
    update("shop:2", 0, false).await;
}

#[tokio::test]
async fn a_throttled_update_is_an_error_to_be_tried_again() {
    let throttled = mock!(Client::update_service).then_error(|| {
        UpdateServiceError::generic(ErrorMetadata::builder().code("ThrottlingException").build())
    });
    let task = json!({"action": "update", "plan": release_plan(), "taskDefinition": "shop:2"});
    let error = ask(task, &[&runs("shop:1"), &throttled])
        .await
        .expect_err("throttled");
    assert_eq!(error.name(), "AwsUnavailable");
}

#[tokio::test]
async fn a_task_that_does_not_fit_is_named() {
    let error = ask(json!({"action": "update", "plan": release_plan()}), &[])
        .await
        .expect_err("no task definition");
    assert!(
        matches!(&error, Error::InvalidInput(text) if text.contains("taskDefinition")),
        "{error:?}"
    );
}
