//! What an image is built for, as its manifest or its configuration says.

use super::fact::Fact;
use super::repository::by_digest;
use aws_sdk_ecr::Client;
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

/// What an image is built for (`linux/arm64`), as an index says of each image, or a single image's configuration.
pub(super) async fn platforms(ecr: &Client, repository: &str, image: &Digest) -> Fact<Vec<String>> {
    let output = ecr
        .batch_get_image()
        .repository_name(repository)
        .image_ids(by_digest(image))
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
        Some(configuration) => in_configuration(ecr, repository, configuration).await,
        None => Err("its manifest is neither an index nor an image".into()),
    }
}

/// The platforms of an image index (OCI image specification; Docker's manifest list is alike); none of anything else.
fn in_index(manifest: &Value) -> Vec<String> {
    let images = manifest["manifests"].as_array().into_iter().flatten();
    let platforms = images.filter_map(|image| platform(&image["platform"]));
    platforms.collect()
}

/// The platform that an image's configuration names.
async fn in_configuration(ecr: &Client, repository: &str, digest: &str) -> Fact<Vec<String>> {
    let output = ecr
        .get_download_url_for_layer()
        .repository_name(repository)
        .layer_digest(digest)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecr:GetDownloadUrlForLayer", error))?;
    let file = download(output.download_url().unwrap_or_default()).await;
    let file = file.map_err(|reason| format!("its configuration could not be read: {reason}"))?;
    let configuration: Value = serde_json::from_slice(&file).unwrap_or_default();
    let platform = platform(&configuration).ok_or("its configuration names no platform")?;
    Ok(vec![platform])
}

/// A platform as registries write it. Attestations stand in an index as `unknown`.
fn platform(named: &Value) -> Option<String> {
    let (system, cpu) = (named["os"].as_str()?, named["architecture"].as_str()?);
    (system != "unknown").then(|| format!("{system}/{cpu}"))
}

#[cfg(test)]
#[path = "platforms_tests.rs"]
mod tests;
