//! Tasks of Step Functions as AWS runs them, and failures that a test orders.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use rehearsal::aws::Aws;
use rehearsal::server::Server;
use rehearsal::stack;
use rehearsal::tasks::{fail_task, task_failed};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Above everything that an execution below should take, and below what it would take otherwise.
const TIMEOUT: Duration = Duration::from_secs(40);

pub async fn local() -> Result<(Server, Aws)> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000079");
    Ok((server, aws))
}

/// Creates a machine with these states, which begins with the state `First`.
pub async fn machine(aws: &Aws, name: &str, states: Value) -> Result<String> {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "First", "States": states});
    let call = aws.sfn().create_state_machine().name(name);
    let role = format!("arn:aws:iam::{}:role/machine", aws.account);
    let call = call.definition(definition.to_string()).role_arn(role);
    Ok(call.send().await?.state_machine_arn)
}

/// A task that runs another machine, and waits for its end.
fn task(machine: &str, more: Value) -> Value {
    let mut task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {"StateMachineArn": machine}, "End": true,
    });
    let (Some(fields), Value::Object(more)) = (task.as_object_mut(), more) else {
        return task;
    };
    fields.extend(more);
    task
}

/// A catcher that ends the execution with what it caught.
pub fn catch(error: &str) -> Value {
    json!([{"ErrorEquals": [error], "Output": "{% $states.errorOutput %}", "Next": "Caught"}])
}

pub fn caught() -> Value {
    json!({"Type": "Succeed"})
}

/// Starts an execution and waits for its end.
pub async fn run(aws: &Aws, machine: &str, input: Value) -> Result<DescribeExecutionOutput> {
    let (sfn, began) = (aws.sfn(), Instant::now());
    let call = sfn.start_execution().state_machine_arn(machine);
    let arn = call.input(input.to_string()).send().await?.execution_arn;
    loop {
        let execution = sfn.describe_execution().execution_arn(&arn).send().await?;
        if execution.status != ExecutionStatus::Running {
            return Ok(execution);
        }
        ensure!(began.elapsed() < TIMEOUT, "{arn} takes too long");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub fn output(execution: &DescribeExecutionOutput) -> Result<Value> {
    let output = execution.output().context("no output")?;
    Ok(serde_json::from_str(output)?)
}

/// How often a machine was started.
async fn started(aws: &Aws, machine: &str) -> Result<usize> {
    let call = aws.sfn().list_executions().state_machine_arn(machine);
    Ok(call.send().await?.executions.len())
}

/// Given a task of 30 s whose timeout is an expression
/// When it takes longer, and when the expression gives no number
/// Then it has timed out without a cause, and fails with one.
#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_is_an_expression_and_has_no_cause() -> Result<()> {
    let (_server, aws) = local().await?;
    let slow = json!({"First": {"Type": "Wait", "Seconds": 30, "End": true}});
    let slow = machine(&aws, "slow", slow).await?;
    let more =
        json!({"TimeoutSeconds": "{% $states.input.seconds %}", "Catch": catch("States.ALL")});
    let states = json!({"First": task(&slow, more), "Caught": caught()});
    let patient = machine(&aws, "patient", states).await?;
    let end = run(&aws, &patient, json!({"seconds": 1})).await?;
    let timeout = json!({"Error": "States.Timeout", "Cause": ""});
    assert_eq!(output(&end)?, timeout);
    let end = run(&aws, &patient, json!({"seconds": "one"})).await?;
    assert_eq!(output(&end)?["Error"], "States.QueryEvaluationError");
    Ok(())
}

/// Given a task with two retries
/// When a failure of its state is ordered, and the machine runs twice
/// Then each try of the first execution fails so without a call; the second execution succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordered_failure_strikes_one_visit() -> Result<()> {
    let (_server, aws) = local().await?;
    let empty = json!({"First": {"Type": "Pass", "End": true}});
    let called = machine(&aws, "called", empty).await?;
    let retry = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 2}]);
    let counting = json!([{"ErrorEquals": ["States.ALL"], "Next": "Caught",
        "Output": "{% $merge([$states.errorOutput, {'Retries': $states.context.State.RetryCount}]) %}"}]);
    let first = task(&called, json!({"Retry": retry, "Catch": counting}));
    let caller = machine(&aws, "caller", json!({"First": first, "Caught": caught()})).await?;
    fail_task(&aws, "First", "Replaced", "").await?;
    fail_task(&aws, "First", "Lambda.Unknown", "killed").await?;
    ensure!(!task_failed(&aws).await?);
    let end = run(&aws, &caller, json!({})).await?;
    let failure = json!({"Error": "Lambda.Unknown", "Cause": "killed", "Retries": 2});
    assert_eq!(output(&end)?, failure);
    assert!(task_failed(&aws).await?);
    assert_eq!(started(&aws, &called).await?, 0);
    let end = run(&aws, &caller, json!({})).await?;
    assert_eq!(end.status, ExecutionStatus::Succeeded);
    assert_eq!(started(&aws, &called).await?, 1);
    Ok(())
}

