//! The ends of executions, and the codes that a job ends with.

use super::{Ran, Script};
use crate::common::{deployed, execute, held, let_go, on_a_stage, put, result};
use anyhow::Result;
use rehearsal::metrics::publish_errors;
use rehearsal::stage::{FIRST, Stage};
use serde_json::{Value, json};
use shared::Environment::Green;
use std::sync::Arc;

/// Puts a build into the repository, and has the script release it.
async fn release(stage: &Stage, name: &str, build: &str) -> Result<Ran> {
    put(stage, build).await?;
    Script::new(stage, name, &["--tag", build])
        .await?
        .run()
        .await
}

/// Given a good build
/// When a job releases it, and jobs ask for what is live, for what does not exist, and for a rollback
/// Then they end with 0, 3, 3 and 0, and say why.
#[test]
fn a_release_ends_with_0_and_what_is_skipped_or_refused_with_3() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let ran = release(&stage, "good", "v1.1.0").await?;
        // Nobody sends it requests.
        ran.assert(0, "released to green, without a verdict: ");
        assert!(ran.said.contains("/shop@sha256:"), "{}", ran.said);
        let skipped = release(&stage, "again", "v1.1.0").await?;
        skipped.assert(3, "nothing to release; sha256:");
        assert!(
            skipped.said.contains(" is live in green already"),
            "{}",
            skipped.said
        );
        let refused = Script::new(&stage, "none", &["--tag", "v9.9.9"])
            .await?
            .run()
            .await?;
        refused.assert(3, "ReleaseRefused: tag v9.9.9 does not exist");
        let rollback = ["--input", r#"{"action": "rollback"}"#];
        let back = Script::new(&stage, "back", &rollback).await?.run().await?;
        back.assert(0, "rolled back");
        Ok(())
    });
}

/// Given a build that fails its smoke test
/// When a job releases it
/// Then it ends with 1, and says what was expected and found.
#[test]
fn a_failure_before_the_flip_ends_with_1() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let ran = release(&stage, "bad", "v1.1.0-wrong-ping").await?;
        ran.assert(1, "customers never saw it. SmokeTestFailed: ");
        assert!(
            ran.said.contains("$.pong = true, found false"),
            "{}",
            ran.said
        );
        assert!(!ran.said.contains("flips traffic"), "{}", ran.said);
        Ok(())
    });
}

/// Given a build that fails its customers
/// When a job releases it
/// Then it ends with 2; and with 4 if flip may not flip back.
#[test]
fn a_rollback_ends_with_2_and_traffic_that_was_not_flipped_back_with_4() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        publish_errors(&stage, Green).await?;
        let ran = release(&stage, "bad", "v1.1.0").await?;
        ran.assert(2, "ReleaseRolledBack: ");
        assert!(
            ran.said
                .contains("s  sees that traffic is on the previous version\n"),
            "{}",
            ran.said
        );
        publish_errors(&stage, Green).await?;
        let denied = r#"{"errorType":"AccessDenied","errorMessage":"no ModifyRule"}"#;
        stage.fail_task("Flip back", "AccessDenied", denied).await?;
        let ran = release(&stage, "worse", "v1.2.0").await?;
        ran.assert(
            4,
            "TRAFFIC WAS NOT FLIPPED BACK: a person must look at once. FlipBackFailed: ",
        );
        let end = execute(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        Ok(())
    });
}

/// Given a release in progress, and a job that waits for it
/// When a newer request comes
/// Then the job ends with 5 once the first release has ended.
#[test]
fn a_request_that_a_newer_one_supersedes_ends_with_5() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let first = deployed(&stage, "v1.1.0").await?;
        put(&stage, "v1.2.0").await?;
        let waiting = Script::new(&stage, "older", &["--tag", "v1.2.0"])
            .await?
            .start()?;
        waiting.says("waits for the release in progress").await?;
        put(&stage, "v1.3.0").await?;
        let newer = Script::new(&stage, "newer", &["--tag", "v1.3.0"])
            .await?
            .start()?;
        newer.says("waits for the release in progress").await?;
        held(&stage).await?;
        let_go(&stage);
        let end = first.quiet_end().await?;
        assert_eq!(result(&end), "released", "{end:?}");
        waiting
            .end()
            .await?
            .assert(5, "nothing to release; superseded by a newer request");
        newer
            .end()
            .await?
            .assert(0, "released to blue, without a verdict: ");
        Ok(())
    });
}

/// A machine that goes through these states and stays in the last of them.
pub async fn machine(stage: &Stage, name: &str, states: &[&str]) -> Result<String> {
    let mut definition = json!({"StartAt": states[0], "States": {}});
    for (at, state) in states.iter().enumerate() {
        definition["States"][*state] = match states.get(at + 1) {
            Some(next) => json!({"Type": "Pass", "Next": next}),
            None => json!({"Type": "Wait", "Seconds": 3600, "End": true}),
        };
    }
    create(stage, name, &definition).await
}

/// Creates a machine, and returns its ARN.
pub async fn create(stage: &Stage, name: &str, definition: &Value) -> Result<String> {
    let call = stage.aws.sfn().create_state_machine().name(name);
    let role = format!("arn:aws:iam::{}:role/none", stage.aws.account);
    let call = call.definition(definition.to_string()).role_arn(role);
    Ok(call.send().await?.state_machine_arn)
}

/// A job on such a machine, which waits for two seconds.
async fn job(stage: &Stage, machine: &str) -> Result<Ran> {
    let request = ["--tag", FIRST, "--timeout", "2"];
    let script = Script::on(stage, machine, "r1", &request).await?;
    script.run().await
}

/// Given machines that stand in a state
/// When it waits for a person, when the script's patience ends, and when somebody stops the execution
/// Then the script ends with 6, with 7, and with 1 before a flip or 7 after it.
#[test]
fn a_person_who_is_waited_for_ends_with_6_and_what_nobody_knows_with_7() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let gate = machine(
            &stage,
            "gate",
            &["Detect environments", "Wait for approval"],
        )
        .await?;
        job(&stage, &gate).await?.assert(6, "waits for a person");
        let before = machine(&stage, "before", &["Deploy to idle environment"]).await?;
        let goes_on = "after 2 s it goes on; run this again to attach to it";
        job(&stage, &before).await?.assert(7, goes_on);
        stop(&stage, &before).await?;
        let stopped = "customers never saw it. ABORTED: why not";
        job(&stage, &before).await?.assert(1, stopped);
        let after = machine(&stage, "after", &["Flip traffic", "Watch"]).await?;
        job(&stage, &after).await?.assert(7, goes_on);
        stop(&stage, &after).await?;
        job(&stage, &after)
            .await?
            .assert(7, "what it had flipped is flipped back");
        Ok(())
    });
}

async fn stop(stage: &Stage, machine: &str) -> Result<()> {
    let execution = format!("{}:r1", machine.replace(":stateMachine:", ":execution:"));
    let call = stage.aws.sfn().stop_execution().execution_arn(execution);
    call.cause("why not").send().await?;
    Ok(())
}
