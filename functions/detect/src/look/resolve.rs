//! Finds the image that a request names, by digest, before anything is touched.

use super::artifact::not_an_image;
use super::environments::Snapshot;
use super::fact::Fact;
use super::manifest::{Manifest, manifest};
use super::observer::Observer;
use super::repository::{archived, by_digest, describe_archived, describe_image, uri};
use super::revision::of_task_definition;
use crate::halt::Halt;
use crate::request::{OwnRepository, Request};
use aws_sdk_ecr::types::{ImageDetail, ImageIdentifier, ImageStatus};
use shared::{Digest, Error, Image, Refusal, excerpt};

/// An image that is asked for, with what the registry says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestedImage {
    pub image: Image,
    pub manifest: Fact<Manifest>,
    /// Why there is nothing to release: it is no container image. None also where that cannot be told.
    pub not_an_image: Option<String>,
}

impl RequestedImage {
    /// The digests of the images in it, where it is an index.
    pub(crate) fn members(&self) -> Vec<Digest> {
        self.manifest
            .as_ref()
            .map_or_else(|_| Vec::new(), Manifest::members)
    }
}

/// The image of a request; none where such a request names no image.
pub(crate) async fn resolve(
    observer: &Observer,
    request: &Request,
    repository: &OwnRepository,
) -> Result<Option<RequestedImage>, Halt> {
    let (id, tag) = match request {
        Request::Push { digest, tag, .. } | Request::Digest { digest, tag } => {
            (by_digest(digest), tag.clone())
        }
        Request::Tag(tag) => {
            let id = ImageIdentifier::builder().image_tag(tag);
            (id.build(), Some(tag.clone()))
        }
        Request::TaskDefinition(arn) => of_task_definition(observer, arn, repository).await?,
        Request::Rollback { .. }
        | Request::Sync { .. }
        | Request::ReportDrift
        | Request::Contract { .. }
        | Request::Decide(_)
        | Request::Status => return Ok(None),
    };
    existing(observer, id, tag).await.map(Some)
}

/// The image that customers get now; the repository need not have it any more.
pub(crate) async fn live_image(
    observer: &Observer,
    digest: Digest,
) -> Result<RequestedImage, Error> {
    Ok(RequestedImage {
        manifest: manifest(observer, &digest).await,
        image: image(observer, digest, None).await?,
        not_an_image: None,
    })
}

/// Whether the live image and the wanted one are of one build: one is an index that holds the other. What cannot be read
/// says no.
pub(crate) async fn is_same_build(
    observer: &Observer,
    snapshot: &Snapshot,
    wanted: &RequestedImage,
) -> bool {
    let active = snapshot.active.as_ref().ok();
    let Some(live) = active.and_then(|it| snapshot.environments.get(*it).digest()) else {
        return false;
    };
    let (digest, members) = (&wanted.image.digest, wanted.members());
    if digest == live || !members.is_empty() {
        return members.contains(live);
    }
    let live = manifest(observer, live).await;
    live.is_ok_and(|live| live.members().contains(digest))
}

async fn image(observer: &Observer, digest: Digest, tag: Option<String>) -> Result<Image, Error> {
    Ok(Image {
        uri: format!("{}@{digest}", uri(observer).await?),
        tag,
        digest,
    })
}

/// The image by the digest that ECR gives for it; refuses one that the repository does not have, or has archived.
async fn existing(
    observer: &Observer,
    id: ImageIdentifier,
    tag: Option<String>,
) -> Result<RequestedImage, Halt> {
    let described = match id.image_tag() {
        Some(tag) => format!("tag {tag}"),
        None => format!("image {}", id.image_digest().unwrap_or_default()),
    };
    let repository = &observer.repository;
    let missing = format!("{described} does not exist in repository {repository}. Push it first.");
    let detail = match describe_image(observer, id.clone()).await? {
        Some(detail) => Some(detail),
        None => describe_archived(observer, id).await,
    };
    let detail = detail.ok_or(Refusal::from(missing.as_str()))?;
    require_active(&detail, &described)?;
    let digest = detail.image_digest.clone();
    let digest = Digest::from(digest.ok_or(Refusal::from(missing))?);
    let manifest = manifest(observer, &digest).await;
    let kind = not_an_image(&detail, manifest.as_ref().ok());
    Ok(RequestedImage {
        not_an_image: kind.map(|kind| {
            let named = tag
                .as_ref()
                .map_or(String::new(), |tag| format!(" (tag {tag})"));
            excerpt(&format!("{digest}{named} is no container image: {kind}"))
        }),
        manifest,
        image: image(observer, digest, tag).await?,
    })
}

/// An archived image cannot be pulled until it is restored, which takes some minutes (Amazon ECR User Guide, "Archiving an
/// image").
fn require_active(detail: &ImageDetail, described: &str) -> Result<(), Refusal> {
    let Some(status) = archived(detail) else {
        return Ok(());
    };
    let remedy = if *status == ImageStatus::Activating {
        "It is being restored: request"
    } else {
        "Restore it first, and request"
    };
    Err(Refusal::from(format!(
        "{described} is {status}, expected ACTIVE, so no task could pull it. {remedy} it again once it is ACTIVE."
    )))
}
