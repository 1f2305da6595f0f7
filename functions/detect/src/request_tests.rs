//! The tests of the requests.

#[path = "request_tests/ci.rs"]
mod ci;
#[path = "request_tests/origins.rs"]
mod origins;
#[path = "request_tests/traffic.rs"]
mod traffic;
#[path = "request_tests/words.rs"]
mod words;

use super::*;
use serde_json::{Value, json};
use shared::{Digest, Refusal, ReleaseId};

/// Reads a request of an execution in eu-west-1, of account 111122223333.
fn read(input: &Value, repository: &str) -> Result<ExecutionRequest, Refusal> {
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop-release:r1".into();
    super::read(
        input,
        &OwnRepository::of(repository, "111122223333", &execution),
    )
}

fn digest() -> String {
    format!("sha256:{}", "a1".repeat(32))
}

fn event(action: &str, repository: &str) -> Value {
    json!({"version": "0", "id": "1", "detail-type": "ECR Image Action", "source": "aws.ecr",
        "account": "111122223333", "time": "2026-11-23T12:00:00Z", "region": "eu-west-1", "resources": [],
        "detail": {"result": "SUCCESS", "repository-name": repository, "image-digest": digest(),
            "action-type": action, "image-tag": "v1.1.0"}})
}

/// The request is this one, with nothing beside it but who asks.
fn check(input: Value, expect: Request) {
    let found = read(&input, "team/shop").expect("a request");
    let expect = ExecutionRequest {
        origin: found.origin.clone(),
        ..ExecutionRequest::from(expect)
    };
    assert_eq!(found, expect, "{input}");
}

fn refused(input: Value, expect: &str) {
    let reason = read(&input, "team/shop").expect_err("not a request");
    assert!(
        reason.as_str().contains(expect) && reason.as_str().contains("Accepted forms"),
        "{input}: {reason}"
    );
}

#[test]
fn every_accepted_form_is_read() {
    let at = "2026-11-23T12:00:00Z".parse().expect("a time");
    let tag = Some("v1.1.0".to_owned());
    check(
        event("PUSH", "team/shop"),
        Request::Push {
            at,
            digest: Digest::from(digest()),
            tag,
        },
    );
    check(
        json!({"image": "team/shop:v1"}),
        Request::Tag("v1".to_owned()),
    );
    check(
        json!({"image": format!("team/shop@{}", digest())}),
        Request::Digest {
            digest: Digest::from(digest()),
            tag: None,
        },
    );
    check(json!({"tag": "v1.3.0"}), Request::Tag("v1.3.0".to_owned()));
    let arn = "arn:aws:ecs:eu-west-1:1:task-definition/shop:7";
    check(
        json!({"taskDefinition": arn}),
        Request::TaskDefinition(arn.to_owned()),
    );
    check(
        json!({"action": "rollback", "reason": "slow"}),
        Request::Rollback {
            reason: "slow".to_owned(),
        },
    );
    check(
        json!({"reason": "slow", "action": "rollback"}),
        Request::Rollback {
            reason: "slow".to_owned(),
        },
    );
}

fn step(words: &[&str], sql: Option<&str>) -> MigrationStep {
    MigrationStep {
        command: words.iter().map(|it| (*it).to_owned()).collect(),
        sql: sql.map(str::to_owned),
    }
}

#[test]
fn a_release_may_carry_a_migration() {
    let requested = read(
        &json!({"tag": "v2", "migration": {"command": ["migrate", "up"], "sql": "SELECT 1"}}),
        "team/shop",
    );
    let requested = requested.expect("a request");
    assert_eq!(requested.request, Request::Tag("v2".to_owned()));
    let expect = step(&["migrate", "up"], Some("SELECT 1"));
    assert_eq!(requested.migration, Some(expect));
}

