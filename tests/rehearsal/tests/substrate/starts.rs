//! Executions that a machine starts and looks at, and a start that comes twice.

use crate::tasks::{catch, caught, local, machine, output, run};
use anyhow::Result;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use rehearsal::aws::Aws;
use serde_json::{Value, json};

/// A task that starts the execution `one` of a machine, and catches what comes of it.
fn starts(machine: &str) -> Value {
    json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "End": true,
        "Arguments": {"StateMachineArn": machine, "Name": "one", "Input": "{% $states.input %}"},
        "Catch": catch("States.ALL")})
}

/// A task that looks at an execution that is not there.
fn looks(execution: &str) -> Value {
    json!({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:describeExecution", "End": true,
        "Arguments": {"ExecutionArn": execution}, "Catch": catch("States.ALL")})
}

/// The execution `one` of a machine, with an input.
async fn start(aws: &Aws, machine: &str, input: Value) -> Result<String, StartExecutionError> {
    let sfn = aws.sfn();
    let call = sfn.start_execution().state_machine_arn(machine).name("one");
    let started = call.input(input.to_string()).send().await;
    let started = started.map_err(|error| error.into_service_error())?;
    Ok(started.execution_arn)
}

/// Given an execution that is running
/// When one of its name is started again, with its input and with another one, by a person and by a machine
/// Then the same input gives that execution, and the other one is refused by the name that AWS has for it.
/// When a machine looks at an execution that is not there
/// Then that has its name as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_comes_twice_is_taken_or_refused_by_its_input() -> Result<()> {
    let (_server, aws) = local().await?;
    let slow = json!({"First": {"Type": "Wait", "Seconds": 60, "End": true}});
    let slow = machine(&aws, "slow", slow).await?;
    let one = start(&aws, &slow, json!({"tag": "v1"})).await?;
    assert_eq!(start(&aws, &slow, json!({"tag": "v1"})).await?, one);
    let refused = start(&aws, &slow, json!({"tag": "v2"})).await;
    let refused = refused.expect_err("another input");
    assert!(refused.is_execution_already_exists(), "{refused:?}");

    let states = json!({"First": starts(&slow), "Caught": caught()});
    let starter = machine(&aws, "starter", states).await?;
    let end = run(&aws, &starter, json!({"tag": "v1"})).await?;
    assert_eq!(output(&end)?["ExecutionArn"], one);
    let end = run(&aws, &starter, json!({"tag": "v2"})).await?;
    let expect = "StepFunctions.ExecutionAlreadyExistsException";
    assert_eq!(output(&end)?["Error"], expect);

    let states = json!({"First": looks(&format!("{one}x")), "Caught": caught()});
    let looker = machine(&aws, "looker", states).await?;
    let end = run(&aws, &looker, json!({})).await?;
    assert_eq!(output(&end)?["Error"], "Sfn.ExecutionDoesNotExistException");
    Ok(())
}
