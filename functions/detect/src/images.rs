//! Finds the image that a request means, by digest, before anything is touched.

use crate::request::Request;
use aws_sdk_ecr::types::{ImageDetail, ImageIdentifier};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use shared::{Error, Image};
use std::collections::HashMap;

/// The repository of the released image, and the container that runs it.
pub struct Images {
    pub ecr: aws_sdk_ecr::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub repository: String,
    pub container: String,
}

/// The image of a request, or why there is none; only "could not find out" is an error.
pub type Found = Result<Image, String>;

/// What the repository tells of an image that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub pushed_at: Option<DateTime<Utc>>,
}

impl Known {
    fn of(image: &ImageDetail) -> Known {
        let at = image.image_pushed_at();
        Known {
            pushed_at: at.and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos())),
        }
    }
}

impl Images {
    /// Resolves what the request names. A rollback names no image.
    pub async fn resolve(&self, request: &Request) -> Result<Found, Error> {
        match request {
            Request::Push { digest, tag, .. } => self.by_digest(digest, tag.clone()).await,
            Request::Digest(digest) => self.by_digest(digest, None).await,
            Request::Tag(tag) => self.by_tag(tag).await,
            Request::TaskDefinition(arn) => self.of_task_definition(arn).await,
            Request::Rollback { .. }
            | Request::Sync { .. }
            | Request::ReportDrift
            | Request::Contract { .. } => Ok(Err("this request names no image".to_owned())),
        }
    }

    /// The image that is known to run by its digest; it need not be in the repository any more.
    pub async fn running(&self, digest: String) -> Result<Image, Error> {
        self.image(digest, None).await
    }

    /// What the repository knows of images, by digest; those that it does not have are absent.
    pub async fn known(&self, mut digests: Vec<String>) -> Result<HashMap<String, Known>, Error> {
        digests.sort();
        digests.dedup();
        // ECR answers a call that names one unknown image with an error, so each is asked for alone.
        let looks = digests.into_iter().map(async |digest| {
            let id = ImageIdentifier::builder().image_digest(&digest).build();
            let image = self.detail_of(id).await?;
            Ok::<_, Error>(image.map(|image| (digest, Known::of(&image))))
        });
        Ok(try_join_all(looks).await?.into_iter().flatten().collect())
    }

    async fn by_tag(&self, tag: &str) -> Result<Found, Error> {
        let id = ImageIdentifier::builder().image_tag(tag).build();
        let digest = self.digest_of(id).await?;
        match digest {
            Some(digest) => Ok(Ok(self.image(digest, Some(tag.to_owned())).await?)),
            None => Ok(Err(format!(
                "tag {tag} does not exist in repository {}. Push it first.",
                self.repository
            ))),
        }
    }

    async fn by_digest(&self, digest: &str, tag: Option<String>) -> Result<Found, Error> {
        let id = ImageIdentifier::builder().image_digest(digest).build();
        match self.digest_of(id).await? {
            Some(digest) => Ok(Ok(self.image(digest, tag).await?)),
            None => Ok(Err(format!(
                "image {digest} does not exist in repository {}",
                self.repository
            ))),
        }
    }

    async fn of_task_definition(&self, arn: &str) -> Result<Found, Error> {
        let call = self
            .ecs
            .describe_task_definition()
            .task_definition(arn)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("ecs:DescribeTaskDefinition", e))?;
        let containers = output
            .task_definition
            .and_then(|it| it.container_definitions)
            .unwrap_or_default();
        let container = containers
            .iter()
            .find(|it| it.name() == Some(self.container.as_str()));
        let Some(image) = container.and_then(|it| it.image()) else {
            return Ok(Err(format!("{arn} has no container {}", self.container)));
        };
        // A tag may move between this look and the tasks' start: only a digest says what will run.
        let pinned = format!("{}@", self.uri().await?);
        match image.strip_prefix(&pinned) {
            Some(digest) => self.by_digest(digest, None).await,
            None => Ok(Err(format!(
                "{arn} runs {image}, expected an image pinned by digest ({pinned}sha256:...). Register such a revision."
            ))),
        }
    }

    async fn digest_of(&self, id: ImageIdentifier) -> Result<Option<String>, Error> {
        Ok(self
            .detail_of(id)
            .await?
            .and_then(|image| image.image_digest))
    }

    async fn detail_of(&self, id: ImageIdentifier) -> Result<Option<ImageDetail>, Error> {
        let call = self
            .ecr
            .describe_images()
            .repository_name(&self.repository)
            .image_ids(id)
            .send();
        match call.await {
            Ok(output) => Ok(output
                .image_details
                .and_then(|details| details.into_iter().next())),
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

    async fn image(&self, digest: String, tag: Option<String>) -> Result<Image, Error> {
        Ok(Image {
            uri: format!("{}@{digest}", self.uri().await?),
            tag,
            digest,
        })
    }

    /// The registry's host differs between partitions, so it is asked for and not put together.
    async fn uri(&self) -> Result<String, Error> {
        let call = self
            .ecr
            .describe_repositories()
            .repository_names(&self.repository)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("ecr:DescribeRepositories", e))?;
        let repository = output.repositories.and_then(|all| all.into_iter().next());
        repository
            .and_then(|repository| repository.repository_uri)
            .ok_or_else(|| {
                Error::UnexpectedAnswer(format!(
                    "ecr:DescribeRepositories gave no URI for {}",
                    self.repository
                ))
            })
    }
}
