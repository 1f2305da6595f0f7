//! deploy at its edge: an earlier try's work is recognised, and nothing is written twice.

mod call;
mod moving;
mod rollout;
mod scale;

use crate::answer::Answer;
use crate::handler::Deploy;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::ErrorMetadata;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::register_task_definition::RegisterTaskDefinitionOutput;
use aws_sdk_ecs::operation::update_service::{UpdateServiceError, UpdateServiceOutput};
use aws_sdk_ecs::types::{ContainerDefinition, Deployment, KeyValuePair, Service, TaskDefinition};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{mock_client, release_plan};
use serde_json::{Value, json};
use shared::Error;
use shared::SLOT_VARIABLE;

/// Gives deploy a task; ECS answers by `ecs`, the load balancer by `elb`, in order.
async fn handle(
    task: Value,
    mode: RuleMode,
    ecs: &[&Rule],
    elb: &[&Rule],
) -> Result<Answer, Error> {
    let deploy = Deploy {
        ecs: mock_client!(aws_sdk_ecs, mode, ecs),
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

fn revision(number: i32, image: &str, slot: &str) -> TaskDefinition {
    let slot = KeyValuePair::builder()
        .name(SLOT_VARIABLE)
        .value(slot)
        .build();
    let container = ContainerDefinition::builder()
        .name("api")
        .image(image)
        .environment(slot)
        .build();
    let arn = format!("shop:{number}");
    TaskDefinition::builder()
        .family("shop")
        .task_definition_arn(arn)
        .container_definitions(container)
        .build()
}

/// ECS knows revision 1, which is live, and `newest`.
fn describes(newest: TaskDefinition) -> [Rule; 2] {
    let answers = |name: &'static str, definition: TaskDefinition| {
        mock!(Client::describe_task_definition)
            .match_requests(move |input| input.task_definition() == Some(name))
            .then_output(move || {
                DescribeTaskDefinitionOutput::builder()
                    .task_definition(definition.clone())
                    .build()
            })
    };
    [
        answers("shop:1", revision(1, "shop@sha256:old", "blue")),
        answers("shop", newest),
    ]
}

fn registers() -> Rule {
    mock!(Client::register_task_definition)
        .match_requests(|input| input.container_definitions()[0].image() == Some("shop@sha256:new"))
        .then_output(|| {
            let registered = revision(2, "shop@sha256:new", "green");
            RegisterTaskDefinitionOutput::builder()
                .task_definition(registered)
                .build()
        })
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

async fn register(newest: TaskDefinition, calls: usize, registered: bool) {
    let ([live, newest], register) = (describes(newest), registers());
    let answer = ask(
        json!({"action": "register", "plan": release_plan()}),
        &[&live, &newest, &register],
    )
    .await;
    let expect = Answer::Registered {
        task_definition: "shop:2".to_owned(),
        registered,
    };
    assert_eq!((answer, register.num_calls()), (Ok(expect), calls));
}

#[tokio::test]
async fn a_new_revision_is_registered_from_the_live_one() {
    register(revision(1, "shop@sha256:old", "blue"), 1, true).await;
}

#[tokio::test]
async fn a_revision_that_an_earlier_try_registered_makes_no_write_call() {
    register(revision(2, "shop@sha256:new", "green"), 0, false).await;
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

#[tokio::test]
async fn a_preview_names_what_the_registration_would_change() {
    let preview = async |newest: TaskDefinition| {
        // It is serialized, and stopped there.
        let unsent = mock!(Client::register_task_definition)
            .then_output(|| RegisterTaskDefinitionOutput::builder().build());
        let [live, newest] = describes(newest);
        let task = json!({"action": "preview", "plan": release_plan()});
        let answer = ask(task, &[&runs("shop:1"), &live, &newest, &unsent]).await;
        json!(answer.expect("a preview"))
    };
    let container = "containerDefinitions.api";
    let slot = format!("{container}.environment.{SLOT_VARIABLE}.value");
    let changes = json!([
        {"field": slot, "before": "blue", "after": "green"},
        {"field": format!("{container}.image"), "before": "shop@sha256:old", "after": "shop@sha256:new"},
    ]);
    for (newest, registers) in [
        (revision(1, "shop@sha256:old", "blue"), true),
        (revision(2, "shop@sha256:new", "green"), false),
    ] {
        let revision = json!({"replaces": "shop:1", "registers": registers, "changes": changes});
        let expect = json!({"taskDefinition": revision, "desired": {"before": 2, "after": 2}});
        assert_eq!(preview(newest).await, expect);
    }
}
