//! Every task of the machine delivered again, after its release has ended: nothing changes (I6).
//!
//! A task that is delivered again while its release is under way is what `faults` does by killing functions.

use crate::world::{push, settled, word};
use anyhow::{Context, Result, ensure};
use aws_sdk_lambda::primitives::Blob;
use boundary_tests::{on_the_local_aws, stage};
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::Green;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What each task of an execution answered, by the name of its state.
async fn answers(stage: &Stage, execution: &str) -> Result<BTreeMap<String, Value>> {
    let call = stage.aws.sfn().get_execution_history();
    let events = call
        .execution_arn(execution)
        .into_paginator()
        .items()
        .send();
    let exits = events.try_collect().await?;
    let exits = exits
        .iter()
        .filter_map(|event| event.state_exited_event_details());
    let answers = exits.filter_map(|exit| {
        let output = serde_json::from_str(exit.output()?).ok()?;
        Some((exit.name().to_owned(), output))
    });
    Ok(answers.collect())
}

/// The tasks of a good release as the machine delivers them: output of the stack, and payload.
fn tasks(
    answers: &BTreeMap<String, Value>,
    execution: &Value,
    request: &Value,
) -> Vec<(&'static str, Value)> {
    let (plan, id) = (&answers["Detect environments"]["plan"], &execution["id"]);
    let registered = &answers["Register task definition"]["taskDefinition"];
    let updated = &answers["Deploy to idle environment"];
    let (deployment, desired) = (&updated["deployment"], &updated["desired"]);
    vec![
        (
            "Detect",
            json!({"action": "detect", "request": request, "execution": execution}),
        ),
        ("Deploy", json!({"action": "register", "plan": plan})),
        (
            "Deploy",
            json!({"action": "update", "plan": plan, "taskDefinition": registered}),
        ),
        (
            "Deploy",
            json!({"action": "check", "plan": plan, "taskDefinition": registered,
            "deployment": deployment, "desired": desired}),
        ),
        (
            "Smoke",
            json!({"plan": plan, "targets": answers["Check deployment"]["targets"]}),
        ),
        (
            "Flip",
            json!({"action": "flip", "plan": plan, "execution": id}),
        ),
        (
            "EvaluateMetrics",
            json!({"action": "check-alarms", "plan": plan}),
        ),
        (
            "EvaluateMetrics",
            json!({"action": "judge", "plan": plan, "flippedAt": answers["Flip traffic"]["flippedAt"],
                "ignoredAlarms": []}),
        ),
        (
            "Detect",
            json!({"action": "finish", "execution": execution, "outcome": "stable", "reason": "again"}),
        ),
        (
            "Detect",
            json!({"action": "finish", "execution": execution, "outcome": "failed", "reason": "again"}),
        ),
    ]
}

async fn deliver(stage: &Stage, function: &str, payload: &Value) -> Result<Value> {
    let functions = stage.aws.lambda().list_functions().send().await?;
    let prefix = format!("{}-{function}", stage.service);
    let mut names = functions
        .functions()
        .iter()
        .filter_map(|it| it.function_name());
    let name = names
        .find(|it| it.starts_with(&prefix))
        .context("no such function")?;
    let call = stage.aws.lambda().invoke().function_name(name);
    let output = call.payload(Blob::new(payload.to_string())).send().await?;
    let answer = serde_json::from_slice(output.payload().context("no answer")?.as_ref())?;
    ensure!(
        output.function_error().is_none(),
        "{function} {payload}: {answer}"
    );
    Ok(answer)
}

/// Given a release that has ended
/// When every task of it is delivered twice again
/// Then rules, record, services and task definitions are what they were.
#[test]
fn a_task_that_is_delivered_again_changes_nothing() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let end = push(&stage, "v1.1.0").await?.quiet_end().await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let call = stage.aws.sfn().describe_execution();
        let started = call.execution_arn(&end.execution).send().await?;
        let request: Value = serde_json::from_str(started.input().unwrap_or_default())?;
        let at = chrono::DateTime::from_timestamp(started.start_date().secs(), 0);
        let execution = json!({"id": end.execution, "name": end.release(), "startTime": at});
        let answers = answers(&stage, &end.execution).await?;
        let before = (settled(&stage, Green).await?, stage.services().await?);
        for (function, payload) in tasks(&answers, &execution, &request) {
            for _ in 0..2 {
                deliver(&stage, function, &payload).await?;
                let after = (settled(&stage, Green).await?, stage.services().await?);
                assert_eq!(after.0.record, before.0.record, "{payload}");
                assert_eq!(
                    (&after.0.rules, &after.1),
                    (&before.0.rules, &before.1),
                    "{payload}"
                );
            }
        }
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}
