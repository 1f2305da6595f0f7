//! Migrations that go wrong, and contracts: nobody's traffic moves, and nothing is flipped back to what no longer
//! fits the schema.

use crate::common::{
    COMMANDS_IN_REQUESTS, execute, go_off, live, on_a_stage, preview, put, result, settled,
};
use anyhow::{Context, Result};
use rehearsal::run::{CONTRACT, EXPAND};
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::Blue;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A task that is stopped ends within seconds, on a busy machine later.
const STOPPED_WITHIN: Duration = Duration::from_secs(120);

/// So that a contract follows the next release.
const SOON: (&str, &str) = ("StableReleasesBeforeContract", "1");

fn release(tag: &str, command: &[&str]) -> Value {
    json!({"tag": tag, "migration": {"command": command}})
}

/// Given a migration that fails
/// When its release is made
/// Then it fails before anything is deployed: the cause has the exit code and says where the log is, whose last lines stay
/// in the history.
#[test]
fn a_migration_that_fails_fails_its_release_before_anything_is_deployed() {
    on_a_stage(&[COMMANDS_IN_REQUESTS], async |stage: Arc<Stage>| {
        put(&stage, "v2.0.0").await?;
        let before = stage.services().await?;
        let command = ["migrate", "ALTER TABLE orders DROP COLUMN price"];
        let end = execute(&stage, release("v2.0.0", &command)).await?;
        assert_eq!(result(&end), "MigrationFailed", "{end:?}");
        for part in ["`migrate`: api exited with 1", "its log: group "] {
            assert!(end.cause.contains(part), "{}", end.cause);
        }
        for hidden in ["no such column", "DROP COLUMN"] {
            assert!(!end.cause.contains(hidden), "{}", end.cause);
        }
        assert_eq!(stage.services().await?, before);
        assert_eq!(live(&stage).await?, "v1.0.0");
        settled(&stage, Blue).await.map(drop)
    });
}

/// Given a migration that hangs
/// When it takes longer than it may
/// Then it is stopped, and its release fails saying so.
#[test]
fn a_migration_that_hangs_is_stopped() {
    let short = [COMMANDS_IN_REQUESTS, ("MigrationTimeoutSeconds", "10")];
    on_a_stage(&short, async |stage: Arc<Stage>| {
        put(&stage, "v2.0.0").await?;
        // It would sleep for longer than anybody waits here.
        let end = execute(&stage, release("v2.0.0", &["sleep", "86400"])).await?;
        assert_eq!(result(&end), "MigrationFailed", "{end:?}");
        assert!(
            end.cause.contains("it did not end in time and was stopped"),
            "{}",
            end.cause
        );
        settled(&stage, Blue).await?;
        none_sleeps(&stage).await
    });
}

/// The task of the migration is gone; what is left in the cluster belongs to the service.
async fn none_sleeps(stage: &Stage) -> Result<()> {
    let (ecs, began) = (stage.aws.ecs(), Instant::now());
    loop {
        let list = ecs.list_tasks().cluster("shop-env-green").send().await?;
        let tasks = ecs.describe_tasks().cluster("shop-env-green");
        let tasks = tasks
            .set_tasks(Some(list.task_arns().to_vec()))
            .send()
            .await?;
        let ours = |it: &&aws_sdk_ecs::types::Task| {
            it.group()
                .is_none_or(|group| !group.starts_with("service:"))
        };
        let left: Vec<_> = tasks.tasks().iter().filter(ours).collect();
        if left.is_empty() {
            return Ok(());
        }
        anyhow::ensure!(began.elapsed() < STOPPED_WITHIN, "{left:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Given a stack with a standing command
/// When an image is pushed
/// Then the command runs with it.
#[test]
fn a_standing_command_runs_with_every_push() {
    let command = json!(["migrate", EXPAND]).to_string();
    let standing = [("MigrationCommand", command.as_str())];
    on_a_stage(&standing, async |stage: Arc<Stage>| {
        let end = crate::common::release(&stage, "v2.0.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let log = &end.output["migration"]["log"];
        assert!(log.to_string().contains("note TEXT"), "{log}");
        Ok(())
    });
}

/// The contract's SQL holds more than its command does: a lock, which its end warns of.
async fn contracted_with_a_warning(stage: &Stage, mut contract: Value) -> Result<()> {
    contract["sql"] = json!(format!("{CONTRACT}; REINDEX orders"));
    let end = execute(stage, contract).await?;
    assert_eq!(result(&end), "contracted", "{end:?}");
    let warnings = end.output["warnings"].to_string();
    let expect = "migration-locks: line 1: lock[block-writes]: REINDEX orders";
    assert!(warnings.contains(expect), "{warnings}");
    Ok(())
}

/// Given a schema that was expanded, and one stable release since
/// When the contract fails, and is requested again
/// Then an alarm is refused from the first one's beginning on, the second does its work, and after the next
/// release a flip back is possible again.
#[test]
fn after_a_contract_nothing_is_flipped_back_to_what_is_older() {
    on_a_stage(&[COMMANDS_IN_REQUESTS, SOON], async |stage: Arc<Stage>| {
        put(&stage, "v2.0.0").await?;
        let end = execute(&stage, release("v2.0.0", &["migrate", EXPAND])).await?;
        assert_eq!(result(&end), "released", "{end:?}");
        put(&stage, "v3.0.0").await?;
        let end = execute(&stage, json!({"tag": "v3.0.0"})).await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let contract =
            |sql: &str| json!({"action": "contract", "command": ["migrate", sql], "sql": sql});
        let end = execute(&stage, contract("ALTER TABLE orders DROP COLUMN price")).await?;
        assert_eq!(result(&end), "MigrationFailed", "{end:?}");
        assert_eq!(go_off(&stage, Blue).await?, "FlipBackRefused");
        contracted_with_a_warning(&stage, contract(CONTRACT)).await?;
        let back = json!({"action": "rollback", "reason": "to see"});
        let end = execute(&stage, back.clone()).await?;
        assert_eq!(result(&end), "RollbackRefused", "{end:?}");
        assert!(
            end.cause.contains("contract ") && end.cause.contains(" began at "),
            "{}",
            end.cause
        );
        let plan = preview(&stage, back.clone()).await?;
        assert_eq!(plan["flipBack"]["possible"], false, "{plan}");
        assert_eq!(plan["contract"]["ended"], "done", "{plan}");
        let state = settled(&stage, Blue).await?;
        assert!(state.record.contract.context("a contract")?.ended.is_some());
        put(&stage, "v3.1.0").await?;
        let end = execute(&stage, json!({"tag": "v3.1.0"})).await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let end = execute(&stage, back).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        settled(&stage, Blue).await.map(drop)
    });
}
