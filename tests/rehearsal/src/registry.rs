//! The images of the sample service: pushed to the local ECR, and found by the engine.

use crate::aws::{Aws, REGION};
use crate::lock::lock;
use anyhow::Result;
use aws_sdk_ecr::operation::put_image::PutImageError;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;

/// The kinds of machines that a build is for.
pub const CPUS: [&str; 2] = ["amd64", "arm64"];

/// What was pushed: digest and tag, by `HOST/REPOSITORY@sha256:...` and by `HOST/REPOSITORY:TAG`. The tag is the sample
/// service's build, and chooses its behaviour. The host is the account's, so accounts do not see one another's images.
#[derive(Default)]
pub struct Registry {
    images: Mutex<HashMap<String, (String, String)>>,
}

impl Registry {
    /// Pushes the build `tag` to an ECR repository and gives its digest, which is an index's. Its members have no tag.
    ///
    /// # Errors
    /// ECR does not take it.
    pub async fn push(&self, aws: &Aws, repository: &str, tag: &str) -> Result<String> {
        for cpu in cpus(tag) {
            put(aws, repository, None, &image(tag, cpu)).await?;
        }
        self.put(aws, repository, tag, &index(tag)).await
    }

    /// Pushes the member of a build's index for one kind of machine, under a tag of its own, and gives its digest.
    ///
    /// # Errors
    /// ECR does not take it.
    pub async fn push_member(
        &self,
        aws: &Aws,
        repository: &str,
        build: &str,
        cpu: &str,
    ) -> Result<String> {
        let tag = format!("{build}-{cpu}");
        self.put(aws, repository, &tag, &image(build, cpu)).await
    }

    async fn put(&self, aws: &Aws, repository: &str, tag: &str, manifest: &str) -> Result<String> {
        put(aws, repository, Some(tag), manifest).await?;
        let digest = sha256(manifest);
        let host = format!("{}.dkr.ecr.{REGION}.amazonaws.com", aws.account);
        self.remember(&format!("{host}/{repository}"), &digest, tag);
        Ok(digest)
    }

    /// Makes an image known to the engine; `repository` is named with its host.
    pub(crate) fn remember(&self, repository: &str, digest: &str, tag: &str) {
        let pushed = (digest.to_owned(), tag.to_owned());
        lock(&self.images).extend([
            (format!("{repository}@{digest}"), pushed.clone()),
            (format!("{repository}:{tag}"), pushed),
        ]);
    }

    /// The build that an image's name means, with its digest.
    pub fn find(&self, image: &str) -> Option<(String, String)> {
        lock(&self.images).get(image).cloned()
    }
}

async fn put(aws: &Aws, repository: &str, tag: Option<&str>, manifest: &str) -> Result<()> {
    let call = aws.ecr().put_image().repository_name(repository);
    let call = call.set_image_tag(tag.map(str::to_owned));
    // The same build may be there already, under the same tag.
    if let Err(error) = call.image_manifest(manifest).send().await
        && !error
            .as_service_error()
            .is_some_and(PutImageError::is_image_already_exists_exception)
    {
        return Err(error.into());
    }
    Ok(())
}

/// The digest of a build: its index's.
pub fn digest(build: &str) -> String {
    sha256(&index(build))
}

/// The digest of the member of a build's index for one kind of machine.
pub fn member(build: &str, cpu: &str) -> String {
    sha256(&image(build, cpu))
}

/// The repository of `HOST/REPOSITORY@sha256:...` or `HOST/REPOSITORY:TAG`, with its host.
pub(crate) fn repository(image: &str) -> &str {
    let named = image.split_once('@').or_else(|| image.rsplit_once(':'));
    named.map_or(image, |(repository, _)| repository)
}

/// The kinds of machines that a build is for. One whose name ends with `-arm64` is for such machines only.
fn cpus(build: &str) -> impl Iterator<Item = &'static str> {
    let only = build.ends_with("-arm64");
    CPUS.into_iter().filter(move |cpu| !only || *cpu == "arm64")
}

/// An image index whose digest depends on the build alone.
fn index(build: &str) -> String {
    let members = cpus(build).map(|cpu| {
        let image = image(build, cpu);
        json!({
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": sha256(&image),
            "size": image.len(),
            "platform": {"os": "linux", "architecture": cpu},
        })
    });
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": members.collect::<Vec<_>>(),
    })
    .to_string()
}

/// The manifest of a build's image for one kind of machine.
fn image(build: &str, cpu: &str) -> String {
    let blob = |kind: &str| {
        json!({
            "mediaType": format!("application/vnd.oci.image.{kind}"),
            "digest": sha256(&format!("{kind} of {build} for {cpu}")),
            "size": 2,
        })
    };
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob("config.v1+json"),
        "layers": [blob("layer.v1.tar+gzip")],
    })
    .to_string()
}

fn sha256(text: &str) -> String {
    format!("sha256:{:x}", Sha256::digest(text))
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
