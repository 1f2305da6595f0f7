//! The tests of `push.rs`, with events as ECR sends them.

use super::*;
use serde_json::json;

const DIGEST: &str = "sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";

/// The image has come into the repository from another Region of the account.
fn replicated() -> Value {
    json!({
        "version": "0",
        "id": "c8b133b1-6029-ee73-e2a1-4f466b8ba999",
        "detail-type": "ECR Replication Action",
        "source": "aws.ecr",
        "account": "123456789012",
        "time": "2026-11-23T12:00:00Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:ecr:eu-west-1:123456789012:repository/shop"],
        "detail": {
            "result": "SUCCESS",
            "repository-name": "shop",
            "image-digest": DIGEST,
            "source-account": "123456789012",
            "action-type": "REPLICATE",
            "source-region": "us-west-2",
            "image-tag": "v1.3.0"
        }
    })
}

fn pushed() -> Value {
    let event = include_str!("../../../../tests/events/ecr-push.json");
    serde_json::from_str(event).expect("JSON")
}

fn asked(event: &Value) -> Result<(Request, Origin), Refusal> {
    let execution = "arn:aws:states:eu-west-1:123456789012:execution:shop-release:r1".into();
    push(
        event,
        &OwnRepository::of("shop", "123456789012", &execution),
    )
}

fn read(event: &Value) -> Result<Request, Refusal> {
    asked(event).map(|(request, _)| request)
}

fn refused(event: Value, expect: &str) {
    let reason = read(&event).expect_err("not a push");
    assert!(reason.as_str().contains(expect), "{event}: {reason}");
}

fn with(mut event: Value, pointer: &str, value: Value) -> Value {
    *event.pointer_mut(pointer).expect("a field") = value;
    event
}

#[test]
fn a_replicated_image_is_read_as_a_pushed_one() {
    let of_tag = |tag: &str| Request::Push {
        at: "2026-11-23T12:00:00Z".parse().expect("a time"),
        digest: DIGEST.into(),
        tag: Some(tag.to_owned()),
    };
    assert_eq!(read(&replicated()), Ok(of_tag("v1.3.0")));
    assert_eq!(read(&pushed()), Ok(of_tag("v1.1.0")));
}

#[test]
fn an_event_says_how_the_image_came_and_from_which_account() {
    for (event, request) in [
        (pushed(), RequestKind::Push),
        (replicated(), RequestKind::Replication),
    ] {
        let expect = Origin {
            source: Source::Event,
            event: event["id"].as_str().map(str::to_owned),
            account: Some("123456789012".to_owned()),
            ..Origin::of(request)
        };
        assert_eq!(asked(&event).map(|(_, origin)| origin), Ok(expect));
    }
}

#[test]
fn an_event_without_a_tag_is_a_push_of_none() {
    let mut absent = pushed();
    let detail = absent["detail"].as_object_mut().expect("fields");
    detail.remove("image-tag");
    for event in [absent, with(pushed(), "/detail/image-tag", json!(""))] {
        let read = read(&event);
        assert!(
            matches!(read, Ok(Request::Push { tag: None, .. })),
            "{read:?}"
        );
    }
}

#[test]
fn any_other_event_is_refused_with_what_it_is() {
    for (event, expect) in [
        (
            with(pushed(), "/detail/action-type", json!("DELETE")),
            "found DELETE SUCCESS (ECR Image Action)",
        ),
        (
            with(
                pushed(),
                "/detail/action-type",
                json!("UPDATE_STORAGE_CLASS"),
            ),
            "found UPDATE_STORAGE_CLASS SUCCESS",
        ),
        (
            with(pushed(), "/detail/action-type", json!("REPLICATE")),
            "found REPLICATE SUCCESS (ECR Image Action)",
        ),
        (
            with(replicated(), "/detail/result", json!("FAILED")),
            "found REPLICATE FAILED",
        ),
        (with(pushed(), "/source", json!("my.own")), "from my.own"),
        (
            with(pushed(), "/detail/repository-name", json!("other")),
            "expected repository shop, ",
        ),
        (
            with(pushed(), "/account", json!("999988887777")),
            "expected an event of the registry's account 123456789012, found account 999988887777",
        ),
        (
            with(replicated(), "/account", Value::Null),
            "found account none",
        ),
    ] {
        refused(event, expect);
    }
}

#[test]
fn a_wrong_field_of_the_event_is_named_by_its_path() {
    refused(
        with(pushed(), "/detail/image-digest", json!(5)),
        "detail.image-digest: invalid type: integer `5`, expected a string",
    );
    refused(with(pushed(), "/time", json!("noon")), "time: ");
    refused(with(pushed(), "/detail", json!({})), "missing field");
}
