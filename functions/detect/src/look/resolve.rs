//! Finds the image that a request names, by digest, before anything is touched.

use super::artifact::not_an_image;
use super::fact::Fact;
use super::manifest::{Manifest, Stored, manifest, stored};
use super::observer::Observer;
use super::repository::{
    Described, PushTimes, archived, by_digest, describe_archived, describe_image,
    describe_repository, pushed_at,
};
use super::revision::of_task_definition;
use super::tags::TagMutability;
use crate::halt::Halt;
use crate::request::{OwnRepository, Request};
use aws_sdk_ecr::types::{ImageDetail, ImageIdentifier, ImageStatus};
use futures::future::join;
use shared::{Digest, Error, Image, Refusal, excerpt};

/// An image that is asked for, with what the registry says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestedImage {
    pub image: Image,
    pub manifest: Fact<Manifest>,
    /// Why there is nothing to release: it is no container image. None also where that cannot be told.
    pub not_an_image: Option<String>,
    /// When it was pushed, where ECR has said that already.
    pub push_times: PushTimes,
    /// Whether its tag may be moved; none where no tag decides which image it is.
    pub tags: Option<TagMutability>,
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
    let mut image = existing(observer, id, tag).await?;
    // A push names a digest too, and somebody whom nobody asked moves its tag.
    if matches!(request, Request::Digest { .. } | Request::TaskDefinition(_)) {
        image.tags = None;
    }
    Ok(Some(image))
}

/// The image that customers get now; the repository need not have it any more.
pub(crate) async fn live_image(
    observer: &Observer,
    digest: Digest,
) -> Result<RequestedImage, Error> {
    let lookups = join(manifest(observer, &digest), describe_repository(observer));
    let (manifest, repository) = lookups.await;
    Ok(RequestedImage {
        manifest,
        image: image(&repository?.uri, digest, None),
        tags: None,
        not_an_image: None,
        push_times: PushTimes::new(),
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
    let (detail, stored, described_repository) = futures::join!(
        detail(observer, &id),
        stored(observer, id.clone()),
        describe_repository(observer),
    );
    let detail = detail?.ok_or(Refusal::from(missing.as_str()))?;
    require_active(&detail, &described)?;
    let digest = detail.image_digest.as_deref().map(Digest::from);
    let digest = digest.ok_or(Refusal::from(missing))?;
    let manifest = match stored {
        Ok(stored) if id.image_tag().is_some() => stored_as(observer, stored, &digest).await,
        stored => stored.and_then(|it| it.manifest),
    };
    let Described { uri, tags } = described_repository?;
    Ok(RequestedImage {
        tags: Some(tags),
        not_an_image: why_no_image(&detail, &manifest, &digest, tag.as_deref()),
        manifest,
        push_times: [(digest.clone(), pushed_at(&detail))].into(),
        image: image(&uri, digest, tag),
    })
}

/// The manifest of this image, where a tag was asked for both: it may have been moved meanwhile.
async fn stored_as(observer: &Observer, stored: Stored, digest: &Digest) -> Fact<Manifest> {
    if stored.digest.as_ref() == Some(digest) {
        stored.manifest
    } else {
        manifest(observer, digest).await
    }
}

/// What ECR says of an image, be it archived; none where the repository does not have it.
async fn detail(observer: &Observer, id: &ImageIdentifier) -> Result<Option<ImageDetail>, Error> {
    match describe_image(observer, id.clone()).await? {
        Some(detail) => Ok(Some(detail)),
        None => Ok(describe_archived(observer, id.clone()).await),
    }
}

/// Why there is nothing to release, for a person.
fn why_no_image(
    detail: &ImageDetail,
    manifest: &Fact<Manifest>,
    digest: &Digest,
    tag: Option<&str>,
) -> Option<String> {
    let kind = not_an_image(detail, manifest.as_ref().ok())?;
    let named = tag.map_or(String::new(), |tag| format!(" (tag {tag})"));
    Some(excerpt(&format!(
        "{digest}{named} is no container image: {kind}"
    )))
}

fn image(repository: &str, digest: Digest, tag: Option<String>) -> Image {
    Image {
        uri: format!("{repository}@{digest}"),
        tag,
        digest,
    }
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
