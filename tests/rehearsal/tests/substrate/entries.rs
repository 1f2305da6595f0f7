//! What EventBridge accepts, of a call and of a task.

use crate::NO_FUNCTIONS;
use crate::deliveries::{DELIVERED_WITHIN, entry, put, received, template};
use anyhow::{Context, Result, ensure};
use rehearsal::aws::Aws;
use rehearsal::server::Server;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Given entries of which two lack something
/// When a call puts them, and when a task does
/// Then the call is answered with a failure of these two, and the task fails; what a task puts names its execution.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_not_accepted_is_a_failure() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000093");
    let good = entry(&json!({"what": "done", "who": "me"}));
    let mut typeless = good.clone();
    typeless["DetailType"] = json!("");
    let broken = json!({"Source": "test", "DetailType": "Test", "Detail": "[]"});
    let answer = put(&aws, json!([typeless, good, broken])).await?;
    assert_eq!(answer["FailedEntryCount"], 2, "{answer}");
    let codes = ["InvalidArgument", "", "MalformedDetail"];
    for (entry, code) in answer["Entries"]
        .as_array()
        .context("entries")?
        .iter()
        .zip(codes)
    {
        assert_eq!(
            entry["ErrorCode"].as_str().unwrap_or_default(),
            code,
            "{answer}"
        );
    }

    let outputs = stack::deploy(&aws, "told", &template(), &Values::new()).await?;
    let told = json!({"Source": "test", "DetailType": "Test", "Detail": {"what": "{% 'done' %}", "who": "me"}});
    let (machine, execution) = ran(&aws, "good", &json!([told])).await?;
    let text = received(&aws, outputs.get("Dead").context("an output")?, 1).await?;
    let dead: Value = serde_json::from_str(&text[0])?;
    assert_eq!(dead["resources"], json!([execution, machine]));
    let (_, execution) = ran(
        &aws,
        "bad",
        &json!([told, {"Source": "test", "DetailType": "Test", "Detail": []}]),
    )
    .await?;
    let call = aws.sfn().describe_execution().execution_arn(execution);
    assert_eq!(call.send().await?.error(), Some("EventBridge.FailedEntry"));
    Ok(())
}

/// Given no entry, eleven, and two that are of more than 256 KB together
/// When a call puts them
/// Then it is refused as a whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_too_much_is_refused() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000095");
    let of = |bytes: usize| entry(&json!({"what": "x".repeat(bytes)}));
    for entries in [vec![], vec![of(1); 11], vec![of(131_072); 2]] {
        let refused = put(&aws, json!(entries)).await;
        let refused = format!("{:#}", refused.expect_err("no answer"));
        ensure!(refused.contains("ValidationException"), "{refused}");
    }
    let answer = put(&aws, json!([of(131_072), of(130_000)])).await?;
    assert_eq!(answer["FailedEntryCount"], 0, "{answer}");
    Ok(())
}

/// A machine of one task that puts these entries, and whose output says so; its execution, which has ended.
async fn ran(aws: &Aws, name: &str, entries: &Value) -> Result<(String, String)> {
    let resource = "arn:aws:states:::events:putEvents";
    let told = json!({"Type": "Task", "Resource": resource, "Arguments": {"Entries": entries}, "Next": "Done"});
    let done =
        json!({"Type": "Succeed", "Output": {"failed": "{% $states.input.FailedEntryCount %}"}});
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "Tell", "States": {"Tell": told, "Done": done}});
    let call = aws.sfn().create_state_machine().name(name);
    let call = call.role_arn("arn:aws:iam::123456789012:role/any");
    let machine = call
        .definition(definition.to_string())
        .send()
        .await?
        .state_machine_arn;
    let call = aws.sfn().start_execution().state_machine_arn(&machine);
    let execution = call.send().await?.execution_arn;
    let began = Instant::now();
    loop {
        let call = aws.sfn().describe_execution().execution_arn(&execution);
        let found = call.send().await?;
        match found.status.as_str() {
            "RUNNING" => ensure!(began.elapsed() < DELIVERED_WITHIN, "it still runs"),
            "SUCCEEDED" => {
                assert_eq!(found.output(), Some(r#"{"failed": 0}"#));
                return Ok((machine, execution));
            }
            _ => return Ok((machine, execution)),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
