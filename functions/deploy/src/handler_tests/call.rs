//! What each of deploy's calls carries, and what none of them does.

use super::handle;
use crate::answer::Answer;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::update_service::{UpdateServiceInput, UpdateServiceOutput};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::release_plan;
use serde_json::{Value, json};
use shared::Error;

pub(super) fn task(action: &str, revision: Value) -> Value {
    let mut plan = json!(release_plan());
    plan["taskDefinition"] = revision;
    json!({"action": action, "plan": plan, "taskDefinition": "shop:2", "deployment": "ours", "desired": 101})
}

async fn ask(action: &str, ecs: &[&Rule]) -> Result<Answer, Error> {
    handle(task(action, Value::Null), RuleMode::MatchAny, ecs, &[]).await
}

/// One environment's service; its PRIMARY deployment is of `revision`.
pub(super) fn service(cluster: &'static str, tasks: i32, revision: &'static str) -> Rule {
    describes(cluster, service_of(tasks, revision))
}

/// A service whose deployment ECS is still at work on.
pub(super) fn rolling_out(cluster: &'static str, tasks: i32) -> Rule {
    let mut service = service_of(tasks, "shop:2");
    let deployments = service.deployments.iter_mut().flatten();
    deployments.for_each(|it| it.rollout_state = Some(DeploymentRolloutState::InProgress));
    describes(cluster, service)
}

fn describes(cluster: &'static str, service: Service) -> Rule {
    mock!(Client::describe_services)
        .match_requests(move |request| request.cluster() == Some(cluster))
        .then_output(move || {
            DescribeServicesOutput::builder()
                .services(service.clone())
                .build()
        })
}

fn service_of(tasks: i32, revision: &str) -> Service {
    let primary = Deployment::builder()
        .id("ours")
        .status("PRIMARY")
        .rollout_state(DeploymentRolloutState::Completed)
        .task_definition(revision)
        .desired_count(tasks)
        .running_count(tasks);
    let service = Service::builder().desired_count(tasks).running_count(tasks);
    service.deployments(primary.build()).build()
}

/// UpdateService that is asked for nothing but the revision, the count and a new deployment.
fn updates(answered: &'static str) -> Rule {
    mock!(Client::update_service)
        .match_requests(|request| {
            let only = UpdateServiceInput::builder()
                .cluster("green")
                .service("api")
                .task_definition("shop:2")
                .desired_count(3)
                .force_new_deployment(true);
            Ok(request.clone()) == only.build().map_err(|_| ())
        })
        .then_output(move || {
            UpdateServiceOutput::builder()
                .service(service_of(3, answered))
                .build()
        })
}

fn updated(updated: bool) -> Answer {
    Answer::Updated {
        deployment: "ours".to_owned(),
        desired: 3,
        updated,
    }
}

#[tokio::test]
async fn an_update_changes_the_revision_and_the_count_and_nothing_else() {
    let (idle, active) = (service("green", 1, "shop:0"), service("blue", 3, "shop:1"));
    let write = updates("shop:2");
    let answer = ask("update", &[&idle, &active, &write]).await;
    assert_eq!(answer, Ok(updated(true)));
    assert_eq!(write.num_calls(), 1);
}

#[tokio::test]
async fn already_deployed_makes_no_write_call() {
    let (idle, active) = (service("green", 3, "shop:2"), service("blue", 3, "shop:1"));
    let write = updates("shop:2");
    let answer = ask("update", &[&idle, &active, &write]).await;
    assert_eq!(answer, Ok(updated(false)));
    assert_eq!((active.num_calls(), write.num_calls()), (1, 0));
}

#[tokio::test]
async fn a_deployment_of_someone_else_is_never_taken_for_ours() {
    let (idle, active) = (service("green", 1, "shop:0"), service("blue", 3, "shop:1"));
    let error = ask("update", &[&idle, &active, &updates("shop:9")]).await;
    let error = error.expect_err("another revision");
    assert_eq!(error.name(), "UnexpectedAnswer");
    assert!(
        error
            .to_string()
            .contains("no PRIMARY deployment of shop:2")
    );
}

#[tokio::test]
async fn a_service_that_is_gone_is_named() {
    let gone =
        mock!(Client::describe_services).then_output(|| DescribeServicesOutput::builder().build());
    let error = ask("update", &[&gone]).await.expect_err("no service");
    assert_eq!(error.name(), "NotFound");
    assert!(
        error
            .to_string()
            .contains("cluster green has no service api")
    );
}
