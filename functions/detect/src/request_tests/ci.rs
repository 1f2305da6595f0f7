//! What CI's machine may ask for, form by form.

use super::{digest, event, read};
use crate::request::{ExecutionRequest, decides};
use record::{Origin, Source};
use serde_json::{Value, json};

fn from_ci(request: &Value) -> Value {
    json!({"action": "from-ci", "request": request})
}

fn plan_of(request: &Value) -> Value {
    json!({"action": "plan", "request": request})
}

fn allowed(request: &Value) {
    let plain = read(request, "team/shop").expect("a request");
    let expect = ExecutionRequest {
        origin: plain.origin.map(|origin| Origin {
            source: Source::Ci,
            ..origin
        }),
        ..plain
    };
    assert_eq!(
        read(&from_ci(request), "team/shop"),
        Ok(expect),
        "{request}"
    );
}

/// Refused by name, with the forms that CI has.
fn refused(request: &Value, expect: &str) {
    let input = from_ci(request);
    let reason = read(&input, "team/shop")
        .expect_err("not from CI")
        .to_string();
    assert!(reason.contains(expect), "{request}: {reason}");
    assert!(reason.contains("Accepted forms from CI: "), "{reason}");
}

fn release(field: &str, value: Value) -> Value {
    let mut release = json!({"tag": "v1"});
    release[field] = value;
    release
}

#[test]
fn ci_releases_an_image_plans_that_and_reads_the_status() {
    for request in [
        json!({"tag": "v1"}),
        json!({"image": "team/shop:v1"}),
        json!({"image": format!("team/shop@{}", digest())}),
        json!({"taskDefinition": "arn:aws:ecs:eu-west-1:1:task-definition/shop:7"}),
        json!({"tag": "v1", "traffic": "10:300,100:120", "by": "build 7", "reason": "merged"}),
    ] {
        allowed(&request);
        allowed(&plan_of(&request));
    }
    allowed(&json!({"action": "status"}));
}

#[test]
fn everything_else_is_refused_from_ci_and_so_is_its_plan() {
    let command = json!({"command": ["m"]});
    for (request, expect) in [
        (
            release("migration", command),
            "CI brings no command: leave migration out",
        ),
        (
            release("override", json!("hot fix")),
            "CI overrides no freeze and no window",
        ),
        (event("PUSH", "team/shop"), "CI sends no event"),
        (json!({"action": "rollback"}), "CI does not roll back"),
        (json!({"action": "sync"}), "CI does not sync"),
        (
            json!({"action": "sync", "if": "drifted"}),
            "CI does not sync",
        ),
        (
            json!({"action": "report-drift"}),
            "CI does not ask for drift",
        ),
        (json!({"action": "contract"}), "CI runs no contract step"),
        (
            json!({"action": "contract", "command": ["m"]}),
            "CI runs no contract step",
        ),
    ] {
        assert!(read(&request, "team/shop").is_ok(), "{request}");
        refused(&request, expect);
        refused(&plan_of(&request), expect);
    }
}

#[test]
fn a_word_of_a_person_is_refused_from_ci_as_a_decision() {
    let mut words: Vec<Value> = ["approve", "reject", "hold", "resume", "finish", "stop"]
        .map(|action| json!({"action": action, "release": "r1"}))
        .to_vec();
    words.push(json!({"action": "freeze", "reason": "sale"}));
    words.push(json!({"action": "unfreeze"}));
    for word in words {
        assert!(read(&word, "team/shop").is_ok(), "{word}");
        refused(&word, "CI decides nothing");
        assert!(decides(&from_ci(&word)), "{word}");
    }
    refused(&json!({"action": "approve"}), "approve needs the release");
    assert!(decides(&from_ci(&json!({"action": "approve"}))));
    assert!(!decides(&from_ci(&json!({"tag": "v1"}))));
}

#[test]
fn what_ci_asks_for_is_wrapped_once_from_outside_and_alone() {
    let tag = json!({"tag": "v1"});
    let nested = "only CI's machine writes from-ci";
    refused(&from_ci(&tag), nested);
    refused(&plan_of(&from_ci(&tag)), nested);
    let plan = plan_of(&from_ci(&tag));
    let reason = read(&plan, "team/shop").expect_err("nested").to_string();
    assert!(reason.contains(nested), "{reason}");
    for input in [
        json!({"action": "from-ci"}),
        json!({"action": "from-ci", "request": tag, "by": "ana"}),
        json!({"action": "from-ci", "request": "v1"}),
        json!({"action": "from-ci", "tag": "v1"}),
        json!({"action": "from-ci", "request": tag, "detail-type": "ECR Image Action"}),
        json!({"action": "from-ci", "request": tag, "traffic": "100:60"}),
    ] {
        assert!(read(&input, "team/shop").is_err(), "{input}");
    }
}
