//! What stands in a repository beside container images: caches, charts, signatures, attestations, modules. Pure.
//!
//! It is decided by media types alone. What they leave open is taken for an image: nobody's release is to end here because
//! a registry does not tell, or because a new kind of layer has come up.

use super::manifest::{Descriptor, Manifest, is_foreign, is_manifest};
use aws_sdk_ecr::types::ImageDetail;
use shared::listed;
use std::collections::BTreeSet;

/// Why it is no container image; none where it is one, or where that cannot be told.
pub(super) fn not_an_image(described: &ImageDetail, manifest: Option<&Manifest>) -> Option<String> {
    let artifact = described.artifact_media_type();
    // For an index ECR may give the type of its manifest.
    let artifact = artifact.filter(|it| !is_manifest(it) && is_foreign(it));
    let artifact = artifact.map(|it| format!("its artifact type is {it}"));
    artifact.or_else(|| manifest.and_then(other_kind))
}

fn other_kind(manifest: &Manifest) -> Option<String> {
    let foreign = |of: Option<&String>| of.filter(|it| is_foreign(it)).cloned();
    if let Some(artifact) = foreign(manifest.artifact_type.as_ref()) {
        return Some(format!("its artifact type is {artifact}"));
    }
    if let Some(members) = &manifest.manifests {
        let types = types(members);
        let none = manifest.images().next().is_none();
        return none.then(|| format!("it is an index without an image: [{types}]"));
    }
    let config = manifest.config.as_ref();
    if let Some(config) = foreign(config.and_then(|it| it.media_type.as_ref())) {
        return Some(format!("its configuration is {config}"));
    }
    let layers = manifest.layers.as_ref()?;
    let types = types(layers);
    let no_files =
        config.is_some_and(|it| it.media_type.is_some()) && layers.iter().all(is_document);
    no_files.then(|| format!("none of its layers holds a filesystem: [{types}]"))
}

/// Signatures, attestations and bills of materials may have the configuration of an image. Their layers are texts.
fn is_document(layer: &Descriptor) -> bool {
    let media_type = layer.media_type.as_deref().unwrap_or_default();
    let (plain, _) = media_type.split_once(';').unwrap_or((media_type, ""));
    let plain = plain.trim();
    let text = ["+json", "/json", "+xml", "/xml"];
    plain.starts_with("text/") || text.iter().any(|it| plain.ends_with(it))
}

/// The types of layers or members, each once.
fn types(of: &[Descriptor]) -> String {
    let types = of.iter().filter_map(|it| {
        let artifact = it.artifact_type.as_deref();
        artifact.or(it.media_type.as_deref())
    });
    let types: BTreeSet<&str> = types.collect();
    listed(types, ", ")
}

#[cfg(test)]
#[path = "artifact_tests.rs"]
mod tests;
