//! What an image is built for, as its manifest or its configuration says, and what a task definition asks for.

use super::fact::Fact;
use super::manifest::Manifest;
use super::platform::Platform;
use aws_sdk_ecr::Client;
use aws_sdk_ecs::types::{Compatibility, CpuArchitecture, TaskDefinition};
use shared::Error;
use shared::aws::download;
use shared::scan::Repository;

/// Bytes of a configuration: what registries take of a manifest (OCI distribution specification, "Pushing Manifests"). A
/// configuration has a line or two for each layer, and some ten KiB.
const LIMIT: usize = 4 * 1024 * 1024;

/// What an image is built for (`linux/arm64`), as an index says of each image, or a single image's configuration.
pub(super) async fn platforms(
    ecr: &Client,
    repository: Repository<'_>,
    manifest: &Fact<Manifest>,
) -> Fact<Vec<String>> {
    let manifest = manifest.as_ref().map_err(Clone::clone)?;
    let platforms = manifest.platforms();
    if !platforms.is_empty() {
        return Ok(platforms);
    }
    let configuration = manifest.config.as_ref();
    match configuration.and_then(|it| it.digest.as_deref()) {
        Some(configuration) => in_configuration(ecr, repository, configuration).await,
        None => Err("its manifest is neither an index nor an image".into()),
    }
}

/// The platform that an image's configuration names.
async fn in_configuration(
    ecr: &Client,
    repository: Repository<'_>,
    digest: &str,
) -> Fact<Vec<String>> {
    let output = ecr
        .get_download_url_for_layer()
        .registry_id(repository.registry)
        .repository_name(repository.name)
        .layer_digest(digest)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecr:GetDownloadUrlForLayer", error))?;
    let file = download(output.download_url().unwrap_or_default(), LIMIT).await;
    let file = file.map_err(|reason| format!("its configuration could not be read: {reason}"))?;
    let platform: Platform = serde_json::from_slice(&file).unwrap_or_default();
    let platform = platform
        .name()
        .ok_or("its configuration names no platform")?;
    Ok(vec![platform])
}

/// The platform that a task definition asks for, in a registry's words. Without one Fargate runs Linux on x86-64; elsewhere
/// the instances decide.
pub(crate) fn platform(definition: &TaskDefinition) -> Option<String> {
    let platform = definition.runtime_platform();
    let required = definition.requires_compatibilities();
    let cpu = match platform.and_then(|it| it.cpu_architecture()) {
        Some(CpuArchitecture::Arm64) => "arm64",
        Some(_) => "amd64",
        None if required.contains(&Compatibility::Fargate) => "amd64",
        None => return None,
    };
    let system = platform.and_then(|it| it.operating_system_family());
    let windows = system.is_some_and(|it| it.as_str().starts_with("WINDOWS"));
    let system = if windows { "windows" } else { "linux" };
    Some(format!("{system}/{cpu}"))
}

#[cfg(test)]
#[path = "platforms_tests.rs"]
mod tests;