#[test]
fn the_requests_that_release_nothing_are_read() {
    check(
        json!({"action": "sync"}),
        Request::Sync { if_drifted: false },
    );
    check(
        json!({"action": "sync", "if": "drifted"}),
        Request::Sync { if_drifted: true },
    );
    refused(json!({"action": "sync", "if": "red"}), "found \"red\"");
    check(json!({"action": "report-drift"}), Request::ReportDrift);
    check(
        json!({"action": "contract", "command": ["migrate"]}),
        Request::Contract {
            step: Some(step(&["migrate"], None)),
            expanded_by: None,
        },
    );
    check(
        json!({"action": "contract", "command": ["m"], "sql": "SELECT 1", "expandedBy": "r1"}),
        Request::Contract {
            step: Some(step(&["m"], Some("SELECT 1"))),
            expanded_by: Some(ReleaseId::from("r1")),
        },
    );
}

#[test]
fn any_request_can_be_previewed_but_not_a_plan() {
    for request in [
        event("PUSH", "team/shop"),
        json!({"tag": "v1", "migration": {"command": ["m"]}}),
        json!({"action": "rollback"}),
        json!({"action": "sync"}),
    ] {
        let plain = read(&request, "team/shop").expect("a request");
        let preview = read(&json!({"action": "plan", "request": request}), "team/shop");
        assert_eq!(
            preview,
            Ok(ExecutionRequest {
                preview: true,
                ..plain
            })
        );
    }
    let plan = json!({"action": "plan", "request": {"action": "sync"}});
    refused(
        json!({"action": "plan", "request": plan}),
        "a plan of a plan",
    );
    refused(json!({"action": "plan"}), "needs a request");
    refused(json!({"action": "plan", "tag": "v1"}), "tag = ");
}

#[test]
fn a_migration_that_cannot_be_run_is_refused() {
    for (migration, expect) in [
        (json!({"command": []}), "at least a word"),
        (json!({"command": [" "]}), "at least a word"),
        (json!({"command": ["x".repeat(7001)]}), "7001 bytes"),
        (json!({"sql": "SELECT 1"}), "missing field `command`"),
        (
            json!({"command": ["m"], "sqls": ""}),
            "unknown field `sqls`",
        ),
        (json!("migrate"), "invalid type"),
    ] {
        refused(json!({"tag": "v1", "migration": migration}), expect);
    }
    refused(
        json!({"action": "sync", "migration": {"command": ["m"]}}),
        "found action",
    );
}

#[test]
fn anything_else_is_refused_with_the_accepted_forms() {
    refused(json!({}), "found no field");
    refused(json!("v1"), "expected a JSON object");
    refused(json!({"tag": ""}), "expected text");
    refused(json!({"tag": "v1", "image": "team/shop:v1"}), "found image");
    refused(json!({"action": "toggle"}), "found action");
    refused(json!({"image": "team/shop"}), "neither a tag nor a digest");
    refused(json!({"image": "team/shop@sha256:1"}), "expected a digest");
    refused(json!({"taskDefinition": "shop"}), "expected the ARN");
    refused(json!({"detail-type": "ECR Image Action"}), "missing field");
}

#[test]
fn a_tag_that_no_registry_takes_is_refused_before_anything_is_looked_up() {
    let long = "x".repeat(129);
    for tag in ["a b", "-a", "ä", "a/b", "a\r\nb", long.as_str()] {
        refused(json!({"tag": tag}), "expected a tag of at most 128");
        let mut push = event("PUSH", "team/shop");
        push["detail"]["image-tag"] = json!(tag);
        refused(push, "expected a tag of at most 128");
    }
    check(
        json!({"tag": "_v1.0-rc.1"}),
        Request::Tag("_v1.0-rc.1".to_owned()),
    );
}

#[test]
fn an_input_of_any_length_is_refused_shortly() {
    let long = "x".repeat(200_000);
    for input in [
        json!(long),
        json!({"image": long}),
        json!({"what": [long]}),
        json!({"detail-type": [long]}),
    ] {
        let reason = read(&input, "team/shop").expect_err("no request");
        assert!(reason.as_str().len() < 1500, "{}", reason.as_str().len());
    }
    let rollback = json!({"action": "rollback", "reason": long});
    let read = read(&rollback, "team/shop").map(|requested| requested.request);
    let Ok(Request::Rollback { reason }) = read else {
        panic!("no rollback")
    };
    assert!(reason.len() < 500);
}
