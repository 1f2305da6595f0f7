//! Every task of the machine delivered again, after its release has ended: nothing changes (I6).
//!
//! A task that is delivered again while its release is under way is what `faults` does by killing functions.

use crate::common::{on_a_stage, release, result, settled};
use anyhow::{Context, Result, ensure};
use rehearsal::aws::lambda::{function_names, invoke};
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
    let finish = |outcome: &str| json!({"action": "finish", "execution": execution, "outcome": outcome, "reason": "again"});
    let detect = json!({"action": "detect", "request": request, "execution": execution});
    let register = json!({"action": "register", "plan": plan});
    let update = json!({"action": "update", "plan": plan, "taskDefinition": registered});
    let check = json!({"action": "check", "plan": plan, "taskDefinition": registered,
        "deployment": deployment, "desired": desired});
    let smoke = json!({"plan": plan, "targets": answers["Check deployment"]["targets"]});
    let pass = json!({"action": "pass-smoke", "execution": execution, "release": execution["name"],
        "smoke": answers["Smoke test idle environment"], "taskDefinition": registered});
    let heed = json!({"action": "heed", "execution": execution, "release": execution["name"], "before": "flip",
        "share": 100, "ready": true, "since": null, "steps": 1});
    let flip = json!({"action": "flip", "plan": plan, "execution": id, "wanted": desired,
        "taskDefinition": registered});
    let check_alarms = json!({"action": "check-alarms", "plan": plan});
    let judge = json!({"action": "judge", "plan": plan,
        "flippedAt": answers["Flip traffic"]["flippedAt"], "ignoredAlarms": []});
    vec![
        ("Detect", detect),
        ("Deploy", register),
        ("Deploy", update),
        ("Deploy", check),
        ("Smoke", smoke),
        ("Detect", pass),
        ("Detect", heed),
        ("Flip", flip),
        ("EvaluateMetrics", check_alarms),
        ("EvaluateMetrics", judge),
        ("Detect", finish("stable")),
        ("Detect", finish("failed")),
    ]
}

async fn deliver(stage: &Stage, function: &str, payload: &Value) -> Result<()> {
    let prefix = format!("{}-{function}", stage.service);
    let mut names = function_names(&stage.aws).await?.into_iter();
    let name = names.find(|name| name.starts_with(&prefix));
    let name = name.context("no such function")?;
    let invocation = invoke(&stage.aws, &name, payload).await?;
    let answer = invocation.answer;
    ensure!(invocation.error.is_none(), "{function} {payload}: {answer}");
    Ok(())
}

/// Given a release that has ended
/// When every task of it is delivered twice again
/// Then rules, record, services and task definitions are what they were.
#[test]
fn a_task_that_is_delivered_again_changes_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
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
    });
}
