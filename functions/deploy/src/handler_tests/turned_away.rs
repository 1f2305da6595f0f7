//! How often deploy asks where AWS gives no answer.

use crate::handler::Deploy;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ecs::config::{Credentials, SharedCredentialsProvider};
use fixtures::{json_answer, json_service, release_plan};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many calls a read makes that ECS always answers with this error.
async fn calls(status: u16, error: &'static str) -> usize {
    let calls = Arc::new(AtomicUsize::default());
    let counted = Arc::clone(&calls);
    let ecs = json_service(move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        json_answer(status, &json!({ "__type": error }))
    });
    let credentials = Credentials::new("key", "secret", None, None, "tests");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(ecs);
    let deploy = Deploy::new(&sdk.build(), "api".to_owned());
    let plan = release_plan();
    let task = json!({"action": "scale", "plan": plan, "deployment": "ours", "desired": 3});
    let error = deploy.handle(task).await.expect_err("no answer");
    assert_eq!(error.name(), "AwsUnavailable");
    calls.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn what_aws_turns_away_is_asked_once_and_its_own_failures_again() {
    assert_eq!(calls(400, "ThrottlingException").await, 1);
    assert_eq!(calls(500, "ServerException").await, 3);
}
