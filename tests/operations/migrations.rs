//! Migrations that go wrong, and contracts: nobody's traffic moves, and nothing comes back that no longer fits.

use crate::world::{goes_off, live, settled, word};
use crate::{ask, put};
use anyhow::{Context, Result};
use boundary_tests::{on_the_local_aws, stage_with};
use rehearsal::follow::Follow;
use rehearsal::relay;
use rehearsal::stage::Stage;
use rehearsal::stories::{CONTRACT, EXPAND};
use serde_json::{Value, json};
use shared::Environment::Blue;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So that a contract follows the next release.
const SOON: (&str, &str) = ("StableReleasesBeforeContract", "1");

fn release(tag: &str, command: &[&str]) -> Value {
    json!({"tag": tag, "migration": {"command": command}})
}

fn told(story: Result<()>) {
    story.expect("a story");
}

/// Given a migration that fails
/// When its release is made
/// Then it fails before anything is deployed, telling the exit code and the last words.
#[test]
fn a_migration_that_fails_fails_its_release_before_anything_is_deployed() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        put(&stage, "v2.0.0").await?;
        let before = stage.services().await?;
        let end = ask(
            &stage,
            release(
                "v2.0.0",
                &["migrate", "ALTER TABLE orders DROP COLUMN price"],
            ),
        )
        .await?;
        assert_eq!(word(&end), "MigrationFailed", "{end:?}");
        for part in ["api exited with 1", "no such column"] {
            assert!(end.cause.contains(part), "{}", end.cause);
        }
        assert_eq!(stage.services().await?, before);
        assert_eq!(live(&stage).await?, "v1.0.0");
        settled(&stage, Blue).await.map(drop)
    };
    told(on_the_local_aws(async {
        story(stage_with(&[]).await).await
    }));
}

/// Given a migration that hangs
/// When it takes longer than it may
/// Then it is stopped, and its release fails saying so.
#[test]
fn a_migration_that_hangs_is_stopped() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        put(&stage, "v2.0.0").await?;
        let began = Instant::now();
        let end = ask(&stage, release("v2.0.0", &["sleep", "600"])).await?;
        assert_eq!(word(&end), "MigrationFailed", "{end:?}");
        assert!(
            end.cause.contains("it did not end in time and was stopped"),
            "{}",
            end.cause
        );
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{:?}",
            began.elapsed()
        );
        settled(&stage, Blue).await?;
        none_sleeps(&stage).await
    };
    let short = [("MigrationTimeoutSeconds", "10")];
    told(on_the_local_aws(async {
        story(stage_with(&short).await).await
    }));
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
        anyhow::ensure!(began.elapsed() < Duration::from_secs(15), "{left:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Given a stack with a standing command
/// When an image is pushed
/// Then the command runs with it.
#[test]
fn a_standing_command_runs_with_every_push() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let push = Follow::new(&stage, relay::push(&stage, "v2.0.0").await?);
        let end = push.quiet_end().await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let log = &end.output["migration"]["log"];
        assert!(log.to_string().contains("note TEXT"), "{log}");
        Ok(())
    };
    let command = json!(["migrate", EXPAND]).to_string();
    let standing = [("MigrationCommand", command.as_str())];
    told(on_the_local_aws(async {
        story(stage_with(&standing).await).await
    }));
}

/// Given a schema that was expanded, and one stable release since
/// When the contract fails, and is asked for again
/// Then an alarm is refused from the first one's beginning on, the second does its work, and after the next release the
/// way back is open again.
#[test]
fn after_a_contract_nothing_older_comes_back() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        put(&stage, "v2.0.0").await?;
        let end = ask(&stage, release("v2.0.0", &["migrate", EXPAND])).await?;
        assert_eq!(word(&end), "released", "{end:?}");
        put(&stage, "v3.0.0").await?;
        let end = ask(&stage, json!({"tag": "v3.0.0"})).await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let contract =
            |sql: &str| json!({"action": "contract", "command": ["migrate", sql], "sql": sql});
        let end = ask(&stage, contract("ALTER TABLE orders DROP COLUMN price")).await?;
        assert_eq!(word(&end), "MigrationFailed", "{end:?}");
        assert_eq!(goes_off(&stage, Blue).await?, "FlipBackRefused");
        let end = ask(&stage, contract(CONTRACT)).await?;
        assert_eq!(word(&end), "contracted", "{end:?}");
        let back = json!({"action": "rollback", "reason": "to see"});
        let end = ask(&stage, back.clone()).await?;
        assert_eq!(word(&end), "RollbackRefused", "{end:?}");
        assert!(
            end.cause.contains("contract ") && end.cause.contains(" began at "),
            "{}",
            end.cause
        );
        let plan = crate::plan(&stage, back.clone()).await?;
        assert_eq!(plan["flipBack"]["possible"], false, "{plan}");
        assert_eq!(plan["contract"]["ended"], "done", "{plan}");
        let state = settled(&stage, Blue).await?;
        assert!(state.record.contract.context("a contract")?.ended.is_some());
        put(&stage, "v3.1.0").await?;
        let end = ask(&stage, json!({"tag": "v3.1.0"})).await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let end = ask(&stage, back).await?;
        assert_eq!(word(&end), "rolled back", "{end:?}");
        settled(&stage, Blue).await.map(drop)
    };
    told(on_the_local_aws(async {
        story(stage_with(&[SOON]).await).await
    }));
}
