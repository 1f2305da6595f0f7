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

/// A stop that somebody has requested, whatever WhenStopped says.
#[test]
fn given_a_release_that_a_person_has_stopped_then_its_job_says_who_and_what_becomes_of_traffic() {
    let command = "input='{}' flipped=$1 flipping_back=false execution=; end() { echo \"$1 $2\"; exit; }; \
        end_of ABORTED StopRequested 'release r1 was stopped by ana: the queue grows'";
    let before = bash(command, &["false"]);
    assert_eq!(
        before,
        "1 ABORTED: release r1 was stopped by ana: the queue grows"
    );
    let after = bash(command, &["true"]);
    assert!(
        after.starts_with("7 somebody has stopped it; what it had flipped is flipped back")
            && after.ends_with("by ana: the queue grows"),
        "{after}"
    );
}

/// A machine stands in one of these states for as long as people want, or a calendar.
#[test]
fn given_a_state_in_which_people_decide_then_the_job_does_not_wait_for_them() {
    let command =
        "at_gate=$3; end() { echo \"$1\"; exit; }; end_of_wait \"$1\" \"$2\"; echo follows";
    let behind = "Wait for the release in progress";
    for (state, waits_for, code) in [
        ("Wait for approval", "", "6"),
        ("Watch while people decide", "", "6"),
        (behind, "person", "6"),
        (behind, "time", "3"),
        (behind, "", "follows"),
        ("Wait for end of freeze", "", "0"),
        ("Heed people", "person", "follows"),
        ("Watch", "", "follows"),
    ] {
        let found = |at_gate| bash(command, &[state, waits_for, at_gate]);
        assert_eq!(found("leave"), code, "{state}");
        let waiting = if code == "6" { "follows" } else { code };
        assert_eq!(found("wait"), waiting, "{state}");
    }
}

/// Nothing is the result of a status but what it says.
#[test]
fn given_a_status_then_its_job_prints_it() {
    let command = "input='{\"action\": \"status\"}'; end() { echo \"$1 $2\"; exit; }; end_of SUCCEEDED None \"$1\"";
    let status = r#"{"active":"blue","version":{"tag":"v1"}}"#;
    assert_eq!(bash(command, &[status]), format!("0 {status}"));
}
