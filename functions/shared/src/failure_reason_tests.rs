//! The tests of `failure_reason.rs`.

use super::*;
use crate::Error;
use crate::runtime::read_input;
use serde_json::json;

fn read(reason: Value) -> FailureReason {
    read_input(reason).expect("a reason")
}

fn check(reason: Value, expect: &str) {
    let reason = read(reason);
    assert_eq!(reason.to_string(), expect);
    let noted = reason.with_note("with 1 of 10");
    assert_eq!(noted.to_string(), format!("{expect}; with 1 of 10"));
    assert_eq!(noted.error_name(), reason.error_name());
}

/// A function's error as Lambda gives it to Step Functions.
fn report(error: &str, message: &str) -> String {
    json!({"errorType": error, "errorMessage": message}).to_string()
}

/// The names of all functions' errors, and those that AWS gives.
fn names() -> impl Iterator<Item = &'static str> {
    let ours = Error::ALL.iter().map(|(name, _)| *name);
    ours.chain([
        "States.Timeout",
        "States.HeartbeatTimeout",
        "States.TaskFailed",
        "States.Permissions",
        "States.DataLimitExceeded",
        "States.QueryEvaluationError",
        "States.Runtime",
        "Lambda.Unknown",
        "Sandbox.Timedout",
        "Runtime.ExitError",
        "",
        " ",
    ])
}

#[test]
fn a_reason_reads_as_a_person_would_say_it() {
    check(json!("too slow"), "too slow");
    check(
        json!({"Error": "SmokeTestFailed", "Cause": "ping: found false"}),
        "ping: found false",
    );
    let cause = report("NotFound", "no such rule");
    check(
        json!({"Error": "NotFound", "Cause": cause, "State": "Flip traffic"}),
        "NotFound: no such rule",
    );
}

#[test]
fn an_empty_cause_is_none_and_the_state_says_what_is_known() {
    let timeout = "Flip traffic: no answer within its timeout";
    for cause in [json!(""), json!(" \n"), Value::Null] {
        let caught = json!({"Error": "States.Timeout", "Cause": cause, "State": "Flip traffic"});
        check(caught, timeout);
    }
    let stateless = json!({"Error": "States.Timeout", "Cause": ""});
    check(stateless, "no answer within its timeout");
    for cause in [
        report("NotFound", ""),
        json!({"errorType": "NotFound"}).to_string(),
    ] {
        let caught = json!({"Error": "NotFound", "Cause": cause, "State": "Watch"});
        check(caught, "Watch: NotFound, without a cause");
    }
    check(
        json!({"Error": "", "Cause": "", "State": ""}),
        "failed, and gave neither an error nor a cause",
    );
    check(json!(" "), "no reason was given");
}

#[test]
fn a_failed_flip_back_names_what_it_failed_with_and_why_it_was_asked_for() {
    let caught = |error: &str, cause: &str| {
        json!({
            "Error": "FlipBackFailed",
            "Cause": {"Error": error, "Cause": cause, "State": "Flip back"},
            "Because": {"Error": "States.Timeout", "Cause": "", "State": "Evaluate metrics"},
        })
    };
    let because = "(requested because: Evaluate metrics: no answer within its timeout)";
    check(
        caught("AccessDenied", &report("AccessDenied", "ModifyRule failed")),
        &format!("AccessDenied: ModifyRule failed {because}"),
    );
    check(
        caught("States.Timeout", ""),
        &format!("Flip back: no answer within its timeout {because}"),
    );
}

#[test]
fn whatever_failed_has_a_reason_and_a_name_that_an_execution_may_end_with() {
    let causes = [
        json!(""),
        json!(" "),
        Value::Null,
        json!({"Error": "", "Cause": ""}),
    ];
    for name in names() {
        for cause in &causes {
            let caught = read(json!({"Error": name, "Cause": cause, "State": "Watch"}));
            let why = json!({"Error": name, "Cause": cause});
            let nested = read(json!({"Error": name, "Cause": cause, "Because": why}));
            for reason in [caught, nested] {
                let (text, end) = (reason.to_string(), reason.error_name().expect("a name"));
                assert!(text.trim().len() > 5 && !text.contains("{"), "{text}");
                assert!(
                    !end.trim().is_empty() && !end.starts_with("States."),
                    "{end}"
                );
            }
        }
    }
}

#[test]
fn a_name_of_ours_stays_and_a_timeout_is_told_from_other_failures_of_the_machine() {
    let ends = |name: &str| {
        let reason = FailureReason::failure(name, "why");
        reason.error_name().map(str::to_owned)
    };
    for (name, _) in Error::ALL {
        assert_eq!(ends(name).as_deref(), Some(*name));
    }
    for (name, expect) in [
        ("States.Timeout", "TaskTimedOut"),
        ("States.HeartbeatTimeout", "TaskTimedOut"),
        ("States.DataLimitExceeded", "StateFailed"),
        ("States.AnythingNew", "StateFailed"),
        ("", "StateFailed"),
        ("Sandbox.Timedout", "Sandbox.Timedout"),
    ] {
        assert_eq!(ends(name).as_deref(), Some(expect), "{name}");
    }
    assert_eq!(FailureReason::from("too slow").error_name(), None);
}

#[test]
fn a_reason_is_never_longer_than_a_cause_may_be_and_keeps_both_ends() {
    let long = |name: &str| format!("begin {name} {} end {name}", "ä".repeat(100_000));
    let reason = read(json!({
        "Error": "FlipBackFailed",
        "Cause": {"Error": "NotFound", "Cause": report("NotFound", &long("cause"))},
        "Because": {"Error": "ReleaseUnhealthy", "Cause": long("why")},
    }));
    let text = reason.to_string();
    assert_eq!(text.chars().count(), MOST);
    assert!(text.starts_with("NotFound: begin cause ") && text.ends_with(" end why)"));
    let noted = reason.with_note("with 1 of 10").to_string();
    assert!(noted.chars().count() == MOST && noted.ends_with("with 1 of 10"));
}
