//! deploy registers what active runs, as ECS's own JSON, once.

use super::call::task;
use super::family::{Family, revision};
use super::handle_with;
use crate::answer::Answer;
use aws_smithy_mocks::RuleMode;
use serde_json::{Value, json};

fn answered(registered: bool) -> Answer {
    Answer::Registered {
        task_definition: "shop:2".to_owned(),
        registered,
    }
}

fn live() -> Value {
    revision(1, "shop@sha256:old", "blue")
}

/// Revision 1 with members that this program does not know.
fn with_unknown_members(mut revision: Value) -> Value {
    revision["trustedExecutionConfiguration"] = json!({"mode": "enclave"});
    revision["newer"] = json!([{"deep": {"deeper": 1.5}}]);
    revision["containerDefinitions"][0]["newerToo"] = json!({"on": true});
    revision
}

async fn register(newest: Value, calls: usize, registered: bool) {
    let family = Family::new(live(), newest);
    let answer = family.ask("register").await;
    let registrations = family.sent("RegisterTaskDefinition").len();
    assert_eq!((answer, registrations), (Ok(answered(registered)), calls));
}

#[tokio::test]
async fn a_new_revision_is_registered_from_the_live_one() {
    register(live(), 1, true).await;
}

#[tokio::test]
async fn a_revision_that_an_earlier_try_registered_makes_no_write_call() {
    register(revision(2, "shop@sha256:new", "green"), 0, false).await;
}

#[tokio::test]
async fn a_new_image_is_registered_once_with_its_tags() {
    let mut family = Family::new(live(), live());
    let tag = |key: &str| json!({"key": key, "value": "shop"});
    family.tags = json!([tag("team"), tag("aws:cloudformation:stack-name")]);
    assert_eq!(family.ask("register").await, Ok(answered(true)));
    let mut expect = revision(2, "shop@sha256:new", "green");
    for read_only in ["revision", "taskDefinitionArn"] {
        expect.as_object_mut().expect("members").remove(read_only);
    }
    expect["tags"] = json!([tag("team")]);
    assert_eq!(family.sent("RegisterTaskDefinition"), [expect]);
}

#[tokio::test]
async fn a_revision_of_the_team_makes_no_call_at_all() {
    let family = Family::new(live(), live());
    let task = task("register", json!("shop:2"));
    let answer = handle_with(family.client(), task, RuleMode::MatchAny, &[]).await;
    assert_eq!(answer, Ok(answered(false)));
    let calls = ["DescribeTaskDefinition", "RegisterTaskDefinition"].map(|it| family.sent(it));
    assert_eq!(calls, [Vec::<Value>::new(), Vec::new()]);
}

#[tokio::test]
async fn a_throttled_registration_is_an_error_to_be_tried_again() {
    let mut family = Family::new(live(), live());
    family.registers = |_| (400, json!({"__type": "ThrottlingException"}));
    let error = family.ask("register").await.expect_err("throttled");
    assert_eq!(error.name(), "AwsUnavailable");
    // What is sent in the last try is what is sent in the first.
    let sent = family.sent("RegisterTaskDefinition");
    assert!(
        sent.len() > 1
            && sent
                .iter()
                .all(|it| *it == sent[0] && it["family"] == "shop")
    );
}

#[tokio::test]
async fn members_that_the_sdk_does_not_know_are_registered_and_recognised() {
    let family = Family::new(with_unknown_members(live()), live());
    assert_eq!(family.ask("register").await, Ok(answered(true)));
    let sent = &family.sent("RegisterTaskDefinition")[0];
    let mut expect = with_unknown_members(revision(2, "shop@sha256:new", "green"));
    for read_only in ["revision", "taskDefinitionArn"] {
        expect.as_object_mut().expect("members").remove(read_only);
    }
    assert_eq!(*sent, expect);
    let mut registered = expect;
    registered["taskDefinitionArn"] = json!("shop:2");
    let mut other = registered.clone();
    other["containerDefinitions"][0]["newerToo"] = json!({"on": false});
    for (newest, calls) in [(registered, 0), (other, 1)] {
        let family = Family::new(with_unknown_members(live()), newest);
        assert_eq!(family.ask("register").await, Ok(answered(calls > 0)));
        assert_eq!(family.sent("RegisterTaskDefinition").len(), calls);
    }
}

#[tokio::test]
async fn a_member_that_does_not_come_back_is_an_error_that_names_it() {
    let mut family = Family::new(with_unknown_members(live()), live());
    family.registers = |mut sent| {
        let members = sent.as_object_mut().expect("members");
        members.remove("trustedExecutionConfiguration");
        sent["taskDefinitionArn"] = json!("shop:2");
        sent["containerDefinitions"][0]["newerToo"] = json!({});
        (200, json!({ "taskDefinition": sent }))
    };
    let error = family.ask("register").await.expect_err("something is lost");
    assert_eq!(error.name(), "UnexpectedAnswer");
    let lost = "gave shop:2 back without what the live revision has: \
                containerDefinitions.api.newerToo.on, trustedExecutionConfiguration.mode. Register";
    assert!(error.to_string().contains(lost), "{error}");
}

#[tokio::test]
async fn an_error_that_quotes_a_variable_hides_its_value() {
    let mut live = live();
    let variables = live["containerDefinitions"][0]["environment"].as_array_mut();
    let variables = variables.expect("variables");
    variables.push(json!({"name": "DB_PASSWORD", "value": "s3cret"}));
    let mut family = Family::new(live.clone(), live);
    family.registers = |_| {
        let message = "variable DB_PASSWORD=s3cret of container api is not valid";
        (
            400,
            json!({"__type": "ClientException", "message": message}),
        )
    };
    let error = family.ask("register").await.expect_err("refused");
    let expect =
        "variable DB_PASSWORD=[hidden: variable DB_PASSWORD] of container api is not valid";
    assert!(error.to_string().contains(expect), "{error}");
}
