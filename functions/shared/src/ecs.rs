//! Reads of ECS that several functions make: services, task definitions, tasks; and what they say of images.

mod content;
mod image_reference;
mod revision;
mod service;
mod wire;

pub use content::RevisionContent;
pub use image_reference::{ImageReference, moving_containers};
pub use revision::{
    Revision, describe_revision, describe_tagged_revision, describe_task_definition,
};
pub use service::{ServiceName, describe_service, read_service};
pub use wire::Wire;

use crate::{Digest, Error};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{DesiredStatus, Task};

/// DescribeTasks takes at most this many tasks in a call (ECS API reference).
const TASKS_PER_CALL: usize = 100;

/// The family of a revision: of `arn:...:task-definition/FAMILY:REVISION`, or without what stands before the family.
pub fn family_of(arn: &str) -> &str {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    name.split(':').next().unwrap_or(name)
}

/// Which tasks of a cluster are meant.
#[derive(Clone, Copy, Debug)]
pub enum TasksOf<'a> {
    Service(&'a str),
    /// The tasks of every revision of a task definition's family.
    Family(&'a str),
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
    fn the_family_is_in_the_arn_of_a_revision() {
        for arn in [
            "arn:aws-cn:ecs:cn-north-1:1:task-definition/shop:17",
            "shop:17",
            "shop",
        ] {
            assert_eq!(family_of(arn), "shop");
        }
    }

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
