//! How a migration's one-off task ended: its exit code decides. Its last log lines may hold what the database answered, so
//! they stand in the answer and in the execution's history only; a reason, which goes into notices, says where the log is.

use crate::answer::Answer;
use crate::hidden::Hidden;
use aws_sdk_cloudwatchlogs::Client as Logs;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{ContainerDefinition, DesiredStatus, LogDriver, Task};
use shared::ecs::{
    TasksOf, describe_tagged_revision, describe_task_definition, describe_tasks, list_tasks,
};
use shared::{Error, FailureReason, MigrationTask, Refusal, excerpt};

/// Log lines that an answer holds.
const LINES: i32 = 10;

/// What a task's state means for the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TaskOutcome {
    Passed,
    Failed(String),
    /// It is still at work.
    Running,
}

/// Where a container's log is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Log {
    group: String,
    stream: String,
}

/// Looks at the task of a migration, which Step Functions has run. Where Step Functions did not see the task end well,
/// `error` is what it caught; a task that still runs is stopped then. Looking again gives the same answer.
pub(crate) async fn check_migration(
    ecs: &Client,
    logs: &Logs,
    migration: &MigrationTask,
    task_definition: &str,
    error: Option<&FailureReason>,
) -> Result<Answer, Error> {
    let tasks = tasks_of(ecs, migration, task_definition).await?;
    let outcome = |task| task_outcome(task, &migration.container);
    let outcomes: Vec<TaskOutcome> = tasks.iter().map(outcome).collect();
    if error.is_none() && (outcomes.is_empty() || outcomes.contains(&TaskOutcome::Running)) {
        // Step Functions has seen the end, and ECS is behind: worth another look.
        let behind = "ECS does not say yet how the migration's task ended";
        return Err(Error::AwsUnavailable(behind.to_owned()));
    }
    for (task, outcome) in tasks.iter().zip(&outcomes) {
        if *outcome == TaskOutcome::Running {
            stop(ecs, migration, task).await?;
        }
    }
    let (place, log) = match tasks.last() {
        Some(task) => {
            let place = log_of(ecs, migration, task_definition, task).await;
            let lines = last_lines(logs, &place).await;
            let place = format!("; {}", where_it_is(&place));
            (
                place,
                lines.unwrap_or_else(|why| vec![excerpt(&format!("({why})"))]),
            )
        }
        None => (String::new(), Vec::new()),
    };
    let program = program(&migration.command);
    let result = all_passed(&outcomes, error);
    Ok(Answer::Migrated {
        passed: result.is_ok(),
        reason: match result {
            Ok(()) => format!("`{program}` exited with 0"),
            Err(why) => format!("`{program}`: {why}{place}"),
        },
        log,
    })
}

/// The command without its arguments, which may hold a password.
fn program(command: &[String]) -> String {
    let first = command.iter().find_map(|it| it.split_whitespace().next());
    excerpt(first.unwrap_or_default())
}

/// ECS does not list tasks by their group, so the family's are read.
async fn tasks_of(
    ecs: &Client,
    migration: &MigrationTask,
    task_definition: &str,
) -> Result<Vec<Task>, Error> {
    let revision = task_definition.rsplit('/').next().unwrap_or_default();
    let family = revision.split(':').next().unwrap_or_default();
    let mut arns = Vec::new();
    for status in [DesiredStatus::Running, DesiredStatus::Stopped] {
        let tasks = TasksOf::Family(family);
        arns.extend(list_tasks(ecs, &migration.cluster, tasks, status).await?);
    }
    let mut tasks = describe_tasks(ecs, &migration.cluster, &arns).await?;
    tasks.retain(|task| task.group() == Some(migration.group.as_str()));
    let did_not_run = |task: &Task| task.containers().iter().any(|it| it.exit_code().is_none());
    if tasks.iter().any(did_not_run) {
        // ECS quotes what it could not start a container with.
        let revision = describe_tagged_revision(ecs, task_definition).await?;
        let hidden = Hidden::of(&revision.content);
        tasks.iter_mut().for_each(|task| hidden.mask_task(task));
    }
    Ok(tasks)
}

