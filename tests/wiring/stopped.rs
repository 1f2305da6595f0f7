//! The rules that have flip look for a stopped release: which ends fit them, and that flip gets nothing of an event.

use flip::task::Task;
use project::{list, machine, template};
use serde_json::{Value, json};
use shared::runtime::read_task;

/// The rules that invoke flip, each with the permission by which it may.
const RULES: [(&str, &str); 2] = [
    ("ExecutionStopped", "ExecutionStoppedMayFlip"),
    ("StoppedSchedule", "StoppedScheduleMayFlip"),
];

/// How an execution ends that has no end of its own; FAILED is one of its own too, and then nothing holds the record.
const STATUSES: [&str; 3] = ["ABORTED", "TIMED_OUT", "FAILED"];

#[test]
fn given_an_end_of_this_machine_that_is_no_success_then_the_rule_takes_it() {
    let rule = &template()["Resources"]["ExecutionStopped"]["Properties"];
    let expect = json!({
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [{"Ref": "Release"}], "status": STATUSES},
    });
    assert_eq!(rule["EventPattern"], expect);
}

/// Step Functions sends its events on a best-effort basis.
#[test]
fn given_an_event_that_is_lost_then_a_schedule_looks_all_the_same() {
    let rule = &template()["Resources"]["StoppedSchedule"]["Properties"];
    assert_eq!(rule["ScheduleExpression"], "rate(5 minutes)");
    assert_eq!(rule.get("State"), None);
}

#[test]
fn given_either_rule_then_flip_gets_the_same_task_as_from_the_machine_and_nothing_of_the_event() {
    let template = template();
    let flip = json!({"Fn::GetAtt": ["Flip", "Arn"]});
    for (rule, permission) in RULES {
        let targets = list(&template["Resources"][rule]["Properties"]["Targets"]);
        let [target] = targets.as_slice() else {
            panic!("{rule}: {targets:?}");
        };
        assert_eq!(target["Arn"], flip, "{rule}");
        let input = target["Input"].as_str().expect("a constant");
        let input: Value = serde_json::from_str(input).expect("JSON");
        let arguments = &machine()["States"]["End stopped release"]["Arguments"];
        assert_eq!(input, *arguments, "{rule}");
        let task = read_task::<Task>(input).expect("a task of flip");
        assert_eq!(task, Task::EndStopped {});
        let permission = &template["Resources"][permission]["Properties"];
        assert_eq!(
            permission["SourceArn"],
            json!({"Fn::GetAtt": [rule, "Arn"]})
        );
        let queue = json!({"Arn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}});
        assert_eq!(target["DeadLetterConfig"], queue, "{rule}");
    }
}

#[test]
fn given_what_flip_and_detect_do_about_a_stopped_release_then_both_read_the_one_parameter() {
    let template = template();
    for function in ["Detect", "Flip"] {
        let variables = &template["Resources"][function]["Properties"]["Environment"]["Variables"];
        let expect = json!({"Ref": "WhenStopped"});
        assert_eq!(variables["WHEN_STOPPED"], expect, "{function}");
    }
}
