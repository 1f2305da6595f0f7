//! How often deploy asks where AWS gives no answer.

use crate::handler::Deploy;
use fixtures::{refusing, release_plan};
use serde_json::json;
use shared::config::Settings;
use std::sync::atomic::Ordering;

/// How many calls a read makes that ECS always answers with this error.
async fn calls(status: u16, error: &'static str) -> usize {
    let (sdk, calls) = refusing(status, error);
    let settings = Settings(|name: &str| {
        let value = match name {
            "SCAN_SEVERITY" => "none",
            "SCAN_FINDINGS" => "all",
            _ => "api",
        };
        Some(value.to_owned())
    });
    let deploy = Deploy::read(&settings, &sdk).expect("its variables");
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
