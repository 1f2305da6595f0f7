//! Reads of ECS that several functions make: services, task definitions, tasks; and what they say of images.

mod image_reference;
mod service;

pub use image_reference::{ImageReference, moving_containers};
pub use service::{ServiceName, describe_service, read_service};

use crate::{Digest, Error};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{
    ContainerDefinition, DesiredStatus, Tag, Task, TaskDefinition, TaskDefinitionField,
};

/// DescribeTasks takes at most this many tasks in a call (ECS API reference).
const TASKS_PER_CALL: usize = 100;

/// Which tasks of a cluster are meant.
#[derive(Clone, Copy, Debug)]
pub enum TasksOf<'a> {
    Service(&'a str),
    /// The tasks of every revision of a task definition's family.
    Family(&'a str),
}

/// Reads a revision by its ARN.
///
/// # Errors
/// The named errors of `ecs:DescribeTaskDefinition`, and `UnexpectedAnswer` where it gives none.
pub async fn describe_task_definition(ecs: &Client, arn: &str) -> Result<TaskDefinition, Error> {
    Ok(describe(ecs, arn, None).await?.0)
}

/// Reads a revision with its tags, by its ARN or by its family's name, which stands for the newest active revision.
///
/// # Errors
/// As [`describe_task_definition`].
pub async fn describe_tagged_task_definition(
    ecs: &Client,
    name: &str,
) -> Result<(TaskDefinition, Vec<Tag>), Error> {
    describe(ecs, name, Some(vec![TaskDefinitionField::Tags])).await
}

async fn describe(
    ecs: &Client,
    name: &str,
    include: Option<Vec<TaskDefinitionField>>,
) -> Result<(TaskDefinition, Vec<Tag>), Error> {
    let output = ecs
        .describe_task_definition()
        .task_definition(name)
        .set_include(include)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecs:DescribeTaskDefinition", error))?;
    let definition = output.task_definition.ok_or_else(|| {
        Error::UnexpectedAnswer(format!(
            "ecs:DescribeTaskDefinition gave no task definition for {name}"
        ))
    })?;
    Ok((definition, output.tags.unwrap_or_default()))
}

/// ECS gives containers, variables and secrets in an order of its own, which means nothing: sorts them by name.
pub fn sort_containers(containers: &mut [ContainerDefinition]) {
    for container in containers.iter_mut() {
        let variables = container.environment.get_or_insert_default();
        variables.sort_by(|a, b| a.name().cmp(&b.name()));
        let secrets = container.secrets.get_or_insert_default();
        secrets.sort_by(|a, b| a.name().cmp(b.name()));
    }
    containers.sort_by(|a, b| a.name().cmp(&b.name()));
}

/// Lists the ARNs of tasks, page by page.
///
/// # Errors
/// The named errors of `ecs:ListTasks`.
pub async fn list_tasks(
    ecs: &Client,
    cluster: &str,
    tasks: TasksOf<'_>,
    status: DesiredStatus,
) -> Result<Vec<String>, Error> {
    let list = ecs.list_tasks().cluster(cluster).desired_status(status);
    let list = match tasks {
        TasksOf::Service(name) => list.service_name(name),
        TasksOf::Family(name) => list.family(name),
    };
    let arns = list.into_paginator().items().send();
    arns.try_collect()
        .await
        .map_err(|error| Error::from_sdk("ecs:ListTasks", error))
}

/// Reads tasks by their ARNs; no call is made for none.
///
/// # Errors
/// The named errors of `ecs:DescribeTasks`.
pub async fn describe_tasks(
    ecs: &Client,
    cluster: &str,
    arns: &[String],
) -> Result<Vec<Task>, Error> {
    let mut tasks = Vec::new();
    for page in arns.chunks(TASKS_PER_CALL) {
        let output = ecs
            .describe_tasks()
            .cluster(cluster)
            .set_tasks(Some(page.to_vec()))
            .send()
            .await
            .map_err(|error| Error::from_sdk("ecs:DescribeTasks", error))?;
        tasks.extend(output.tasks.unwrap_or_default());
    }
    Ok(tasks)
}

/// The digest a container runs: the one its image is pinned to, else the one that ECS reports.
///
/// For an image of several architectures ECS may report the digest of the one it pulled, so the pin decides.
pub fn running_digest(image: Option<&str>, reported: Option<&str>) -> Option<Digest> {
    let pinned = image.and_then(|image| ImageReference::from(image).digest);
    pinned.or(reported).map(Digest::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_decides_over_what_is_reported() {
        let check = |image, reported, expect: Option<&str>| {
            let digest = running_digest(image, reported);
            assert_eq!(digest.as_ref().map(Digest::as_str), expect);
        };
        check(Some("shop@sha256:a"), Some("sha256:b"), Some("sha256:a"));
        check(Some("shop:v1"), Some("sha256:b"), Some("sha256:b"));
        check(Some("shop:v1"), None, None);
    }
}
