//! The machine for CI: it passes a request on as one of CI, under its own name, and does nothing else.

use project::{Names, ci_machine, list};
use serde_json::json;

const START: &str = "Start release";
const LOOK: &str = "Look at the release of this name";

/// What the optimised integration says where a name is taken. A call by the SDK's integration would say `Sfn.` instead.
const EXISTS: &str = "StepFunctions.ExecutionAlreadyExistsException";

#[test]
fn given_a_request_then_it_starts_the_release_machine_as_one_of_ci_under_the_same_name() {
    let machine = ci_machine();
    assert_eq!(machine["StartAt"], START);
    let start = &machine["States"][START];
    assert_eq!(
        start["Resource"],
        "arn:${Partition}:states:::states:startExecution"
    );
    let expect = json!({
        "StateMachineArn": "${Release}",
        "Name": "{% $states.context.Execution.Name %}",
        "Input": {"action": "from-ci", "request": "{% $states.context.Execution.Input %}"},
    });
    assert_eq!(start["Arguments"], expect);
}

#[test]
fn given_a_task_then_it_has_a_timeout_is_tried_again_and_everything_is_caught() {
    let machine = ci_machine();
    let states = machine["States"].as_object().expect("states").iter();
    let tasks: Vec<_> = states.filter(|(_, it)| it["Type"] == "Task").collect();
    assert_eq!(tasks.len(), 2);
    for (name, task) in tasks {
        assert_eq!(task["TimeoutSeconds"], 30, "{name}");
        let names = |blocks: &str| {
            let names = list(&task[blocks]).into_iter();
            names
                .map(|it| it["ErrorEquals"].clone())
                .collect::<Vec<_>>()
        };
        let all = [json!(["States.DataLimitExceeded"]), json!(["States.ALL"])];
        let first = (name == START).then(|| json!([EXISTS]));
        let caught: Vec<_> = first.iter().chain(&all).cloned().collect();
        assert_eq!(names("Catch"), caught, "{name}");
        let tried: Vec<_> = first.iter().chain(&all[1..]).cloned().collect();
        assert_eq!(names("Retry"), tried, "{name}");
        for catcher in list(&task["Catch"]).iter().rev().take(2) {
            assert_eq!(catcher["Next"], "Release not started", "{name}");
        }
        let last = list(&task["Retry"]).pop().expect("a retrier");
        assert_eq!(last["MaxAttempts"], 6, "{name}");
    }
    // A name that is taken stays so.
    assert_eq!(machine["States"][START]["Retry"][0]["MaxAttempts"], 0);
}

#[test]
fn given_a_name_that_is_taken_then_only_the_same_request_finds_its_release() {
    let machine = ci_machine();
    let states = &machine["States"];
    assert_eq!(states[START]["Catch"][0]["Next"], LOOK);
    let same = "{% $parse($states.result.Input) = { 'action': 'from-ci', 'request': $states.context.Execution.Input } %}";
    assert_eq!(states[LOOK]["Assign"]["same"], same);
    let choices = json!([{"Condition": "{% $same = true %}", "Next": "Release started"}]);
    assert_eq!(states["Same request?"]["Choices"], choices);
    assert_eq!(states["Same request?"]["Default"], "Name is taken");
    for state in [START, LOOK] {
        let output = json!({"execution": "{% $states.result.ExecutionArn %}"});
        assert_eq!(states[state]["Output"], output, "{state}");
    }
}

#[test]
fn given_the_machine_then_it_calls_step_functions_alone_and_its_failures_have_names() {
    let machine = ci_machine();
    let states = machine["States"].as_object().expect("states").values();
    let of = |field: &str| -> Names {
        let found = states.clone().filter_map(|it| it[field].as_str());
        found.map(str::to_owned).collect()
    };
    let calls = ["aws-sdk:sfn:describeExecution", "states:startExecution"];
    let calls = calls.map(|it| format!("arn:${{Partition}}:states:::{it}"));
    assert_eq!(of("Resource"), calls.into());
    let names = ["NameTaken", "NotStarted"].map(str::to_owned);
    assert_eq!(of("Error"), names.into());
}
