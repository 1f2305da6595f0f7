//! What becomes of a failure: every task's is caught, by the name that AWS lets nothing else catch too, and ends with a
//! name and a cause of ours.

use crate::machine::EVENT;
use crate::routes::{reached, ways};
use project::{Names, between, list, machine, text};
use serde_json::{Value, json};
use shared::FailureReason;

/// What a state caught, with its own name.
const CAUGHT: &str = "{% $merge([$states.errorOutput, { 'State': $states.context.State.Name }]) %}";

/// No answer of the verifier is a no, and says what came instead.
const NO_ANSWER: &str = "{% { 'allowed': false, 'reason': 'no answer: ' & $states.errorOutput.Error & \
    ($type($states.errorOutput.Cause) = 'string' ? ': ' & $substring($states.errorOutput.Cause, 0, 2000) : '') } %}";

/// `States.ALL` catches neither this nor `States.Runtime`, which nothing catches (Step Functions developer guide, "Error
/// names").
const TOO_LARGE: &str = "States.DataLimitExceeded";

/// The states that give a failure the name and the cause that an execution ends with.
const NAMING: [&str; 4] = [
    "Record failure",
    "Describe failure",
    "Requested by an operator?",
    // Adds what it has seen to the cause.
    "Look at previous environment",
];

/// The task that may be asked before the calls of a stopped execution have ended.
const AT_WORK: &str = "End stopped release";

/// AWS may throw a flip back, which then looks at alarms and targets again.
const THROWN_BACK: &str = "Flip traffic";

/// Characters of a cause that Step Functions takes.
const CAUSE: usize = 32_768;

/// Names of Step Functions' own errors, as a Catch may get them.
const OF_AWS: [&str; 8] = [
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.TaskFailed",
    "States.Permissions",
    "States.QueryEvaluationError",
    TOO_LARGE,
    "States.ExceedToleratedFailureThreshold",
    "",
];

/// The tasks that do something, each with what it catches.
fn catchers(machine: &Value) -> Vec<(&str, Vec<&Value>)> {
    let states = machine["States"].as_object().expect("states").iter();
    let tasks = states.filter(|(_, it)| it["Type"] == "Task" && it["Resource"] != EVENT);
    tasks
        .map(|(name, it)| (name.as_str(), list(&it["Catch"])))
        .collect()
}

#[test]
fn given_any_task_then_it_catches_everything_also_what_must_be_named() {
    let machine = machine();
    for (name, mut catchers) in catchers(&machine) {
        if name == AT_WORK {
            // What the stopped execution has begun may still be at work, for longer than all retries.
            let waits = catchers.remove(0);
            assert_eq!(waits["ErrorEquals"], json!(["LeaseHeld"]));
            assert_eq!(waits["Next"], "Wait for the release in progress");
        }
        if name == THROWN_BACK {
            // Not a failure yet: see `retries.rs`.
            let again = catchers.remove(0);
            assert_eq!(again["Next"], "Traffic flipped?");
        }
        let names = catchers.iter().map(|it| it["ErrorEquals"].clone());
        let expect = [json!([TOO_LARGE]), json!(["States.ALL"])];
        assert_eq!(names.collect::<Vec<_>>(), expect, "{name}");
        // Whatever it is, it leads to the same.
        for key in ["Next", "Assign", "Output"] {
            assert_eq!(catchers[0].get(key), catchers[1].get(key), "{name}: {key}");
        }
    }
}

#[test]
fn given_a_caught_failure_then_it_says_which_state_has_failed() {
    let machine = machine();
    for (name, catchers) in catchers(&machine) {
        let last = catchers.last().expect("a catcher");
        let assigned = &last["Assign"];
        let expect = match text(&last["Next"]).as_str() {
            // What was recorded before is kept, and so is why a flip back was asked for.
            "Record failure" if name == "Flip back" => json!({
                "ending": "not-flipped-back",
                "failure": {"Error": "FlipBackFailed", "Cause": CAUGHT, "Because": "{% $failure %}"},
            }),
            "Record failure" | "Flip back" => json!({ "failure": CAUGHT }),
            "Describe failure" => json!({ "unrecorded": CAUGHT }),
            "Check migration" => json!({ "migrationError": CAUGHT }),
            "Image verified?" => json!({ "verifier": NO_ANSWER }),
            next => {
                // Nothing has failed for the release: it goes on as after an answer.
                assert_eq!(next, machine["States"][name]["Next"], "{name}");
                Value::Null
            }
        };
        assert_eq!(*assigned, expect, "{name}");
    }
}

#[test]
fn given_an_execution_that_fails_then_its_failure_was_named_last() {
    let machine = machine();
    let states = &machine["States"];
    let fails = |name: &String| states[name]["Type"] == "Fail";
    let unnamed = reached(states, &text(&machine["StartAt"]), &NAMING);
    assert_eq!(unnamed.into_iter().find(fails), None);
    // From there on nothing changes it.
    for naming in NAMING {
        let ways = ways(&states[naming]).into_iter().map(|(to, _)| text(to));
        for name in ways.flat_map(|to| reached(states, &to, &NAMING)) {
            let state = &states[&name];
            assert_eq!(state["Assign"].get("failure"), None, "{name}");
            if fails(&name) {
                assert_eq!(state["Error"], "{% $failure.Error %}");
                assert_eq!(state["Cause"], "{% $failure.Cause %}");
            }
        }
    }
}

#[test]
fn given_a_name_that_aws_keeps_for_itself_then_no_execution_ends_with_it() {
    let machine = machine();
    let states = &machine["States"];
    // Detect says error and reason. An answer without them fails in the task, which describes the failure then.
    let recorded = &states["Record failure"]["Assign"]["failure"];
    for (name, field) in [("Error", "error"), ("Cause", "reason")] {
        let cut = text(&recorded[name]);
        let begins = format!("{{% $substring($states.result.{field}, 0, ");
        assert!(cut.starts_with(&begins), "{cut}");
    }
    let described = text(&states["Describe failure"]["Assign"]["failure"]["Error"]);
    for name in names_of_aws() {
        assert!(described.contains(&format!("'{name}'")), "{name}");
    }
    let own = between(&machine.to_string(), "\"Error\":\"", "\"");
    assert!(own.contains("WaitedTooLong"));
    assert_eq!(own.iter().find(|it| it.starts_with("States.")), None);
}

/// The names that the errors of Step Functions itself become.
pub fn names_of_aws() -> Names {
    let named = OF_AWS.map(|name| {
        FailureReason::failure(name, "")
            .error_name()
            .map(str::to_owned)
    });
    named.into_iter().flatten().collect()
}

#[test]
fn given_a_record_that_cannot_be_written_then_what_is_told_fits_into_a_cause() {
    let machine = machine();
    let described = text(&machine["States"]["Describe failure"]["Assign"]["failure"]["Cause"]);
    let cuts = described.split("), 0, ").skip(1);
    let cuts = cuts.filter_map(|it| it.split(')').next()?.parse::<usize>().ok());
    let cuts: Vec<_> = cuts.collect();
    assert_eq!(cuts.len(), described.matches("$substring($said(").count());
    // Two hundred more for the words between.
    assert!(cuts.iter().sum::<usize>() + 200 < CAUSE, "{cuts:?}");
}
