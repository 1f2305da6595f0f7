//! What an image is built for, as its manifest or its configuration says.

use super::fact::{Fact, Unknown};
use super::repository::Repository;
use aws_sdk_ecr::types::ImageIdentifier;
use serde_json::Value;
use shared::aws::download;
use shared::{Digest, Error};

/// The manifests of an index and of a single image, as OCI and Docker name them.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// What an image is built for (`linux/arm64`): an index says it of each of its images, and a single image's own
/// configuration of it.
pub(super) async fn platforms(repository: &Repository, digest: &Digest) -> Fact<Vec<String>> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str());
    let output = repository
        .ecr
        .batch_get_image()
        .repository_name(&repository.name)
        .image_ids(id.build())
        .set_accepted_media_types(Some(MANIFESTS.map(str::to_owned).to_vec()))
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecr:BatchGetImage", error))?;
    let manifest = output.images().first().and_then(|it| it.image_manifest());
    let manifest: Value = serde_json::from_str(manifest.unwrap_or_default()).unwrap_or_default();
    let platforms = in_index(&manifest);
    if !platforms.is_empty() {
        return Ok(platforms);
    }
    match manifest["config"]["digest"].as_str() {
        Some(configuration) => in_configuration(repository, configuration).await,
        None => Err("its manifest is neither an index nor an image".into()),
    }
}

/// The platforms of an image index (OCI image specification; Docker's manifest list has the same shape); none of anything
/// else.
fn in_index(manifest: &Value) -> Vec<String> {
    let images = manifest["manifests"].as_array().into_iter().flatten();
    images
        .filter_map(|image| platform(&image["platform"]))
        .collect()
}

/// The platform that an image's configuration names.
async fn in_configuration(repository: &Repository, digest: &str) -> Fact<Vec<String>> {
    let output = repository
        .ecr
        .get_download_url_for_layer()
        .repository_name(&repository.name)
        .layer_digest(digest)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecr:GetDownloadUrlForLayer", error))?;
    let file = download(output.download_url().unwrap_or_default()).await;
    let file = file.map_err(|reason| format!("its configuration could not be read: {reason}"))?;
    let configuration: Value = serde_json::from_slice(&file).unwrap_or_default();
    match platform(&configuration) {
        Some(platform) => Ok(vec![platform]),
        None => Err(Unknown::from("its configuration names no platform")),
    }
}

/// A platform as registries write it. Attestations stand in an index as `unknown`.
fn platform(named: &Value) -> Option<String> {
    let (system, cpu) = (named["os"].as_str()?, named["architecture"].as_str()?);
    (system != "unknown").then(|| format!("{system}/{cpu}"))
}

#[cfg(test)]
#[path = "platforms_tests.rs"]
mod tests;
