//! What ECR knows of the images of the repository.

use super::observer::Observer;
use super::tags::TagMutability;
use aws_sdk_ecr::types::{
    DescribeImagesFilter, ImageDetail, ImageIdentifier, ImageStatus, ImageStatusFilter,
};
use futures::future::try_join_all;
use record::Time;
use shared::{Digest, Error};
use std::collections::{BTreeSet, HashMap};

/// When each image was pushed, none where ECR does not say it. Images that nobody can pull are absent: the repository does
/// not have them, or has archived them.
pub(crate) type PushTimes = HashMap<Digest, Option<Time>>;

/// The push times of these images; those that are `known` already need no call.
pub(crate) async fn push_times(
    observer: &Observer,
    digests: impl Iterator<Item = &Digest>,
    known: PushTimes,
) -> Result<PushTimes, Error> {
    let digests: BTreeSet<&Digest> = digests.filter(|it| !known.contains_key(*it)).collect();
    // ECR answers a call that names one unknown image with an error, so each is looked up alone.
    let lookups = digests.into_iter().map(async |digest| {
        let image = describe_image(observer, by_digest(digest)).await?;
        let image = image.filter(|image| archived(image).is_none());
        Ok::<_, Error>(image.map(|image| (digest.clone(), pushed_at(&image))))
    });
    let found = try_join_all(lookups).await?.into_iter().flatten();
    Ok(known.into_iter().chain(found).collect())
}

pub(super) fn pushed_at(image: &ImageDetail) -> Option<Time> {
    let at = image.image_pushed_at()?;
    Time::from_timestamp(at.secs(), at.subsec_nanos())
}

/// The status of an image that cannot be pulled for now; none where it can.
pub(super) fn archived(image: &ImageDetail) -> Option<&ImageStatus> {
    let status = image.image_status();
    status.filter(|it| matches!(it, ImageStatus::Archived | ImageStatus::Activating))
}

pub(super) fn by_digest(digest: &Digest) -> ImageIdentifier {
    let id = ImageIdentifier::builder().image_digest(digest.as_str());
    id.build()
}

/// An image of the repository; none where it does not have it, or does not show it, as archived ones.
pub(super) async fn describe_image(
    observer: &Observer,
    id: ImageIdentifier,
) -> Result<Option<ImageDetail>, Error> {
    describe(observer, id, None).await
}

/// An archived image; none where the repository does not have it, or where ECR does not tell.
pub(super) async fn describe_archived(
    observer: &Observer,
    id: ImageIdentifier,
) -> Option<ImageDetail> {
    let filter = DescribeImagesFilter::builder().image_status(ImageStatusFilter::Any);
    let image = describe(observer, id, Some(filter.build())).await;
    image.ok().flatten()
}

async fn describe(
    observer: &Observer,
    id: ImageIdentifier,
    filter: Option<DescribeImagesFilter>,
) -> Result<Option<ImageDetail>, Error> {
    let call = observer.ecr.describe_images().image_ids(id);
    let call = call.set_filter(filter).registry_id(&observer.registry);
    match call.repository_name(&observer.repository).send().await {
        Ok(output) => Ok(output.image_details.unwrap_or_default().into_iter().next()),
        Err(error) => match error.as_service_error() {
            Some(reason) if reason.is_image_not_found_exception() => Ok(None),
            _ => Err(Error::from_sdk("ecr:DescribeImages", error)),
        },
    }
}

/// What ECR says of the repository itself.
pub(super) struct Described {
    /// Its address. The registry's host differs between partitions, so ECR says it.
    pub uri: String,
    pub tags: TagMutability,
}

pub(super) async fn describe_repository(observer: &Observer) -> Result<Described, Error> {
    let name = &observer.repository;
    let call = observer.ecr.describe_repositories().repository_names(name);
    let call = call.registry_id(&observer.registry);
    let answer = call.send().await;
    let output = answer.map_err(|error| Error::from_sdk("ecr:DescribeRepositories", error))?;
    let found = output.repositories().first();
    let described = found.and_then(|it| {
        Some(Described {
            uri: it.repository_uri()?.to_owned(),
            tags: TagMutability::of(it),
        })
    });
    described.ok_or_else(|| {
        Error::UnexpectedAnswer(format!("ecr:DescribeRepositories gave no URI for {name}"))
    })
}
