//! Events that EventBridge and Step Functions deliver to a function by themselves, and what Lambda tells of its end.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result, ensure};
use rehearsal::aws::{Aws, lambda, plain};
use rehearsal::server::Server;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A function is invoked within a second, on a busy machine later.
const INVOKED_WITHIN: Duration = Duration::from_secs(120);

/// Two rules for the end of an execution, each with an input of its own. The function's policy admits the first one.
fn template() -> Value {
    let role = "arn:aws:iam::123456789012:role/any";
    let code = "def handler(event, context):\n    print('invoked by', event['rule'])\n    return {'decision': 'done'}\n";
    let function = json!({"FunctionName": "noted", "Runtime": "python3.12", "Handler": "index.handler",
        "Role": role, "Code": {"ZipFile": code}, "TracingConfig": {"Mode": "Active"}});
    let machine = json!({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 300, "End": true}}});
    let pattern = json!({"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["TIMED_OUT", "ABORTED"], "stateMachineArn": [{"Ref": "Machine"}]}});
    let told = json!({"detail-type": ["Lambda Function Invocation Result - Success"],
        "detail": {"responsePayload": {"decision": ["done"]}}});
    let bus = "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default";
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
            "Told": {"Type": "AWS::SQS::Queue"},
            "Tells": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": told, "Targets": [
                {"Id": "told", "Arn": {"Fn::GetAtt": ["Told", "Arn"]}}]}},
            "Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Told"}], "PolicyDocument":
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*",
                    "Principal": {"Service": "events.amazonaws.com"}}]}}},
            "Destination": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {
                "FunctionName": {"Ref": "Function"}, "Qualifier": "$LATEST", "DestinationConfig": {
                    "OnSuccess": {"Destination": {"Fn::Sub": bus}}}}},
        },
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"}}, "Told": {"Value": {"Ref": "Told"}}},
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

/// Given a function whose on-success destination is the event bus
/// When an event invokes it, and when somebody waits for its answer
/// Then a rule gets the answer of the first one, with its request, and nothing of the other.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_invoked_tells_its_success() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000094");
    let outputs = stack::deploy(&aws, "noted", &template(), &Values::new()).await?;
    lambda::invoke(&aws, "noted", &json!({"rule": "me"})).await?;
    lambda::invoke_event(&aws, "noted", &json!({"rule": "an event"})).await?;
    wait_for(&aws, 2).await?;
    let began = Instant::now();
    let told = loop {
        let input = json!({"QueueUrl": outputs.get("Told").context("no queue")?, "MaxNumberOfMessages": 10});
        let answer: Value = plain::json(&aws, "sqs", "AmazonSQS.ReceiveMessage", &input).await?;
        if let Some(messages) = answer["Messages"].as_array().filter(|all| !all.is_empty()) {
            assert_eq!(messages.len(), 1, "{answer}");
            break messages[0]["Body"].as_str().context("a body")?.to_owned();
        }
        ensure!(began.elapsed() < INVOKED_WITHIN, "nothing was told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let told: Value = serde_json::from_str(&told)?;
    assert_eq!(told["source"], "lambda");
    let detail = &told["detail"];
    assert_eq!(detail["requestPayload"], json!({"rule": "an event"}));
    assert_eq!(detail["responsePayload"], json!({"decision": "done"}));
    let function = detail["requestContext"]["functionArn"].as_str();
    assert!(
        function.is_some_and(|arn| arn.ends_with(":function:noted:$LATEST")),
        "{told}"
    );
    Ok(())
}
