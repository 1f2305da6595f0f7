//! Finds the image that a request names, by digest, before anything is touched.

use super::observer::Observer;
use super::repository::{by_digest, describe_image, image_by_digest, uri};
use crate::halt::Halt;
use crate::request::Request;
use aws_sdk_ecr::types::ImageIdentifier;
use shared::ecs::describe_task_definition;
use shared::{Digest, Image, Refusal};

/// The image of a request; none where such a request names no image.
pub(crate) async fn resolve(observer: &Observer, request: &Request) -> Result<Option<Image>, Halt> {
    Ok(Some(match request {
        Request::Push { digest, tag, .. } => of_digest(observer, digest, tag.clone()).await?,
        Request::Digest(digest) => of_digest(observer, digest, None).await?,
        Request::Tag(tag) => of_tag(observer, tag).await?,
        Request::TaskDefinition(arn) => of_task_definition(observer, arn).await?,
        Request::Rollback { .. }
        | Request::Sync { .. }
        | Request::ReportDrift
        | Request::Contract { .. } => return Ok(None),
    }))
}

async fn of_tag(observer: &Observer, tag: &str) -> Result<Image, Halt> {
    let repository = &observer.repository;
    let missing = format!("tag {tag} does not exist in repository {repository}. Push it first.");
    let id = ImageIdentifier::builder().image_tag(tag).build();
    existing(observer, id, Some(tag.to_owned()), missing).await
}

async fn of_digest(
    observer: &Observer,
    digest: &Digest,
    tag: Option<String>,
) -> Result<Image, Halt> {
    let repository = &observer.repository;
    let missing = format!("image {digest} does not exist in repository {repository}");
    existing(observer, by_digest(digest), tag, missing).await
}

/// The image by the digest that ECR gives for it; `missing` refuses one that the repository does not have.
async fn existing(
    observer: &Observer,
    id: ImageIdentifier,
    tag: Option<String>,
    missing: String,
) -> Result<Image, Halt> {
    let image = describe_image(observer, id).await?;
    let digest = image.and_then(|image| image.image_digest);
    let digest = digest.ok_or(Refusal::from(missing))?;
    Ok(image_by_digest(observer, digest.into(), tag).await?)
}

async fn of_task_definition(observer: &Observer, arn: &str) -> Result<Image, Halt> {
    let definition = describe_task_definition(&observer.ecs, arn).await?;
    let container = &observer.container;
    let mut containers = definition.container_definitions().iter();
    let released = containers.find(|it| it.name() == Some(container.as_str()));
    let image = released
        .and_then(|released| released.image())
        .ok_or_else(|| Refusal::from(format!("{arn} has no container {container}")))?;
    // A tag may be moved before the tasks start: only a digest says what will run.
    let pinned = format!("{}@", uri(observer).await?);
    let digest = image.strip_prefix(&pinned).ok_or_else(|| {
        Refusal::from(format!(
            "{arn} runs {image}, expected an image pinned by digest ({pinned}sha256:...). Register such a revision."
        ))
    })?;
    of_digest(observer, &Digest::from(digest), None).await
}
