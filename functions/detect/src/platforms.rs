//! What an image is built for, as its manifest or its configuration tells.

use crate::images::Images;
use aws_sdk_ecr::types::ImageIdentifier;
use serde_json::Value;
use shared::Error;
use shared::lambda::download;

/// The manifests of an index and of a single image, as OCI and Docker name them.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

impl Images {
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
#[path = "platforms_tests.rs"]
mod tests;
