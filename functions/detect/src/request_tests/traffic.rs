//! Requests that say how traffic is shifted, and those that have none to shift.

use super::{digest, read, refused};
use crate::request::{ExecutionRequest, Shift};
use serde_json::{Value, json};
use shared::{Share, Step};

#[test]
fn a_release_may_say_how_traffic_is_shifted() {
    let arn = "arn:aws:ecs:eu-west-1:1:task-definition/shop:7";
    for plain in [
        json!({"tag": "v2"}),
        json!({"image": "team/shop:v2"}),
        json!({"image": format!("team/shop@{}", digest())}),
        json!({"taskDefinition": arn}),
        json!({"tag": "v2", "migration": {"command": ["m"]}}),
    ] {
        let mut request = plain.clone();
        request["traffic"] = json!("50:300,100:60");
        let step = |percent, seconds| Step {
            share: Share::new(percent).expect("a share"),
            seconds,
        };
        let shift = Shift::Steps(vec![step(50, 300), step(100, 60)]);
        let expect = ExecutionRequest {
            traffic: Some(shift),
            ..read(&plain, "team/shop").expect("a request")
        };
        assert_eq!(read(&request, "team/shop"), Ok(expect.clone()), "{request}");
        let plan = json!({"action": "plan", "request": request});
        let preview = ExecutionRequest {
            preview: true,
            ..expect
        };
        assert_eq!(read(&plan, "team/shop"), Ok(preview));
    }
}

#[test]
fn traffic_that_cannot_be_read_or_that_is_not_shifted_is_refused_in_words() {
    let tag = |traffic: Value| json!({"tag": "v2", "traffic": traffic});
    refused(
        tag(json!("slow")),
        "traffic: it is none of these: found slow; expected shares in per cent that rise to 100",
    );
    refused(tag(json!("")), "found nothing");
    refused(tag(json!(10)), "traffic: expected text, found 10");
    refused(tag(json!(null)), "traffic: expected text, found null");
    refused(
        json!({"tag": "v2", "Traffic": "AllAtOnce"}),
        "found Traffic",
    );
    for (request, why) in [
        (
            json!({"action": "rollback"}),
            "a rollback flips all of the traffic back at once",
        ),
        (json!({"action": "sync"}), "a sync never moves traffic"),
        (
            json!({"action": "contract", "command": ["m"]}),
            "a contract step never moves traffic",
        ),
        (
            json!({"action": "report-drift"}),
            "only a release shifts traffic",
        ),
        (
            json!({"action": "plan", "request": {"tag": "v2"}}),
            "a plan shows the traffic of its request",
        ),
    ] {
        let mut request = request;
        request["traffic"] = json!("AllAtOnce");
        refused(request, why);
    }
}
