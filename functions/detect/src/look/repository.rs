//! The ECR repository of the released image: its address, and what ECR knows of its images.

use aws_sdk_ecr::types::{ImageDetail, ImageIdentifier};
use chrono::DateTime;
use futures::future::try_join_all;
use record::Time;
use shared::{Digest, Error, Image};
use std::collections::HashMap;

/// The repository of the released image, and the container that runs it.
pub(crate) struct Repository {
    pub ecr: aws_sdk_ecr::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub name: String,
    pub container: String,
}

/// An image that the repository has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PushedImage {
    /// None: ECR did not say.
    pub pushed_at: Option<Time>,
}

impl From<ImageDetail> for PushedImage {
    fn from(image: ImageDetail) -> PushedImage {
        let at = image.image_pushed_at();
        PushedImage {
            pushed_at: at.and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos())),
        }
    }
}

/// What the repository knows of images, by digest; those that it does not have are absent.
pub(crate) async fn pushed_images(
    repository: &Repository,
    mut digests: Vec<Digest>,
) -> Result<HashMap<Digest, PushedImage>, Error> {
    digests.sort();
    digests.dedup();
    // ECR answers a call that names one unknown image with an error, so each is looked up alone.
    let lookups = digests.into_iter().map(async |digest| {
        let id = ImageIdentifier::builder().image_digest(digest.as_str());
        let image = describe_image(repository, id.build()).await?;
        Ok::<_, Error>(image.map(|image| (digest, PushedImage::from(image))))
    });
    Ok(try_join_all(lookups).await?.into_iter().flatten().collect())
}

/// An image of the repository; none where it does not have it.
pub(super) async fn describe_image(
    repository: &Repository,
    id: ImageIdentifier,
) -> Result<Option<ImageDetail>, Error> {
    let call = repository
        .ecr
        .describe_images()
        .repository_name(&repository.name)
        .image_ids(id);
    match call.send().await {
        Ok(output) => Ok(output.image_details.unwrap_or_default().into_iter().next()),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_image_not_found_exception()) =>
        {
            Ok(None)
        }
        Err(error) => Err(Error::from_sdk("ecr:DescribeImages", error)),
    }
}

/// An image by its digest; the repository need not have it any more.
pub(crate) async fn image_by_digest(
    repository: &Repository,
    digest: Digest,
    tag: Option<String>,
) -> Result<Image, Error> {
    Ok(Image {
        uri: format!("{}@{digest}", uri(repository).await?),
        tag,
        digest,
    })
}

/// The repository's address. The registry's host differs between partitions, so ECR says it.
pub(super) async fn uri(repository: &Repository) -> Result<String, Error> {
    let output = repository
        .ecr
        .describe_repositories()
        .repository_names(&repository.name)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecr:DescribeRepositories", error))?;
    let found = output.repositories.unwrap_or_default().into_iter().next();
    found.and_then(|it| it.repository_uri).ok_or_else(|| {
        Error::UnexpectedAnswer(format!(
            "ecr:DescribeRepositories gave no URI for {}",
            repository.name
        ))
    })
}
