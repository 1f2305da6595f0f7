//! The images of the sample service: pushed to the local ECR, and found by the engine.

use crate::aws::{Aws, REGION};
use anyhow::{Result, anyhow};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;

/// What was pushed: from repository and digest to tag. The tag is the sample service's build, and chooses its
/// behaviour. A repository is named with its registry's host, so accounts do not see one another's images.
#[derive(Default)]
pub struct Registry {
    tags: Mutex<HashMap<(String, String), String>>,
}

impl Registry {
    /// Pushes the build `tag` to an ECR repository and gives its digest.
    ///
    /// # Errors
    /// ECR does not take it.
    pub async fn push(&self, aws: &Aws, repository: &str, tag: &str) -> Result<String> {
        let manifest = manifest(tag);
        let call = aws
            .ecr()
            .put_image()
            .repository_name(repository)
            .image_manifest(&manifest)
            .image_tag(tag)
            .send();
        let digest = match call.await {
            Ok(output) => output
                .image
                .and_then(|image| image.image_id)
                .and_then(|id| id.image_digest),
            // The same build under the same tag is there already.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_image_already_exists_exception()) =>
            {
                Some(sha256(&manifest))
            }
            Err(error) => return Err(error.into()),
        };
        let digest = digest.ok_or_else(|| anyhow!("ECR gave no digest for {tag}"))?;
        let host = format!("{}.dkr.ecr.{REGION}.amazonaws.com", aws.account);
        self.remember(&format!("{host}/{repository}"), &digest, tag);
        Ok(digest)
    }

    /// Makes an image known to the engine; `repository` is named with its host.
    pub(crate) fn remember(&self, repository: &str, digest: &str, tag: &str) {
        let key = (repository.to_owned(), digest.to_owned());
        self.lock().insert(key, tag.to_owned());
    }

    /// The build that `HOST/REPOSITORY@sha256:...` or `HOST/REPOSITORY:TAG` means, with its digest.
    pub fn find(&self, image: &str) -> Option<(String, String)> {
        let tags = self.lock();
        if let Some((repository, digest)) = image.split_once('@') {
            let tag = tags.get(&(repository.to_owned(), digest.to_owned()))?;
            return Some((digest.to_owned(), tag.clone()));
        }
        let (repository, wanted) = image.rsplit_once(':')?;
        tags.iter()
            .find(|((within, _), tag)| within == repository && *tag == wanted)
            .map(|((_, digest), tag)| (digest.clone(), tag.clone()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), String>> {
        self.tags
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The repository of `HOST/REPOSITORY@sha256:...` or `HOST/REPOSITORY:TAG`, with its host.
pub(crate) fn repository(image: &str) -> &str {
    let named = image.split_once('@').or_else(|| image.rsplit_once(':'));
    named.map_or(image, |(repository, _)| repository)
}

/// An image index whose digest depends on the build alone. A build whose name ends with `-arm64` is for other machines.
fn manifest(tag: &str) -> String {
    let cpu = if tag.ends_with("-arm64") {
        "arm64"
    } else {
        "amd64"
    };
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": sha256(tag),
            "size": 2,
            "platform": {"os": "linux", "architecture": cpu},
        }],
    })
    .to_string()
}

fn sha256(text: &str) -> String {
    let hex: String = Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_found_in_its_own_repository_only() {
        let registry = Registry::default();
        registry.remember("1.dkr/shop", "sha256:aa", "v1.0.0");
        let found = Some(("sha256:aa".to_owned(), "v1.0.0".to_owned()));
        for image in ["1.dkr/shop@sha256:aa", "1.dkr/shop:v1.0.0"] {
            assert_eq!(registry.find(image), found, "{image}");
        }
        for image in [
            "1.dkr/shop",
            "1.dkr/shop:v1.1.0",
            "1.dkr/shop@sha256:bb",
            "1.dkr/other:v1.0.0",
            "2.dkr/shop:v1.0.0",
        ] {
            assert_eq!(registry.find(image), None, "{image}");
        }
    }
}
