//! A1: things that people push beside their images, each by its types.

use super::forms::{CONFIG, IMAGE, INDEX, LAYER, index, is_nothing, member, single};
use crate::case::Case;
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let mut cases = by_configuration();
    cases.extend(by_layer());
    cases.extend(by_type());
    cases.extend(indexes());
    cases
}

/// What their configuration says that they are.
fn by_configuration() -> Vec<Case> {
    let of = |title, config: &'static str, layer| is_nothing(title, config, single(config, layer));
    vec![
        of(
            "BuildKit's cache",
            "application/vnd.buildkit.cacheconfig.v0",
            LAYER,
        ),
        of(
            "a Helm chart",
            "application/vnd.cncf.helm.config.v1+json",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        ),
        of(
            "a signature of Notation",
            "application/vnd.cncf.notary.signature",
            "application/jose+json",
        ),
        of(
            "an index of SOCI",
            "application/vnd.amazon.soci.index.v1+json",
            "application/octet-stream",
        ),
        of(
            "a plugin of Docker, whose layers are those of an image",
            "application/vnd.docker.plugin.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
        ),
        of(
            "a WebAssembly module",
            "application/vnd.wasm.config.v0+json",
            "application/wasm",
        ),
        of(
            "an image of Singularity",
            "application/vnd.sylabs.sif.config.v1+json",
            "application/vnd.sylabs.sif.layer.v1.sif",
        ),
    ]
}

/// Their configuration is that of an image, and no layer is.
fn by_layer() -> Vec<Case> {
    let of = |title, layer: &'static str| is_nothing(title, layer, single(CONFIG, layer));
    vec![
        of(
            "a signature of cosign",
            "application/vnd.dev.cosign.simplesigning.v1+json",
        ),
        of("an attestation of buildx", "application/vnd.in-toto+json"),
    ]
}

/// They have a type of their own.
fn by_type() -> Vec<Case> {
    let of = |title, kind: &'static str, config, layer| {
        let mut manifest = single(config, layer);
        manifest["artifactType"] = json!(kind);
        is_nothing(title, kind, manifest)
    };
    let empty = "application/vnd.oci.empty.v1+json";
    vec![
        of(
            "an SBOM",
            "application/spdx+json",
            empty,
            "application/spdx+json",
        ),
        of(
            "a module of OpenTofu",
            "application/vnd.opentofu.modulepkg",
            empty,
            "archive/zip",
        ),
        of(
            "a Compose project",
            "application/vnd.docker.compose.project",
            CONFIG,
            "application/vnd.docker.compose.file+yaml",
        ),
        of(
            "a type of its own and the layers of an image",
            "application/vnd.example.tool",
            CONFIG,
            LAYER,
        ),
        is_nothing(
            "the artifact manifest that OCI gave up",
            "application/vnd.example.report",
            json!({
                "mediaType": "application/vnd.oci.artifact.manifest.v1+json",
                "artifactType": "application/vnd.example.report",
                "blobs": [{"mediaType": "application/json", "digest": "sha256:a170d…", "size": 166}],
            }),
        ),
    ]
}

fn indexes() -> Vec<Case> {
    let unknown = json!({"os": "unknown", "architecture": "unknown"});
    let cached = |kind: &str, layer: &str| {
        let layer = json!({"mediaType": layer, "digest": "sha256:a170d…", "size": 32654});
        let config = "application/vnd.buildkit.cacheconfig.v0";
        let config = json!({"mediaType": config, "digest": "sha256:a170c…", "size": 167});
        json!({"schemaVersion": 2, "mediaType": kind, "manifests": [layer, config]})
    };
    vec![
        is_nothing(
            "BuildKit's cache as an index",
            "cache",
            cached(INDEX, LAYER),
        ),
        is_nothing(
            "BuildKit's cache as a list of Docker's",
            "cache",
            cached(
                "application/vnd.docker.distribution.manifest.list.v2+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ),
        ),
        is_nothing(
            "an index of attestations alone",
            "an index without an image",
            index(json!([member(IMAGE, "sha256:a170a…", unknown)])),
        ),
        is_nothing(
            "an index with a type of its own",
            "application/vnd.example.bundle",
            json!({
                "schemaVersion": 2, "mediaType": INDEX, "artifactType": "application/vnd.example.bundle",
                "manifests": [member(IMAGE, "sha256:a170a…", json!({"os": "linux", "architecture": "amd64"}))],
            }),
        ),
    ]
}
