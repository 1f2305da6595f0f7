//! The tests of `artifact.rs`: what people's tools push, as it stands in the registry (digests and sizes left out).

#[path = "artifact_tests/images.rs"]
mod images;

use super::*;
use serde_json::{Value, json};

const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

fn kind(manifest: &Value) -> Option<String> {
    let manifest: Manifest = serde_json::from_value(manifest.clone()).expect("a manifest");
    not_an_image(&ImageDetail::builder().build(), Some(&manifest))
}

fn single(config: &str, layers: &[&str]) -> Value {
    let layers = layers.iter().map(|it| json!({"mediaType": it}));
    json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": {"mediaType": config},
        "layers": Vec::from_iter(layers),
    })
}

fn index(members: &Value) -> Value {
    json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": members})
}

fn none(what: &str, manifest: Value, expect: &str) {
    let found = kind(&manifest).unwrap_or_else(|| panic!("{what} was taken for an image"));
    assert_eq!(found, expect, "{what}");
}

#[test]
fn artifacts_with_a_configuration_of_their_own_are_no_images() {
    let tar = "application/vnd.oci.image.layer.v1.tar+gzip";
    none(
        "BuildKit's cache, image-manifest=true",
        single("application/vnd.buildkit.cacheconfig.v0", &[tar, tar]),
        "its configuration is application/vnd.buildkit.cacheconfig.v0",
    );
    none(
        "a Helm chart",
        single(
            "application/vnd.cncf.helm.config.v1+json",
            &["application/vnd.cncf.helm.chart.content.v1.tar+gzip"],
        ),
        "its configuration is application/vnd.cncf.helm.config.v1+json",
    );
    none(
        "a WebAssembly module",
        single("application/vnd.wasm.config.v0+json", &["application/wasm"]),
        "its configuration is application/vnd.wasm.config.v0+json",
    );
    none(
        "files that ORAS 0 pushed",
        single("application/vnd.unknown.config.v1+json", &[tar]),
        "its configuration is application/vnd.unknown.config.v1+json",
    );
}

#[test]
fn artifacts_with_an_empty_configuration_are_no_images() {
    let mut artifact = single(
        "application/vnd.oci.empty.v1+json",
        &["application/vnd.acme.rocket.docs.layer.v1+tar"],
    );
    none(
        "an artifact that names no type of its own",
        artifact.clone(),
        "its configuration is application/vnd.oci.empty.v1+json",
    );
    artifact["artifactType"] = json!("application/vnd.acme.rocket.config");
    none(
        "files that ORAS 1 pushed",
        artifact,
        "its artifact type is application/vnd.acme.rocket.config",
    );
    let mut attestation = single(
        "application/vnd.oci.empty.v1+json",
        &["application/vnd.in-toto+json"],
    );
    attestation["artifactType"] = json!("application/vnd.docker.attestation.manifest.v1+json");
    attestation["subject"] = json!({"mediaType": OCI_MANIFEST});
    none(
        "BuildKit's attestation, oci-artifact=true",
        attestation,
        "its artifact type is application/vnd.docker.attestation.manifest.v1+json",
    );
}

#[test]
fn texts_with_the_configuration_of_an_image_are_no_images() {
    for (what, layers) in [
        (
            "a signature of cosign",
            "application/vnd.dev.cosign.simplesigning.v1+json",
        ),
        (
            "an attestation of cosign",
            "application/vnd.dsse.envelope.v1+json",
        ),
        ("an attestation of BuildKit", "application/vnd.in-toto+json"),
        (
            "an attestation of GitHub's",
            "application/vnd.dev.sigstore.bundle+json;version=0.2",
        ),
        ("a bill of materials", "text/spdx"),
        (
            "a bill of materials as XML",
            "application/vnd.cyclonedx+xml",
        ),
    ] {
        let expect = format!("none of its layers holds a filesystem: [{layers}]");
        none(what, single(OCI_CONFIG, &[layers, layers]), &expect);
    }
    let expect = "none of its layers holds a filesystem: []";
    none("a configuration alone", single(OCI_CONFIG, &[]), expect);
}

#[test]
fn an_index_in_which_no_image_is_is_none() {
    let cache = json!([
        {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"},
        {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"},
        {"mediaType": "application/vnd.buildkit.cacheconfig.v0"},
    ]);
    none(
        "BuildKit's cache as it is by default",
        index(&cache),
        "it is an index without an image: [application/vnd.buildkit.cacheconfig.v0, \
         application/vnd.oci.image.layer.v1.tar+gzip]",
    );
    let attestations = json!([{
        "mediaType": OCI_MANIFEST,
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }]);
    none(
        "attestations alone",
        index(&attestations),
        "it is an index without an image: [application/vnd.oci.image.manifest.v1+json]",
    );
    let referrers = json!([
        {"mediaType": OCI_MANIFEST, "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json"},
    ]);
    none(
        "the list of what refers to an image",
        index(&referrers),
        "it is an index without an image: [application/vnd.dev.sigstore.bundle.v0.3+json]",
    );
    none(
        "nothing",
        index(&json!([])),
        "it is an index without an image: []",
    );
    let mut typed = index(&json!([{"mediaType": OCI_MANIFEST}]));
    typed["artifactType"] = json!("application/vnd.acme.collection");
    none(
        "an index of something else",
        typed,
        "its artifact type is application/vnd.acme.collection",
    );
}

#[test]
fn what_ecr_says_decides_where_the_manifest_cannot_be_read() {
    let described = |artifact: &str| {
        let detail = ImageDetail::builder().artifact_media_type(artifact).build();
        not_an_image(&detail, None)
    };
    for artifact in [
        "application/vnd.buildkit.cacheconfig.v0",
        "application/vnd.cncf.helm.config.v1+json",
        "text/sbom+json",
        "application/vnd.docker.plugin.v1+json",
    ] {
        let expect = format!("its artifact type is {artifact}");
        assert_eq!(described(artifact), Some(expect));
    }
    for artifact in [
        OCI_CONFIG,
        "application/vnd.docker.container.image.v1+json",
        OCI_INDEX,
        "application/vnd.docker.distribution.manifest.v2+json",
        "",
    ] {
        assert_eq!(described(artifact), None, "{artifact}");
    }
    assert_eq!(not_an_image(&ImageDetail::builder().build(), None), None);
}
