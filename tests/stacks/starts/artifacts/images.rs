//! A1: images in all their forms, and what ECR does not know, which is no reason to refuse.

use super::forms::{CONFIG, IMAGE, INDEX, LAYER, holds, index, is_an_image, member, single};
use crate::case::Case;
use serde_json::json;

const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";

pub fn cases() -> Vec<Case> {
    let mut cases = images();
    cases.extend(indexes());
    cases.extend(untold());
    cases
}

fn images() -> Vec<Case> {
    let docker = |layer: &str| {
        let mut manifest = single("application/vnd.docker.container.image.v1+json", layer);
        manifest["mediaType"] = json!(DOCKER);
        manifest
    };
    vec![
        is_an_image(
            "an image of Docker",
            docker("application/vnd.docker.image.rootfs.diff.tar.gzip"),
        ),
        is_an_image(
            "an image of Windows, whose base layer is elsewhere",
            docker("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
        ),
        is_an_image("an image of OCI", single(CONFIG, LAYER)),
        is_an_image(
            "layers of zstd",
            single(CONFIG, "application/vnd.oci.image.layer.v1.tar+zstd"),
        ),
        is_an_image(
            "layers without compression",
            single(CONFIG, "application/vnd.oci.image.layer.v1.tar"),
        ),
        is_an_image(
            "layers that are encrypted",
            single(
                CONFIG,
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            ),
        ),
    ]
}

/// Several images under one name.
fn indexes() -> Vec<Case> {
    let amd64 = json!({"os": "linux", "architecture": "amd64"});
    vec![
        is_an_image(
            "a list of Docker's",
            json!({
                "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
                "manifests": [member(DOCKER, "sha256:a170a…", amd64.clone())],
            }),
        ),
        is_an_image(
            "an index with the indexes of SOCI in it",
            index(json!([
                member(IMAGE, "sha256:a170a…", amd64.clone()),
                {"mediaType": IMAGE, "digest": "sha256:a1705…", "size": 1123,
                "artifactType": "application/vnd.amazon.soci.index.v2+json"},
            ])),
        ),
        holds(
            "an index whose member names no platform",
            &index(json!([
                {"mediaType": IMAGE, "digest": "sha256:a170a…", "size": 1123},
            ])),
        )
        .pushes("main", "sha256:a17…")
        .releases()
        .leaves_open("wrong-architecture"),
        holds(
            "an index that holds an index",
            &index(json!([member(INDEX, "sha256:a170a…", amd64)])),
        )
        .pushes("main", "sha256:a17…")
        .releases(),
    ]
}

/// No reason to refuse, and no release is kept waiting for it.
fn untold() -> Vec<Case> {
    let schema_1 = json!({
        "schemaVersion": 1, "name": "shop", "tag": "main", "architecture": "amd64",
        "fsLayers": [{"blobSum": "sha256:a170d…"}], "history": [{"v1Compatibility": "{}"}],
    });
    let pushed = |case: Case| {
        let case = case.pushes("main", "sha256:a17…").releases();
        case.leaves_open("wrong-architecture")
    };
    vec![
        pushed(holds("a manifest of Docker's first schema", &schema_1)),
        pushed(holds("a manifest that cannot be read", &single(CONFIG, LAYER))
            .change(json!({"images/artifact/manifest": "<html>", "images/artifact/artifactMediaType": null}))),
        pushed(holds("a manifest that ECR does not give", &single(CONFIG, LAYER))
            .change(json!({"faults/BatchGetImage": "ServerException"}))),
        pushed(holds("a configuration whose type ECR does not name", &single(CONFIG, LAYER))
            .change(json!({"images/artifact/artifactMediaType": null}))),
    ]
}