async fn stop(ecs: &Client, migration: &MigrationTask, task: &Task) -> Result<(), Error> {
    ecs.stop_task()
        .cluster(&migration.cluster)
        .set_task(task.task_arn.clone())
        .reason("its migration took longer than MigrationTimeoutSeconds")
        .send()
        .await
        .map_err(|e| Error::from_sdk("ecs:StopTask", e))?;
    Ok(())
}

/// The log that the released container writes, or why it is not known.
async fn log_of(
    ecs: &Client,
    migration: &MigrationTask,
    task_definition: &str,
    task: &Task,
) -> Result<Log, String> {
    let definition = describe_task_definition(ecs, task_definition).await;
    let definition = definition.map_err(|error| format!("the log could not be found: {error}"))?;
    let mut containers = definition.container_definitions().iter();
    let name = Some(migration.container.as_str());
    let released = containers.find(|container| container.name() == name);
    let log = released.and_then(|container| log_stream(container, task));
    log.ok_or_else(|| "the container does not log to CloudWatch".to_owned())
}

fn where_it_is(log: &Result<Log, String>) -> String {
    match log {
        Ok(Log { group, stream }) => excerpt(&format!("its log: group {group}, stream {stream}")),
        Err(why) => excerpt(why),
    }
}

/// The end of the log, or why it cannot be read.
async fn last_lines(logs: &Logs, log: &Result<Log, String>) -> Result<Vec<String>, String> {
    let Log { group, stream } = log.as_ref()?;
    let output = logs
        .get_log_events()
        .log_group_name(group)
        .log_stream_name(stream)
        .limit(LINES)
        .send()
        .await
        .map_err(|error| Error::from_sdk("logs:GetLogEvents", error))
        .map_err(|error| format!("the log could not be read: {error}"))?;
    let lines = output.events().iter().filter_map(|event| event.message());
    Ok(lines.map(excerpt).collect())
}

/// Decides by the released container: what runs beside it ends with it, in whatever way.
fn task_outcome(task: &Task, container: &str) -> TaskOutcome {
    if task.last_status() != Some("STOPPED") {
        return TaskOutcome::Running;
    }
    let mut containers = task.containers().iter();
    let released = containers.find(|running| running.name() == Some(container));
    match released.and_then(|released| released.exit_code()) {
        Some(0) => TaskOutcome::Passed,
        Some(code) => TaskOutcome::Failed(format!("{container} exited with {code}")),
        None => {
            let reason = task.stopped_reason().unwrap_or("no reason given");
            TaskOutcome::Failed(format!("{container} did not run: {}", excerpt(reason)))
        }
    }
}

/// Whether the migration has passed, and why not; `error` is what Step Functions caught.
fn all_passed(outcomes: &[TaskOutcome], error: Option<&FailureReason>) -> Result<(), Refusal> {
    let caught = excerpt(&error.map_or_else(String::new, ToString::to_string));
    if outcomes.is_empty() {
        return Err(format!("ECS ran no task for it: {caught}").into());
    }
    outcomes.iter().try_for_each(|outcome| match outcome {
        TaskOutcome::Passed => Ok(()),
        TaskOutcome::Failed(reason) => Err(reason.as_str().into()),
        TaskOutcome::Running => {
            Err(format!("it did not end in time and was stopped: {caught}").into())
        }
    })
}

/// Group and stream that the log driver writes: the stream is `PREFIX/CONTAINER/TASK` (ECS developer guide,
/// awslogs-stream-prefix).
fn log_stream(container: &ContainerDefinition, task: &Task) -> Option<Log> {
    let logs = container.log_configuration()?;
    if *logs.log_driver() != LogDriver::Awslogs {
        return None;
    }
    let options = logs.options()?;
    let prefix = options.get("awslogs-stream-prefix")?;
    let task = task.task_arn()?.rsplit('/').next()?;
    let stream = format!("{prefix}/{}/{task}", container.name()?);
    let group = options.get("awslogs-group")?.clone();
    Some(Log { group, stream })
}

#[cfg(test)]
#[path = "migration_tests.rs"]
mod tests;