/// Given a task whose result is above 256 KiB
/// When all errors are caught, and when this one is
/// Then the execution fails with it, and goes on with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_is_too_large_is_caught_by_its_name_only() -> Result<()> {
    let (_server, aws) = local().await?;
    let large =
        json!({"First": {"Type": "Pass", "Output": "{% $pad('', 262144, 'x') %}", "End": true}});
    let large = machine(&aws, "large", large).await?;
    let error = "States.DataLimitExceeded";
    for (name, catches, status) in [
        ("all", "States.ALL", ExecutionStatus::Failed),
        ("named", error, ExecutionStatus::Succeeded),
    ] {
        let states =
            json!({"First": task(&large, json!({"Catch": catch(catches)})), "Caught": caught()});
        let end = run(&aws, &machine(&aws, name, states).await?, json!({})).await?;
        assert_eq!(end.status, status, "{name}: {:?}", end.error());
        let found = end.error().map(|error| json!(error));
        let found = found.unwrap_or_else(|| output(&end).unwrap_or_default()["Error"].take());
        assert_eq!(found, error, "{name}");
    }
    Ok(())
}

/// Given a retrier whose second wait would be a minute
/// When its task fails three times
/// Then it waits as long as it may at most.
#[tokio::test(flavor = "multi_thread")]
async fn a_retrier_waits_no_longer_than_its_longest_delay() -> Result<()> {
    let (_server, aws) = local().await?;
    let retry = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 60,
        "MaxDelaySeconds": 2, "MaxAttempts": 2}]);
    let states = json!({"First": task("nobody", json!({"Retry": retry}))});
    let caller = machine(&aws, "caller", states).await?;
    fail_task(&aws, "First", "Lambda.Unknown", "").await?;
    let end = run(&aws, &caller, json!({})).await?;
    assert_eq!(end.error(), Some("Lambda.Unknown"));
    Ok(())
}

/// Given a function that fails
/// When a machine calls it
/// Then the cause is the function's answer, as compact as a function of ours writes it.
#[tokio::test(flavor = "multi_thread")]
async fn the_cause_of_a_failed_function_is_its_answer() -> Result<()> {
    let (_server, aws) = local().await?;
    let code = "def handler(event, context): raise ValueError('no shop')";
    let function = json!({"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": code},
        "Role": "arn:aws:iam::1:role/function"}});
    let template = json!({"Resources": {"Fails": function},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Fails", "Arn"]}}}});
    let outputs = stack::deploy(&aws, "functions", &template, &Default::default()).await?;
    let first = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Arguments": {"FunctionName": outputs["Arn"], "Payload": {}}});
    let caller = machine(&aws, "caller", json!({"First": first})).await?;
    let end = run(&aws, &caller, json!({})).await?;
    let cause = end.cause().unwrap_or_default();
    let answer: Value = serde_json::from_str(cause)?;
    assert_eq!(answer["errorMessage"], "no shop");
    assert!(cause.contains(r#""errorMessage":"no shop""#), "{cause}");
    Ok(())
}
