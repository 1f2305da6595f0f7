//! How a migration's one-off task ended: its exit code decides, and its last words say why.

use crate::handler::{Answer, Deploy};
use crate::rollout::described;
use aws_sdk_ecs::types::{ContainerDefinition, DesiredStatus, LogDriver, Task};
use shared::lambda::Reason;
use shared::{Error, Migration, excerpt};

/// Lines of the log that a cause holds.
const LINES: i32 = 10;

/// What a task's state means for the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Passed,
    Failed(String),
    /// It is still at work, although nobody waits for it any more.
    Running,
}

impl Deploy {
    /// Looks at the task of a migration, which Step Functions has run; `error` is what it said where it did not see
    /// the task end well. Reading it again gives the same answer.
    pub async fn migration(
        &self,
        migration: &Migration,
        task_definition: &str,
        error: Option<&Reason>,
    ) -> Result<Answer, Error> {
        let tasks = self.tasks_of(migration, task_definition).await?;
        let ends = tasks.iter().map(|task| ended(task, &migration.container));
        let ends: Vec<Ended> = ends.collect();
        if error.is_none() && (ends.is_empty() || ends.contains(&Ended::Running)) {
            // Step Functions has seen the end, and what ECS tells is behind: worth another look.
            let behind = "ECS does not tell yet how the migration's task ended";
            return Err(Error::AwsUnavailable(behind.to_owned()));
        }
        let both = tasks.iter().zip(&ends);
        for (task, _) in both.filter(|(_, end)| **end == Ended::Running) {
            self.stop(migration, task).await?;
        }
        let log = match tasks.last() {
            Some(task) => self.last_lines(migration, task_definition, task).await,
            None => Vec::new(),
        };
        let command = excerpt(&migration.command.join(" "));
        let failure = failure(&ends, error);
        Ok(Answer::Migrated {
            passed: failure.is_none(),
            reason: match failure {
                None => format!("`{command}` exited with 0"),
                Some(why) => format!("`{command}`: {why}; last lines: {}", log.join(" | ")),
            },
            log,
        })
    }

    /// ECS cannot be asked for the tasks of a group, so the family's are read.
    async fn tasks_of(&self, migration: &Migration, revision: &str) -> Result<Vec<Task>, Error> {
        let family = revision
            .rsplit('/')
            .next()
            .and_then(|it| it.split(':').next());
        let mut arns = Vec::new();
        for status in [DesiredStatus::Running, DesiredStatus::Stopped] {
            let list = self.ecs.list_tasks().cluster(&migration.cluster);
            let list = list
                .family(family.unwrap_or_default())
                .desired_status(status);
            let mut pages = list.into_paginator().items().send();
            while let Some(arn) = pages.next().await {
                arns.push(arn.map_err(|e| Error::from_sdk("ecs:ListTasks", e))?);
            }
        }
        let mut tasks = described(&self.ecs, &migration.cluster, &arns).await?;
        tasks.retain(|task| task.group() == Some(migration.group.as_str()));
        Ok(tasks)
    }

    async fn stop(&self, migration: &Migration, task: &Task) -> Result<(), Error> {
        let call = self.ecs.stop_task().cluster(&migration.cluster);
        let call = call.set_task(task.task_arn.clone());
        let call = call.reason("its migration took longer than MigrationTimeoutSeconds");
        call.send()
            .await
            .map(|_| ())
            .map_err(|e| Error::from_sdk("ecs:StopTask", e))
    }

    /// The end of the task's log; where it cannot be read, why.
    async fn last_lines(&self, migration: &Migration, revision: &str, task: &Task) -> Vec<String> {
        let stream = match self.describe(revision).await {
            Ok((definition, _)) => {
                let containers = definition.container_definitions().iter();
                let mut ours =
                    containers.filter(|it| it.name() == Some(migration.container.as_str()));
                ours.next().and_then(|it| stream(it, task))
            }
            Err(error) => return vec![format!("(the log could not be found: {error})")],
        };
        let Some((group, stream)) = stream else {
            return vec!["(the container does not log to CloudWatch)".to_owned()];
        };
        let call = self
            .logs
            .get_log_events()
            .log_group_name(group)
            .log_stream_name(stream);
        match call.limit(LINES).send().await {
            Ok(events) => {
                let lines = events.events().iter().filter_map(|it| it.message());
                lines.map(excerpt).collect()
            }
            Err(error) => {
                let error = Error::from_sdk("logs:GetLogEvents", error);
                vec![format!("(the log could not be read: {error})")]
            }
        }
    }
}

/// Decides by the released container: what runs beside it is ended with it, in whatever way.
pub fn ended(task: &Task, container: &str) -> Ended {
    if task.last_status() != Some("STOPPED") {
        return Ended::Running;
    }
    let mut ours = task
        .containers()
        .iter()
        .filter(|it| it.name() == Some(container));
    match ours.next().and_then(|it| it.exit_code()) {
        Some(0) => Ended::Passed,
        Some(code) => Ended::Failed(format!("{container} exited with {code}")),
        None => {
            let reason = task.stopped_reason().unwrap_or("no reason given");
            Ended::Failed(format!("{container} did not run: {reason}"))
        }
    }
}

/// Why the migration has not passed, if it has not; `error` is what Step Functions said where it did not see a good end.
fn failure(ends: &[Ended], error: Option<&Reason>) -> Option<String> {
    let said = || excerpt(&error.map_or_else(String::new, ToString::to_string));
    if ends.is_empty() {
        return Some(format!("ECS ran no task for it: {}", said()));
    }
    let bad = ends.iter().find(|it| **it != Ended::Passed)?;
    Some(match bad {
        Ended::Failed(reason) => reason.clone(),
        Ended::Running => format!("it did not end in time and was stopped: {}", said()),
        Ended::Passed => return None,
    })
}

/// Where the log driver writes: `PREFIX/CONTAINER/TASK` (ECS developer guide, awslogs-stream-prefix).
fn stream(container: &ContainerDefinition, task: &Task) -> Option<(String, String)> {
    let logs = container.log_configuration()?;
    let options = logs
        .options()
        .filter(|_| *logs.log_driver() == LogDriver::Awslogs)?;
    let (group, prefix) = (
        options.get("awslogs-group")?,
        options.get("awslogs-stream-prefix")?,
    );
    let id = task.task_arn()?.rsplit('/').next()?;
    Some((
        group.clone(),
        format!("{prefix}/{}/{id}", container.name()?),
    ))
}

#[cfg(test)]
#[path = "migration_tests.rs"]
mod tests;
