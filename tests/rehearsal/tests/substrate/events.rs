//! Events that EventBridge and Step Functions deliver to a function by themselves.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result, ensure};
use rehearsal::aws::{Aws, plain};
use rehearsal::server::Server;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A function is invoked within a second, on a busy machine later.
const INVOKED_WITHIN: Duration = Duration::from_secs(120);

/// Two rules for the end of an execution, each with an input of its own. The function's policy admits the first one.
fn template() -> Value {
    let role = "arn:aws:iam::123456789012:role/any";
    let code = "def handler(event, context):\n    print('invoked by', event['rule'])\n";
    let function = json!({"FunctionName": "noted", "Runtime": "python3.12", "Handler": "index.handler",
        "Role": role, "Code": {"ZipFile": code}, "TracingConfig": {"Mode": "Active"}});
    let machine = json!({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 300, "End": true}}});
    let pattern = json!({"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["TIMED_OUT", "ABORTED"], "stateMachineArn": [{"Ref": "Machine"}]}});
    let rule = |name: &str| {
        let target = json!({"Id": "noted", "Arn": {"Fn::GetAtt": ["Function", "Arn"]},
            "Input": json!({"rule": name}).to_string()});
        json!({"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}})
    };
    json!({
        "Resources": {
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties":
                {"RoleArn": role, "DefinitionString": machine.to_string()}},
            "Admitted": rule("Admitted"),
            "Stranger": rule("Stranger"),
            "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function"},
                "Principal": "events.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["Admitted", "Arn"]}}},
        },
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"}}},
    })
}

/// What the function has printed so far.
async fn printed(aws: &Aws) -> Result<Vec<String>> {
    let input = json!({"logGroupName": "/aws/lambda/noted"});
    let answer = plain::json(aws, "logs", "Logs_20140328.FilterLogEvents", &input).await;
    // There is no group before the first invocation.
    let answer: Value = answer.unwrap_or_default();
    let events = answer["events"].as_array().into_iter().flatten();
    let lines = events.filter_map(|event| event["message"].as_str());
    let invoked = lines.filter(|line| line.starts_with("invoked by"));
    Ok(invoked.map(|line| line.trim().to_owned()).collect())
}

/// Waits for so many lines of the function.
async fn wait_for(aws: &Aws, lines: usize) -> Result<Vec<String>> {
    let began = Instant::now();
    loop {
        let found = printed(aws).await?;
        if found.len() >= lines {
            return Ok(found);
        }
        ensure!(began.elapsed() < INVOKED_WITHIN, "found only {found:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn start(aws: &Aws, machine: &str) -> Result<String> {
    let call = aws.sfn().start_execution().state_machine_arn(machine);
    Ok(call.send().await?.execution_arn)
}

/// Given two rules for executions that were stopped or timed out, of which a function's policy admits one
/// When executions end so
/// Then the function is invoked with the constant input of that rule, once for each, and never by the other one.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_execution_invokes_what_admits_its_rule() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000090");
    let outputs = stack::deploy(&aws, "noted", &template(), &Values::new()).await?;
    let machine = outputs.get("Machine").context("no machine")?;
    let stopped = start(&aws, machine).await?;
    let call = aws.sfn().stop_execution().execution_arn(&stopped);
    call.send().await?;
    assert_eq!(wait_for(&aws, 1).await?, ["invoked by Admitted"]);

    let late = start(&aws, machine).await?;
    let input = json!({"executionArn": late});
    let operation = "AWSStepFunctions.TimeOutExecution";
    let _: Value = plain::json(&aws, "states", operation, &input).await?;
    let call = aws.sfn().describe_execution().execution_arn(&late);
    assert_eq!(call.send().await?.status.as_str(), "TIMED_OUT");
    assert_eq!(wait_for(&aws, 2).await?, ["invoked by Admitted"; 2]);
    Ok(())
}
