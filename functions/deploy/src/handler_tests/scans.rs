//! deploy's check of a release whose scan was still going when its plan was made.

use super::call::{rolling_out, task};
use super::handle_scanned;
use super::rollout::{health, on_two_pages};
use crate::scans::Scans;
use aws_sdk_ecr::Client;
use aws_sdk_ecr::error::ErrorMetadata;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsError;
use aws_sdk_ecr::types::ScanStatus;
use aws_sdk_ecr::types::error::ScanNotFoundException;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use chrono::{TimeDelta, Utc};
use fixtures::{image_scan, mock_client};
use serde_json::{Value, json};
use shared::Error;
use shared::scan::{ScanPolicy, ScanSeverity};

pub fn asked_for(policy: Option<ScanPolicy>, ecr: &[&Rule]) -> Scans {
    Scans {
        ecr: mock_client!(aws_sdk_ecr, RuleMode::MatchAny, ecr),
        registry: "111122223333".to_owned(),
        repository: "shop".to_owned(),
        policy,
    }
}

fn high() -> Option<ScanPolicy> {
    Some(ScanPolicy {
        least: ScanSeverity::High,
        only_fixable: false,
    })
}

fn fails(error: fn() -> DescribeImageScanFindingsError) -> Rule {
    mock!(Client::describe_image_scan_findings).then_error(error)
}

/// A check of the release, whose plan waits for these scans; its image was pushed so many minutes ago.
fn check(digests: &[&str], minutes_ago: i64) -> Value {
    let mut task = task("check", Value::Null);
    let pushed_at = Utc::now() - TimeDelta::minutes(minutes_ago);
    task["plan"]["scan"] = json!({"digests": digests, "pushedAt": pushed_at});
    task
}

/// The answer to a check of a rollout that is steady.
async fn steady(task: Value, scans: Scans) -> Result<Value, Error> {
    let ecs = mock_client!(aws_sdk_ecs, RuleMode::MatchAny, &on_two_pages());
    let elb = health(101);
    let answer = handle_scanned(ecs, scans, task, RuleMode::MatchAny, &[&elb]).await;
    answer.map(|it| json!(it))
}

async fn decided(digests: &[&str], minutes_ago: i64, ecr: &[&Rule]) -> (String, String) {
    let scans = asked_for(high(), ecr);
    let answer = steady(check(digests, minutes_ago), scans).await;
    let answer = answer.expect("an answer");
    let listed = answer["targets"].as_array().map(Vec::len);
    let text = |field: &str| answer[field].as_str().unwrap_or_default().to_owned();
    let (status, reason) = (text("status"), text("reason"));
    assert_eq!(listed == Some(101), status == "steady", "{answer}");
    (status, reason)
}

#[tokio::test]
async fn a_steady_rollout_waits_for_its_scan_and_is_refused_by_it() {
    let going = image_scan("sha256:a", ScanStatus::InProgress, 0);
    let (status, reason) = decided(&["sha256:a"], 60, &[&going]).await;
    assert_eq!(status, "waiting");
    assert_eq!(
        reason,
        "scan-findings: the scan of sha256:a is IN_PROGRESS and not completed"
    );
    let bad = image_scan("sha256:a", ScanStatus::Complete, 2);
    let (status, reason) = decided(&["sha256:a"], 60, &[&bad]).await;
    assert_eq!(status, "refused");
    let expect = "scan-findings: sha256:a has 2 HIGH findings, expected none of HIGH or worse. Build the image";
    assert!(reason.starts_with(expect), "{reason}");
    let good = image_scan("sha256:a", ScanStatus::Complete, 0);
    let (status, _) = decided(&["sha256:a"], 60, &[&good]).await;
    assert_eq!((status.as_str(), good.num_calls()), ("steady", 1));
}

#[tokio::test]
async fn of_several_images_each_is_decided() {
    let good = image_scan("sha256:a", ScanStatus::Complete, 0);
    let going = image_scan("sha256:b", ScanStatus::Pending, 0);
    let bad = image_scan("sha256:c", ScanStatus::Complete, 1);
    let ecr = [&good, &going, &bad];
    let (status, reason) = decided(&["sha256:a", "sha256:b"], 60, &ecr).await;
    assert!(
        status == "waiting" && reason.contains("sha256:b is PENDING"),
        "{reason}"
    );
    let (status, reason) = decided(&["sha256:b", "sha256:a", "sha256:c"], 60, &ecr).await;
    assert!(
        status == "refused" && reason.contains("sha256:c has 1 HIGH"),
        "{reason}"
    );
}

#[tokio::test]
async fn an_absent_scan_is_waited_for_as_long_as_the_push_is_fresh() {
    let absent = || {
        let error = ScanNotFoundException::builder().build();
        DescribeImageScanFindingsError::ScanNotFoundException(error)
    };
    let (status, _) = decided(&["sha256:a"], 9, &[&fails(absent)]).await;
    assert_eq!(status, "waiting");
    let (status, reason) = decided(&["sha256:a"], 11, &[&fails(absent)]).await;
    assert!(
        status == "refused" && reason.contains("ECR knows of no scan"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_scan_that_cannot_be_looked_up_is_an_error_and_never_steady() {
    for (code, expect) in [
        ("AccessDeniedException", "AccessDenied"),
        ("ThrottlingException", "AwsUnavailable"),
        ("ImageNotFoundException", "NotFound"),
    ] {
        let denied = mock!(Client::describe_image_scan_findings).then_error(move || {
            DescribeImageScanFindingsError::generic(ErrorMetadata::builder().code(code).build())
        });
        let scans = asked_for(high(), &[&denied]);
        let error = steady(check(&["sha256:a"], 1), scans).await;
        assert_eq!(error.expect_err("no answer").name(), expect);
    }
}

#[tokio::test]
async fn a_stack_that_no_longer_asks_for_scans_refuses_the_release_that_waits_for_one() {
    let scans = asked_for(None, &[]);
    let answer = steady(check(&["sha256:a"], 1), scans)
        .await
        .expect("an answer");
    assert_eq!(answer["status"], "refused");
    let reason = answer["reason"].as_str().unwrap_or_default();
    assert!(
        reason.contains("ScanSeverity has been set to none")
            && reason.contains("Request the release again"),
        "{reason}"
    );
}

#[tokio::test]
async fn nobody_asks_for_a_scan_before_the_rollout_is_steady_or_without_one_in_the_plan() {
    let never = image_scan("sha256:a", ScanStatus::Complete, 0);
    let ecs = mock_client!(
        aws_sdk_ecs,
        RuleMode::MatchAny,
        [&rolling_out("green", 100)]
    );
    let scans = asked_for(high(), &[&never]);
    let answer = handle_scanned(ecs, scans, check(&["sha256:a"], 1), RuleMode::MatchAny, &[]);
    assert_eq!(json!(answer.await.expect("an answer"))["status"], "waiting");
    let scans = asked_for(high(), &[&never]);
    let answer = steady(task("check", Value::Null), scans)
        .await
        .expect("an answer");
    assert_eq!(
        (&answer["status"], never.num_calls()),
        (&json!("steady"), 0)
    );
}
