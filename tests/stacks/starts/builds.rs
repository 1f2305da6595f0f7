//! A2: one build is one release. What a push released with a bad end, no other push of it releases again.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = bad_ends();
    cases.extend(other_ends());
    cases.extend(flipped_back());
    cases.extend(later_ends());
    cases.extend(same_builds());
    cases
}

fn released(title: &'static str) -> Case {
    Case::new("A2", title)
        .pushes("v1.1.0", "sha256:110…")
        .releases()
}

/// The same build under its second name.
fn pushed_again(case: Case) -> Case {
    case.pushes("latest", "sha256:110…")
}

fn bad_ends() -> Vec<Case> {
    let ended = |title, error: &'static str, cause: &'static str| {
        let case = released(title).ends("failed", error, cause);
        let case = pushed_again(case).skips().untouched();
        let case = case.saying(&["r1", cause]);
        // The image belongs to the operator who asks for it by name.
        case.asks(json!({"tag": "v1.1.0"})).releases()
    };
    vec![
        ended(
            "a smoke test that failed",
            "SmokeTestFailed",
            "health: expected status 200, found 500",
        ),
        ended(
            "a deployment that failed",
            "DeploymentFailed",
            "tasks failed to start",
        ),
        ended(
            "a deployment that timed out",
            "DeploymentTimedOut",
            "not steady after 900 s",
        ),
        ended("a migration that failed", "MigrationFailed", "exit code 1"),
    ]
}

/// Ends that say nothing about the build.
fn other_ends() -> Vec<Case> {
    let ended = |title, error| {
        let case = released(title).ends("failed", error, "for another reason");
        pushed_again(case).releases()
    };
    vec![
        ended("AWS was not to be reached", "AwsUnavailable"),
        ended("a role that was missing", "AccessDenied"),
        ended("an alarm that was on before", "AlarmBeforeFlip"),
        ended("a refusal", "ReleaseRefused"),
        ended("a task of the machine that timed out", "States.Timeout"),
        pushed_again(
            released("an execution that somebody stopped")
                .change(json!({"executions/r1": "ABORTED"})),
        )
        .releases()
        .saying(&["release r1 was abandoned"]),
    ]
}

fn flip_back(reason: Value) -> Value {
    json!({"action": "flip-back", "release": "$release", "execution": "$execution.id", "reason": reason})
}

fn flipped_back() -> Vec<Case> {
    let unhealthy = json!({"Error": "ReleaseUnhealthy", "Cause": "target 5xx 14 > 10 in 60 s"});
    vec![
        pushed_again(
            released("a release that the verdict flipped back")
                .flips(2)
                .answers(json!({"decision": "flipped"}))
                .calls("flip", flip_back(unhealthy))
                .answers(json!({"decision": "flipped-back"}))
                .ends("rolled-back", "ReleaseUnhealthy", "target 5xx 14 > 10 in 60 s"),
        )
        .skips()
        .untouched()
        .saying(&["r1", "target 5xx 14 > 10 in 60 s"]),
        pushed_again(
            released("a release that an alarm flipped back")
                .flips(2)
                .calls("flip", json!({
                    "source": "aws.cloudwatch", "accountId": "111122223333", "region": "eu-west-1",
                    "time": "2099-12-31T10:00:00Z",
                    "alarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-green-5xx",
                    "alarmData": {"alarmName": "shop-green-5xx", "state": {
                        "value": "ALARM", "reason": "14 > 10", "timestamp": "2099-12-31T10:00:00Z",
                    }},
                }))
                .answers(json!({"decision": "flipped-back"}))
                .ends("rolled-back", "ReleaseUnhealthy", "alarm shop-green-5xx: 14 > 10"),
        )
        .skips()
        .untouched()
        .saying(&["r1", "14 > 10"]),
        pushed_again(
            released("a release that an operator rolled back later")
                .flips(2)
                .ends("stable", "", "")
                .asks(json!({"action": "rollback", "reason": "orders are missing"}))
                .decides("rollback")
                .calls("flip", flip_back(json!({"Error": "RollbackRequested", "Cause": "orders are missing"})))
                .answers(json!({"decision": "flipped-back"})),
        )
        .skips()
        .untouched()
        .saying(&["r1", "orders are missing"]),
    ]
}

/// The last release of a build decides, whoever asked for it.
fn later_ends() -> Vec<Case> {
    vec![
        released("a build that an operator released well after all is forgiven")
            .ends("failed", "SmokeTestFailed", "the database was down")
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
            .flips(2)
            .ends("stable", "", "")
            .has(json!({"record/ends": null})),
        released("a push that waits for the release of its own build")
            .pushes("latest", "sha256:110…")
            .waits()
            .calls("detect", json!({
                "action": "finish", "outcome": "failed", "reason": {"Error": "SmokeTestFailed", "Cause": "status 500"},
                "execution": {"id": "execution:shop-release:r1", "name": "r1", "startTime": "2026-11-20T10:01:05Z"},
            }))
            .polls()
            .skips()
            .saying(&["r1", "status 500"]),
    ]
}

/// An index and what it holds are one build.
fn same_builds() -> Vec<Case> {
    vec![
        Case::new(
            "A2",
            "an image failed, and then the index that holds it is pushed",
        )
        .pushes("candidate", "sha256:110a…")
        .releases()
        .leaves_open("wrong-architecture")
        .ends("failed", "SmokeTestFailed", "status 500")
        .pushes("v1.1.0", "sha256:110…")
        .skips()
        .untouched()
        .saying(&["r1", "status 500"]),
        released("an index failed, and then an image that it holds is pushed")
            .ends("failed", "SmokeTestFailed", "status 500")
            .pushes("candidate", "sha256:110a…")
            .skips()
            .untouched()
            .saying(&["r1", "status 500"]),
        released("what AWS did to an operator's try does not forgive it")
            .ends("failed", "SmokeTestFailed", "status 500")
            .asks(json!({"image": "shop@sha256:110…"}))
            .releases()
            .ends("failed", "AwsUnavailable", "for another reason")
            .pushes("latest", "sha256:110…")
            .skips()
            .saying(&["r1", "status 500"]),
        Case::new(
            "A2",
            "an older version gets a new tag, and nothing bad is known of it",
        )
        .pushes("latest", "sha256:090…")
        .releases()
        .leaves_open("wrong-architecture"),
        released("another build is not kept from its release")
            .ends("failed", "SmokeTestFailed", "status 500")
            .change(json!({"images/v1.1.0/imageDigest": "sha256:111…",
            "images/v1.1.0/manifest/manifests/0/digest": "sha256:111a…"}))
            .pushes("v1.1.1", "sha256:111…")
            .releases(),
    ]
}
