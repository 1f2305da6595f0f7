//! Finds the image that a request names, by digest, before anything is touched.

use super::repository::{Repository, describe_image, image_by_digest, uri};
use crate::halt::Halt;
use crate::request::Request;
use aws_sdk_ecr::types::ImageIdentifier;
use shared::ecs::describe_task_definition;
use shared::{Digest, Image, Refusal};

/// The image of a request; none where such a request names no image.
pub(crate) async fn resolve(
    repository: &Repository,
    request: &Request,
) -> Result<Option<Image>, Halt> {
    Ok(Some(match request {
        Request::Push { digest, tag, .. } => by_digest(repository, digest, tag.clone()).await?,
        Request::Digest(digest) => by_digest(repository, digest, None).await?,
        Request::Tag(tag) => by_tag(repository, tag).await?,
        Request::TaskDefinition(arn) => of_task_definition(repository, arn).await?,
        Request::Rollback { .. }
        | Request::Sync { .. }
        | Request::ReportDrift
        | Request::Contract { .. } => return Ok(None),
    }))
}

async fn by_tag(repository: &Repository, tag: &str) -> Result<Image, Halt> {
    let id = ImageIdentifier::builder().image_tag(tag).build();
    let detail = describe_image(repository, id).await?;
    let digest = detail.and_then(|detail| detail.image_digest);
    let digest = digest.ok_or_else(|| {
        Refusal::from(format!(
            "tag {tag} does not exist in repository {}. Push it first.",
            repository.name
        ))
    })?;
    let tag = Some(tag.to_owned());
    Ok(image_by_digest(repository, digest.into(), tag).await?)
}

async fn by_digest(
    repository: &Repository,
    digest: &Digest,
    tag: Option<String>,
) -> Result<Image, Halt> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str());
    let detail = describe_image(repository, id.build()).await?;
    let digest = detail
        .and_then(|detail| detail.image_digest)
        .ok_or_else(|| {
            Refusal::from(format!(
                "image {digest} does not exist in repository {}",
                repository.name
            ))
        })?;
    Ok(image_by_digest(repository, digest.into(), tag).await?)
}

async fn of_task_definition(repository: &Repository, arn: &str) -> Result<Image, Halt> {
    let definition = describe_task_definition(&repository.ecs, arn).await?;
    let container = &repository.container;
    let mut containers = definition.container_definitions().iter();
    let released = containers.find(|it| it.name() == Some(container.as_str()));
    let image = released
        .and_then(|released| released.image())
        .ok_or_else(|| Refusal::from(format!("{arn} has no container {container}")))?;
    // A tag may be moved before the tasks start: only a digest says what will run.
    let pinned = format!("{}@", uri(repository).await?);
    let digest = image.strip_prefix(&pinned).ok_or_else(|| {
        Refusal::from(format!(
            "{arn} runs {image}, expected an image pinned by digest ({pinned}sha256:...). Register such a revision."
        ))
    })?;
    by_digest(repository, &Digest::from(digest), None).await
}
