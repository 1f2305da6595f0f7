//! Who asks, and what a request may leave out.

use super::{check, read, refused};
use crate::request::Request;
use record::{Origin, RequestKind};
use serde_json::{Value, json};
use shared::ReleaseId;

#[test]
fn a_rollback_says_who_requests_it_in_its_reason() {
    for (input, expect) in [
        (json!({"by": "ana", "reason": "slow"}), "ana: slow"),
        (json!({"by": "ana"}), "requested by ana"),
        (json!({"reason": "slow"}), "slow"),
        (json!({}), "requested by an operator"),
    ] {
        let mut input = input;
        input["action"] = json!("rollback");
        let reason = expect.to_owned();
        check(input, Request::Rollback { reason });
    }
    refused(
        json!({"action": "rollback", "by": 7}),
        "by: expected text, found 7",
    );
}

#[test]
fn what_begins_something_says_who_asks_and_why() {
    let asks = |mut input: Value| {
        let without = read(&input, "team/shop").expect("a request").origin;
        input["by"] = json!("ana\nben");
        input["reason"] = json!(" it mends the checkout ");
        let with = read(&input, "team/shop").expect("a request").origin;
        let without = without.expect("an origin");
        let expect = Origin {
            by: Some("ana ben".to_owned()),
            reason: Some("it mends the checkout".to_owned()),
            ..without.clone()
        };
        assert_eq!(with, Some(expect), "{input}");
        without
    };
    for (input, kind) in [
        (json!({"tag": "v1"}), RequestKind::Tag),
        (json!({"image": "team/shop:v1"}), RequestKind::Image),
        (
            json!({"taskDefinition": "arn:aws:ecs:eu-west-1:1:task-definition/shop:7"}),
            RequestKind::TaskDefinition,
        ),
        (json!({"action": "sync"}), RequestKind::Sync),
        (json!({"action": "contract"}), RequestKind::Contract),
    ] {
        assert_eq!(asks(input), Origin::of(kind));
    }
    let overriding = asks(json!({"tag": "v1", "override": "hot fix"}));
    assert_eq!(overriding.reason.as_deref(), Some("hot fix"));
    for quiet in [
        json!({"action": "rollback", "by": "ana"}),
        json!({"action": "report-drift"}),
        json!({"action": "status"}),
    ] {
        let origin = read(&quiet, "team/shop").expect("a request").origin;
        assert_eq!(origin, None, "{quiet}");
    }
    refused(json!({"tag": "v1", "by": 7}), "by: expected text, found 7");
    refused(json!({"action": "status", "by": "ana"}), "by = ");
}

#[test]
fn a_contract_step_may_leave_its_command_out_but_not_beside_its_sql() {
    check(
        json!({"action": "contract", "expandedBy": "r1"}),
        Request::Contract {
            step: None,
            expanded_by: Some(ReleaseId::from("r1")),
        },
    );
    refused(
        json!({"action": "contract", "sql": "SELECT 1"}),
        "missing field `command`",
    );
}
