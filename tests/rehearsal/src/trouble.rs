//! Trouble of the whole site: the database that all versions share fails some of their orders.

use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use aws_sdk_ecs::types::{ContainerOverride, TaskOverride};
use shared::Environment;
use std::time::{Duration, Instant};

/// From here on, about every fourth order fails, on every version.
const BEGINS: &str = "CREATE TRIGGER trouble BEFORE INSERT ON orders WHEN abs(random()) % 4 = 0 \
    BEGIN SELECT RAISE(ABORT, 'too many connections'); END";

const ENDS: &str = "DROP TRIGGER trouble";

/// A task takes about a second, on a busy machine more.
const DONE_WITHIN: Duration = Duration::from_secs(120);

/// Begins the trouble.
///
/// # Errors
/// The database could not be changed.
pub(crate) async fn begin(stage: &Stage) -> Result<()> {
    change(stage, BEGINS).await
}

/// Ends it.
///
/// # Errors
/// The database could not be changed.
pub(crate) async fn end(stage: &Stage) -> Result<()> {
    change(stage, ENDS).await
}

/// Runs a task with the service's own image, as a person changes the database.
async fn change(stage: &Stage, sql: &str) -> Result<()> {
    let (cluster, _) = stage.service_names(Environment::Blue)?;
    let [blue, _] = stage.services().await?;
    let container = ContainerOverride::builder().name("api");
    let container = container.command("migrate").command(sql).build();
    let overrides = TaskOverride::builder().container_overrides(container);
    let call = stage.aws.ecs().run_task().cluster(cluster);
    let call = call.task_definition(blue.task_definition);
    let tasks = call.overrides(overrides.build()).send().await?.tasks;
    let task = tasks.into_iter().flatten().find_map(|task| task.task_arn);
    let task = task.context("ECS started no task")?;
    let began = Instant::now();
    loop {
        let call = stage.aws.ecs().describe_tasks().cluster(cluster);
        let found = call.tasks(&task).send().await?;
        let containers = found.tasks().iter().flat_map(|task| task.containers());
        let codes: Vec<i32> = containers.filter_map(|it| it.exit_code()).collect();
        if !codes.is_empty() {
            ensure!(codes == [0], "the database was not changed: {found:?}");
            return Ok(());
        }
        ensure!(began.elapsed() < DONE_WITHIN, "still there: {found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
