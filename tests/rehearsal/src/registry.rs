//! The images of the sample service: pushed to the local ECR, and known to the engine by digest.

use crate::aws::Aws;
use anyhow::{Result, anyhow};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;

/// What was pushed: from digest to tag. The tag is the sample service's build, and chooses its behaviour.
#[derive(Default)]
pub struct Registry {
    tags: Mutex<HashMap<String, String>>,
}

impl Registry {
    /// Pushes the build `tag` to an ECR repository and gives its digest.
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
        self.lock().insert(digest.clone(), tag.to_owned());
        Ok(digest)
    }

    /// The build that `HOST/REPOSITORY@sha256:...` or `HOST/REPOSITORY:TAG` means, with its digest.
    pub fn find(&self, image: &str) -> Option<(String, String)> {
        let tags = self.lock();
        if let Some((_, digest)) = image.split_once('@') {
            return tags.get(digest).map(|tag| (digest.to_owned(), tag.clone()));
        }
        let name = image.rsplit('/').next()?;
        let wanted = name.split_once(':')?.1;
        tags.iter()
            .find(|(_, tag)| *tag == wanted)
            .map(|(digest, tag)| (digest.clone(), tag.clone()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.tags
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An image manifest whose digest depends on the build alone.
fn manifest(tag: &str) -> String {
    let config = sha256(tag);
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": config},
        "layers": [],
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
