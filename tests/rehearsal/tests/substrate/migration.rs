//! A migration as a task of its own, beside the service that goes on.

use crate::shop::Shop;
use anyhow::{Context, Result, ensure};
use aws_sdk_ecs::types::{ContainerOverride, Task, TaskOverride};
use std::time::{Duration, Instant};

/// A task takes about a second, on a busy machine more.
const TIMEOUT: Duration = Duration::from_secs(120);

impl Shop {
    /// Runs a task with the service's image and `command`; its exit code and the lines of its log.
    pub async fn run(&self, command: &[&str]) -> Result<(i32, Vec<String>)> {
        let service = self.blue().await?;
        let container = ContainerOverride::builder().name("api");
        let container = command
            .iter()
            .fold(container, |builder, word| builder.command(*word));
        let overrides = TaskOverride::builder().container_overrides(container.build());
        let call = self.aws.ecs().run_task().cluster("shop-blue");
        let call = call.task_definition(service.task_definition().unwrap_or_default());
        let tasks = call.overrides(overrides.build()).send().await?.tasks;
        let task = tasks.into_iter().flatten().find_map(|task| task.task_arn);
        let task = task.context("no task")?;
        let ended = self.stopped(&task).await?;
        let container = ended.containers().first().context("no container")?;
        let code = container.exit_code().context("no exit code")?;
        Ok((code, self.log(&task).await?))
    }

    /// The log of a task, once it has two lines: it comes after the task's end.
    async fn log(&self, task: &str) -> Result<Vec<String>> {
        let logs = self.aws.logs();
        let groups = logs.describe_log_groups().send().await?.log_groups;
        let group = groups
            .into_iter()
            .flatten()
            .find_map(|group| group.log_group_name);
        let group = group.context("no log group")?;
        let id = task.rsplit('/').next().unwrap_or_default();
        let began = Instant::now();
        loop {
            let call = logs.get_log_events().log_group_name(&group);
            let call = call.log_stream_name(format!("api/api/{id}"));
            let events = call.send().await.ok().and_then(|output| output.events);
            let lines = events
                .into_iter()
                .flatten()
                .filter_map(|event| event.message);
            let lines: Vec<_> = lines.collect();
            if lines.len() >= 2 {
                return Ok(lines);
            }
            ensure!(began.elapsed() < TIMEOUT, "the log has only {lines:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn stopped(&self, arn: &str) -> Result<Task> {
        let began = Instant::now();
        loop {
            let call = self.aws.ecs().describe_tasks().cluster("shop-blue");
            let tasks = call.tasks(arn).send().await?.tasks.unwrap_or_default();
            let task = tasks.into_iter().next().context("no task")?;
            if task.last_status() == Some("STOPPED") {
                return Ok(task);
            }
            ensure!(began.elapsed() < TIMEOUT, "still there: {task:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
