//! What is an image, or may be one.

use super::{OCI_CONFIG, OCI_INDEX, OCI_MANIFEST, index, kind, single};
use serde_json::json;

/// The layers of an image, and whose they are.
const LAYERS: [(&str, &str); 7] = [
    ("OCI's", "application/vnd.oci.image.layer.v1.tar+gzip"),
    ("zstd", "application/vnd.oci.image.layer.v1.tar+zstd"),
    (
        "not to be distributed",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
    ),
    (
        "encrypted",
        "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
    ),
    ("Nydus", "application/vnd.oci.image.layer.nydus.blob.v1"),
    ("Windows, of Microsoft's", FOREIGN),
    ("a kind to come", "application/vnd.erofs.layer.v1"),
];
const FOREIGN: &str = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

#[test]
fn layers_of_every_kind_make_an_image() {
    for (what, layer) in LAYERS {
        assert_eq!(kind(&single(OCI_CONFIG, &[layer, layer])), None, "{what}");
    }
    let text = "application/vnd.in-toto+json";
    assert_eq!(kind(&single(OCI_CONFIG, &[text, FOREIGN])), None, "mixed");
}

#[test]
fn configurations_of_every_kind_make_an_image() {
    let layer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    for config in [
        OCI_CONFIG,
        "application/vnd.docker.container.image.v1+json",
        // Of a very old Docker.
        "application/octet-stream",
    ] {
        assert_eq!(kind(&single(config, &[layer])), None, "{config}");
    }
    let mut typed = single(OCI_CONFIG, &[layer]);
    typed["artifactType"] = json!(OCI_CONFIG);
    assert_eq!(kind(&typed), None, "its artifact type is that of an image");
}

#[test]
fn an_index_that_holds_an_image_is_one() {
    let image = |os: &str, cpu: &str| json!({"mediaType": OCI_MANIFEST, "platform": {"os": os, "architecture": cpu}});
    let list = "application/vnd.docker.distribution.manifest.list.v2+json";
    for (what, members) in [
        (
            "BuildKit's with attestations",
            json!([image("linux", "amd64"), image("unknown", "unknown")]),
        ),
        ("Windows", json!([image("windows", "amd64")])),
        ("no platform", json!([{"mediaType": OCI_MANIFEST}])),
        (
            "nothing but a platform",
            json!([{"platform": {"os": "linux", "architecture": "arm64"}}]),
        ),
        ("an index in it", json!([{"mediaType": OCI_INDEX}])),
        ("Docker's list in it", json!([{"mediaType": list}])),
        (
            "with an index of SOCI's",
            json!([image("linux", "amd64"), {
                "mediaType": OCI_MANIFEST,
                "artifactType": "application/vnd.amazon.soci.index.v2+json",
            }]),
        ),
    ] {
        assert_eq!(kind(&index(&members)), None, "{what}");
    }
}

#[test]
fn what_says_nothing_of_its_kind_is_taken_for_an_image() {
    for manifest in [
        json!({}),
        json!({"config": {"digest": "sha256:b"}, "layers": []}),
        json!({"schemaVersion": 1, "fsLayers": [{"blobSum": "sha256:b"}]}),
        json!({"config": null, "layers": null, "manifests": null}),
        json!({"config": {"mediaType": ""}}),
        json!({"config": {"mediaType": OCI_CONFIG}}),
    ] {
        assert_eq!(kind(&manifest), None, "{manifest}");
    }
}
