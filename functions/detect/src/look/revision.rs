//! The image that a revision of the team's runs, and whether ECS would still run it.

use super::observer::Observer;
use super::repository::{by_digest, describe_repository};
use crate::halt::Halt;
use crate::request::{ImageName, OwnRepository};
use aws_sdk_ecr::types::ImageIdentifier;
use aws_sdk_ecs::types::{TaskDefinition, TaskDefinitionStatus};
use futures::future::join;
use shared::ecs::describe_task_definition;
use shared::{Error, Refusal};

/// The image by its digest, with the tag that the revision names beside it.
pub(super) async fn of_task_definition(
    observer: &Observer,
    arn: &str,
    repository: &OwnRepository,
) -> Result<(ImageIdentifier, Option<String>), Halt> {
    let (definition, own) = join(
        active_revision(observer, arn),
        describe_repository(observer),
    )
    .await;
    let definition = definition?;
    let container = &observer.container;
    let mut containers = definition.container_definitions().iter();
    let released = containers.find(|it| it.name() == Some(container.as_str()));
    let image = released
        .and_then(|released| released.image())
        .ok_or_else(|| Refusal::from(format!("{arn} has no container {container}")))?;
    let own = own?.uri;
    let name = image_name(image, &own, observer, repository)
        .map_err(|reason| Refusal::from(format!("container {container} of {arn}: {reason}")))?;
    // A tag may be moved before the tasks start: only a digest says what will run.
    let digest = name.digest.ok_or_else(|| {
        Refusal::from(format!(
            "{arn} runs {image}, expected an image pinned by digest ({own}@sha256:...). Register such a revision."
        ))
    })?;
    Ok((by_digest(&digest), name.tag))
}

/// A revision from which a service's tasks can be started.
async fn active_revision(observer: &Observer, arn: &str) -> Result<TaskDefinition, Halt> {
    let definition = match describe_task_definition(&observer.ecs, arn).await {
        // ECS refuses to describe a revision that it does not know.
        Err(Error::UnexpectedAnswer(reason) | Error::NotFound(reason)) => {
            let remedy = "Request a revision that is registered in this account and Region.";
            return Err(Refusal::from(format!("{arn}: {reason} {remedy}")).into());
        }
        definition => definition?,
    };
    let active = TaskDefinitionStatus::Active;
    match definition.status().filter(|it| **it != active) {
        None => Ok(definition),
        Some(status) => Err(Refusal::from(format!(
            "{arn} is {status}, expected ACTIVE: ECS starts no service's tasks from it. Register it again."
        ))
        .into()),
    }
}

/// Reads an image of the repository, whose address in this partition ECR knows best.
fn image_name(
    image: &str,
    own: &str,
    observer: &Observer,
    repository: &OwnRepository,
) -> Result<ImageName, Refusal> {
    match image.strip_prefix(own) {
        Some(rest) => ImageName::read(&format!("{}{rest}", observer.repository), repository),
        None => ImageName::read(image, repository),
    }
}
