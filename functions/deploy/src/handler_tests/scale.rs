//! deploy gives tasks back that autoscaling has taken away, and changes nothing but their number.

use super::ask;
use super::call::service;
use crate::answer::Answer;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::ErrorMetadata;
use aws_sdk_ecs::operation::update_service::{
    UpdateServiceError, UpdateServiceInput, UpdateServiceOutput,
};
use aws_smithy_mocks::{Rule, mock};
use fixtures::release_plan;
use serde_json::{Value, json};

/// Three tasks are to run in the deployment `deployment`.
fn scale(deployment: &str) -> Value {
    json!({"action": "scale", "plan": release_plan(), "deployment": deployment, "desired": 3})
}

/// UpdateService that is asked for three tasks and nothing else.
fn writes() -> Rule {
    mock!(Client::update_service)
        .match_requests(|request| {
            let only = UpdateServiceInput::builder()
                .cluster("green")
                .service("api")
                .desired_count(3);
            Ok(request.clone()) == only.build().map_err(|_| ())
        })
        .then_output(|| UpdateServiceOutput::builder().build())
}

/// Asks for three tasks while idle wants `wants`: the answer, and how often the service was written.
async fn scaled(deployment: &str, wants: i32) -> (Answer, usize) {
    let (idle, write) = (service("green", wants, "shop:2"), writes());
    let answer = ask(scale(deployment), &[&idle, &write]).await;
    (answer.expect("an answer"), write.num_calls())
}

#[tokio::test]
async fn fewer_tasks_than_deployed_are_scaled_up_by_the_count_alone() {
    let (answer, writes) = scaled("ours", 1).await;
    let expect = json!({"desired": 3, "scaled": true});
    assert_eq!((json!(answer), writes), (expect, 1));
}

#[tokio::test]
async fn enough_tasks_make_no_write_call() {
    for wants in [3, 5] {
        let (answer, writes) = scaled("ours", wants).await;
        let expect = json!({"desired": wants, "scaled": false});
        assert_eq!((json!(answer), writes), (expect, 0));
    }
}

#[tokio::test]
async fn a_deployment_of_someone_else_is_not_scaled() {
    let (answer, writes) = scaled("replaced", 1).await;
    let expect = json!({"desired": 1, "scaled": false});
    assert_eq!((json!(answer), writes), (expect, 0));
}

#[tokio::test]
async fn a_throttled_write_is_an_error_to_be_tried_again() {
    let throttled = mock!(Client::update_service).then_error(|| {
        UpdateServiceError::generic(ErrorMetadata::builder().code("ThrottlingException").build())
    });
    let idle = service("green", 1, "shop:2");
    let error = ask(scale("ours"), &[&idle, &throttled]).await;
    assert_eq!(error.expect_err("throttled").name(), "AwsUnavailable");
}
