//! What a CI job can cause: releases by its own machine, and nothing else.

use super::origin;
use crate::common::{execute, on_a_stage, put, release, result, settled};
use anyhow::{Context, Result, ensure};
use chrono::Utc;
use rehearsal::follow::{End, Follow};
use rehearsal::relay::image_action;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::{Value, json};
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// The end of an execution of CI's machine.
async fn job(stage: &Stage, name: &str, request: &Value) -> Result<End> {
    start(stage, "CiStateMachineArn", name, request).await
}

/// Starts a machine of the stack under a name, and waits for the end.
async fn start(stage: &Stage, machine: &str, name: &str, input: &Value) -> Result<End> {
    let sfn = stage.aws.sfn();
    let call = sfn.start_execution().name(name).input(input.to_string());
    let call = call.state_machine_arn(stage.output(machine)?);
    let started = call.send().await?.execution_arn;
    Follow::new(stage, started).quiet_end().await
}

/// The end of the release that a job has started.
async fn its_release(stage: &Stage, job: &End) -> Result<End> {
    let release = job.output["execution"].as_str();
    let release = release.with_context(|| format!("no release: {job:?}"))?;
    Follow::new(stage, release.to_owned()).quiet_end().await
}

/// Given an image that a CI job has pushed
/// When the job starts its release by CI's machine
/// Then the release has the job's name, and the record says that CI asked.
/// When a release of the name is there already, of the same request and of another one
/// Then the job finds the first one, and the other name is taken.
#[test]
fn a_job_releases_under_its_own_name_and_finds_that_release_again() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let request = json!({"tag": "v1.1.0", "by": "ada", "reason": "commit 1"});
        let end = its_release(&stage, &job(&stage, "commit-1", &request).await?).await?;
        ensure!(result(&end) == "released", "{end:?}");
        ensure!(end.execution.ends_with("-release:commit-1"), "{end:?}");
        let origin = origin(&stage).await?;
        let expect = json!({"request": "tag", "source": "ci", "by": "ada", "reason": "commit 1"});
        ensure!(origin == expect, "{origin}");

        let passed_on = json!({"action": "from-ci", "request": request});
        let first = start(&stage, "StateMachineArn", "commit-2", &passed_on).await?;
        let found = job(&stage, "commit-2", &request).await?;
        ensure!(found.output["execution"] == first.execution, "{found:?}");
        start(&stage, "StateMachineArn", "commit-3", &passed_on).await?;
        let taken = job(&stage, "commit-3", &json!({"tag": "v1.0.0"})).await?;
        ensure!(result(&taken) == "NameTaken", "{taken:?}");
        ensure!(taken.cause.contains("commit-3"), "{}", taken.cause);
        settled(&stage, Green).await.map(drop)
    });
}

/// What a job may not ask for.
fn words(stage: &Stage, release: &str, digest: &str) -> Vec<Value> {
    let of = |action: &str| json!({"action": action, "release": release, "reason": "to see"});
    let words = ["approve", "reject", "hold", "resume", "finish", "stop"];
    let mut words: Vec<_> = words.iter().map(|action| of(action)).collect();
    words.extend([
        json!({"action": "rollback", "reason": "to see"}),
        json!({"action": "freeze", "reason": "to see"}),
        json!({"action": "unfreeze", "reason": "to see"}),
        json!({"action": "sync"}),
        json!({"action": "contract"}),
        json!({"tag": "v1.2.0", "override": "to see"}),
        json!({"tag": "v1.2.0", "migration": {"command": ["migrate", "SELECT 1"]}}),
        json!({"action": "plan", "request": {"action": "rollback", "reason": "to see"}}),
        json!({"action": "from-ci", "request": {"tag": "v1.2.0"}}),
        image_action(stage, digest, Some("v1.2.0"), Utc::now()),
    ]);
    words
}

/// Given a release that could be flipped back
/// When a job asks for anything but a release
/// Then each is refused, and rules, record and services stay as they are; it may ask for a plan and for the status.
#[test]
fn a_job_can_release_and_nothing_else() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let live = release(&stage, "v1.1.0").await?;
        ensure!(result(&live) == "released", "{live:?}");
        let digest = put(&stage, "v1.2.0").await?;
        let (services, before) = (stage.services().await?, settled(&stage, Green).await?);
        let words = words(&stage, live.release(), &digest);
        for (number, request) in words.iter().enumerate() {
            let end = job(&stage, &format!("word-{number}"), request).await?;
            let end = its_release(&stage, &end).await?;
            let refused = ["ReleaseRefused", "DecisionRefused"].contains(&result(&end));
            ensure!(refused, "{request}: {end:?}");
            ensure!(end.cause.contains("CI"), "{request}: {}", end.cause);
        }
        ensure!(stage.services().await? == services);
        let after = State::read(&stage).await?;
        ensure!(after.record == before.record, "{:?}", after.record);
        let plan = json!({"action": "plan", "request": {"tag": "v1.2.0"}});
        let plan = its_release(&stage, &job(&stage, "plan", &plan).await?).await?;
        ensure!(result(&plan) == "planned: release", "{plan:?}");
        let status = job(&stage, "status", &json!({"action": "status"})).await?;
        let status = its_release(&stage, &status).await?;
        ensure!(status.output["active"] == "green", "{status:?}");
        let back = json!({"action": "rollback", "reason": "a person may"});
        let end = execute(&stage, back).await?;
        ensure!(result(&end) == "rolled back", "{end:?}");
        settled(&stage, Blue).await.map(drop)
    });
}
