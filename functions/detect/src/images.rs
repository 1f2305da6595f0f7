//! Finds the image that a request means, by digest, before anything is touched.

use crate::request::Request;
use aws_sdk_ecr::types::{ImageDetail, ImageIdentifier};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use serde_json::Value;
use shared::lambda::download;
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

/// The manifests of an index and of a single image, as OCI and Docker name them.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

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
            | Request::Sync
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

    /// What an image is built for (`linux/arm64`): an index tells of each of its images, and a single image's own
    /// configuration of it; or why it is not told.
    pub async fn platforms(&self, digest: &str) -> Result<Result<Vec<String>, String>, Error> {
        let id = ImageIdentifier::builder().image_digest(digest).build();
        let types = MANIFESTS.map(str::to_owned).to_vec();
        let call = self.ecr.batch_get_image().image_ids(id);
        let call = call.set_accepted_media_types(Some(types));
        let output = call.repository_name(&self.repository).send().await;
        let output = output.map_err(|e| Error::from_sdk("ecr:BatchGetImage", e))?;
        let manifest = output.images().first().and_then(|it| it.image_manifest());
        let manifest: Value =
            serde_json::from_str(manifest.unwrap_or_default()).unwrap_or_default();
        match (
            platforms(&manifest).as_slice(),
            manifest["config"]["digest"].as_str(),
        ) {
            ([], Some(configuration)) => self.configured(configuration).await,
            ([], None) => Ok(Err(
                "its manifest is neither an index nor an image".to_owned()
            )),
            (platforms, _) => Ok(Ok(platforms.to_vec())),
        }
    }

    /// The platform that an image's configuration names.
    async fn configured(&self, digest: &str) -> Result<Result<Vec<String>, String>, Error> {
        let call = self.ecr.get_download_url_for_layer().layer_digest(digest);
        let output = call.repository_name(&self.repository).send().await;
        let output = output.map_err(|e| Error::from_sdk("ecr:GetDownloadUrlForLayer", e))?;
        let file = match download(output.download_url().unwrap_or_default()).await {
            Ok(file) => file,
            Err(reason) => {
                return Ok(Err(format!(
                    "its configuration could not be read: {reason}"
                )));
            }
        };
        let configuration: Value = serde_json::from_slice(&file).unwrap_or_default();
        let named = platform(&configuration).map(|it| vec![it]);
        Ok(named.ok_or_else(|| "its configuration names no platform".to_owned()))
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

/// The platforms of an image index (OCI image specification; Docker's manifest list has the same shape); none of anything
/// else.
fn platforms(manifest: &Value) -> Vec<String> {
    let images = manifest["manifests"].as_array().into_iter().flatten();
    images
        .filter_map(|image| platform(&image["platform"]))
        .collect()
}

/// A platform as registries write it. Attestations stand in an index as `unknown`.
fn platform(named: &Value) -> Option<String> {
    let (system, cpu) = (named["os"].as_str()?, named["architecture"].as_str()?);
    (system != "unknown").then(|| format!("{system}/{cpu}"))
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
