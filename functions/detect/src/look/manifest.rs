//! An image's manifest or an index of several, as far as it matters here (OCI image specification; Docker's are alike).

use super::fact::{Fact, patiently};
use super::observer::Observer;
use super::platform::Platform;
use super::repository::by_digest;
use aws_sdk_ecr::types::ImageIdentifier;
use serde::Deserialize;
use shared::{Digest, Error};

/// The manifests of an index and of a single image, as OCI and Docker name them.
const ACCEPTED: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// How an index names the members that are manifests, up to their versions.
const MANIFESTS: [&str; 3] = [
    "application/vnd.oci.image.manifest.",
    "application/vnd.oci.image.index.",
    "application/vnd.docker.distribution.manifest.",
];

/// Images of one build that are remembered: an index names one for each platform, and nobody builds for more.
const MEMBERS: usize = 32;

/// What a registry keeps under a digest: an image has a configuration and layers, an index has manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Manifest {
    pub(super) artifact_type: Option<String>,
    pub(super) config: Option<Descriptor>,
    pub(super) layers: Option<Vec<Descriptor>>,
    /// The members of an index.
    pub(super) manifests: Option<Vec<Descriptor>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Descriptor {
    pub media_type: Option<String>,
    pub artifact_type: Option<String>,
    pub digest: Option<String>,
    pub platform: Option<Platform>,
}

/// What ECR has under a digest or a tag.
pub(super) struct Stored {
    /// None: it has nothing there, or does not say which image that is.
    pub digest: Option<Digest>,
    pub manifest: Fact<Manifest>,
}

/// Reads the manifest of an image of the repository.
pub(super) async fn manifest(observer: &Observer, image: &Digest) -> Fact<Manifest> {
    stored(observer, by_digest(image)).await?.manifest
}

/// Reads what the repository has under a digest or a tag.
pub(super) async fn stored(observer: &Observer, id: ImageIdentifier) -> Fact<Stored> {
    let accepted = ACCEPTED.map(str::to_owned).to_vec();
    let call = observer.ecr.batch_get_image().image_ids(id);
    let own = observer.own();
    let call = call.registry_id(own.registry).repository_name(own.name);
    let call = call.set_accepted_media_types(Some(accepted)).send();
    let output = patiently(async {
        let answer = call.await;
        answer.map_err(|error| Error::from_sdk("ecr:BatchGetImage", error))
    });
    let output = output.await?;
    let image = output.images().first();
    let digest = image.and_then(|it| it.image_id()?.image_digest());
    Ok(Stored {
        digest: digest.map(Digest::from),
        manifest: read(image.and_then(|it| it.image_manifest())),
    })
}

fn read(manifest: Option<&str>) -> Fact<Manifest> {
    let manifest = manifest.ok_or("ECR gave no manifest")?;
    Ok(serde_json::from_str(manifest).map_err(|error| format!("its manifest: {error}"))?)
}

impl Manifest {
    /// The digests of the images in an index; none of anything else.
    pub(crate) fn members(&self) -> Vec<Digest> {
        let digests = self.images().filter_map(|it| it.digest.as_deref());
        digests.take(MEMBERS).map(Digest::from).collect()
    }

    /// The images of which a task on this platform may run one: `own`, or members of its index. Where nobody knows the
    /// platform, or no member is plainly for it, that may be any.
    pub(super) fn runs_as(&self, own: &Digest, platform: Option<&str>) -> Fact<Vec<Digest>> {
        let Some(members) = &self.manifests else {
            return Ok(vec![own.clone()]);
        };
        if self.config.is_some() || self.layers.is_some() {
            return Err(format!("the manifest of {own} is both an index and an image").into());
        }
        let running = running(members, platform).into_iter();
        let digests = running.map(|it| it.digest.as_deref().map(Digest::from));
        let digests: Option<Vec<_>> = digests.collect();
        let digests =
            digests.ok_or_else(|| format!("the index {own} has an image without a digest"))?;
        match digests.len() {
            0 => Err(format!("the index {own} names no image").into()),
            1..=MEMBERS => Ok(digests),
            count => Err(format!(
                "the index {own} has {count} images that may run, expected {MEMBERS} at most"
            )
            .into()),
        }
    }

    /// The members of an index that are images, as far as it says.
    pub(super) fn images(&self) -> impl Iterator<Item = &Descriptor> {
        let members = self.manifests.iter().flatten();
        members.filter(|member| member.may_be_an_image())
    }

    /// The platforms that an index names.
    pub(super) fn platforms(&self) -> Vec<String> {
        let named = self.images().filter_map(|it| it.platform.as_ref());
        named.filter_map(Platform::name).collect()
    }
}

/// Members that a host of this platform may run. If one suits every such host, none that is plainly for another platform
/// runs: hosts that can run those too, as amd64 does 386, take it first.
fn running<'a>(members: &'a [Descriptor], platform: Option<&str>) -> Vec<&'a Descriptor> {
    let of = |it: &'a Descriptor| it.platform.as_ref();
    let all = members.iter().filter(|it| it.may_run());
    let is_sure = all
        .clone()
        .any(|it| of(it).is_some_and(|it| it.suits(platform)));
    let is_other = |it| of(it).is_some_and(|it| it.is_other_than(platform));
    all.filter(|it| !is_sure || !is_other(it)).collect()
}

impl Descriptor {
    fn may_be_an_image(&self) -> bool {
        let artifact = self.artifact_type.as_deref().is_some_and(is_foreign);
        self.is_no_attestation() && !artifact
    }

    /// Whether a task could run it: a platform is enough, whatever else it says that it is.
    fn may_run(&self) -> bool {
        let named = self.platform.as_ref().is_some_and(Platform::is_named);
        self.may_be_an_image() || named && self.is_no_attestation()
    }

    fn is_no_attestation(&self) -> bool {
        let manifest = self.media_type.as_deref().is_none_or(is_manifest);
        let attestation = self.platform.as_ref().is_some_and(Platform::is_unknown);
        manifest && !attestation
    }
}

/// A media type of a manifest or of an index.
pub(super) fn is_manifest(media_type: &str) -> bool {
    MANIFESTS.iter().any(|it| media_type.starts_with(it))
}

/// A type of an artifact, or of its configuration, that no container image has. Very old images have one that says nothing.
pub(super) fn is_foreign(media_type: &str) -> bool {
    let of_an_image = [
        "application/vnd.oci.image.config.",
        "application/vnd.docker.container.image.",
        "application/octet-stream",
    ];
    !media_type.is_empty() && !of_an_image.iter().any(|it| media_type.starts_with(it))
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
