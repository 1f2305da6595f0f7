//! A request that is no release: what its failure says of traffic.

use crate::bash;

/// Customers may see what a rollback that failed was to end.
#[test]
fn given_a_request_that_is_no_release_then_its_failure_says_nothing_of_what_customers_saw() {
    let command = "words_of_code 1 \"$(json_text action \"$1\")\"";
    for (request, words) in [
        (
            r#"{"tag": "v1"}"#,
            "failed before the flip: customers never saw it",
        ),
        (
            r#"{"tag": "v1", "migration": {"command": ["action"], "sql": "\"action\": \"x\""}}"#,
            "failed before the flip: customers never saw it",
        ),
        (
            r#"{"reason": "slow", "action": "rollback"}"#,
            "the request failed: traffic is as it was before it",
        ),
        (
            r#"{"action":"contract","command":["m"]}"#,
            "the request failed: traffic is as it was before it",
        ),
    ] {
        assert_eq!(bash(command, &[request]), words, "{request}");
    }
}

/// An execution that ended without its own end: whether it had moved traffic.
#[test]
fn given_a_rollback_that_was_stopped_then_nobody_says_that_traffic_is_as_before() {
    let command = "input=$1 flipped=$2 flipping_back=$3 execution=; end() { echo \"$1\"; exit; }; end_of_stopped x";
    let release = r#"{"tag": "v1"}"#;
    let rollback = r#"{"action": "rollback"}"#;
    for (request, flipped, flipping_back, code) in [
        (release, "false", "false", "1"),
        (release, "false", "true", "1"),
        (release, "true", "true", "7"),
        (rollback, "false", "false", "1"),
        (rollback, "false", "true", "7"),
    ] {
        let found = bash(command, &[request, flipped, flipping_back]);
        assert_eq!(found, code, "{request} {flipped} {flipping_back}");
    }
}
