//! deploy at its edge: an earlier try's work is recognised, and nothing is written twice.

use crate::handler::{Answer, Deploy};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::register_task_definition::RegisterTaskDefinitionOutput;
use aws_sdk_ecs::operation::update_service::{UpdateServiceError, UpdateServiceOutput};
use aws_sdk_ecs::types::{ContainerDefinition, Deployment, KeyValuePair, Service, TaskDefinition};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use aws_smithy_types::error::ErrorMetadata;
use serde_json::{Value, json};
use shared::Error;
use shared::SLOT_VARIABLE;

fn plan() -> Value {
    let side = |name: &str| {
        json!({"environment": name, "cluster": name, "service": "api", "targetGroup": "tg", "protocol": "HTTP",
            "taskDefinition": "shop:1", "desired": 2, "running": 2, "digest": null})
    };
    json!({"release": "r1", "execution": "arn", "taskDefinition": null, "warnings": [], "from": "blue",
        "image": {"uri": "shop@sha256:new", "tag": "v1.1.0", "digest": "sha256:new"},
        "to": "green", "active": side("blue"), "idle": side("green")})
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

async fn ask(payload: Value, rules: &[&Rule]) -> Result<Answer, Error> {
    let deploy = Deploy {
        ecs: mock_client!(aws_sdk_ecs, RuleMode::MatchAny, rules),
        elb: mock_client!(aws_sdk_elasticloadbalancingv2, []),
        logs: aws_sdk_cloudwatchlogs::Client::from_conf(
            aws_sdk_cloudwatchlogs::Config::builder()
                .behavior_version_latest()
                .build(),
        ),
        container: "api".to_owned(),
    };
    deploy.handle(payload).await
}

async fn register(newest: TaskDefinition, calls: usize, registered: bool) {
    let ([live, newest], register) = (describes(newest), registers());
    let answer = ask(
        json!({"action": "register", "plan": plan()}),
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
    let (found, update) = (runs(runs_now), updates());
    let task = json!({"action": "update", "plan": plan(), "taskDefinition": "shop:2"});
    let answer = ask(task, &[&found, &update]).await;
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
    let task = json!({"action": "update", "plan": plan(), "taskDefinition": "shop:2"});
    let error = ask(task, &[&runs("shop:1"), &throttled])
        .await
        .expect_err("throttled");
    assert_eq!(error.name(), "AwsUnavailable");
}

#[tokio::test]
async fn a_task_that_does_not_fit_is_named() {
    let error = ask(json!({"action": "update", "plan": plan()}), &[])
        .await
        .expect_err("no task definition");
    assert!(
        matches!(&error, Error::InvalidInput(text) if text.contains("taskDefinition")),
        "{error:?}"
    );
}
