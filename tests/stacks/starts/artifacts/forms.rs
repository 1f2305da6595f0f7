//! The manifests of what people push, and the case of a repository that holds one.

use crate::case::Case;
use serde_json::{Value, json};

pub const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The repository also holds this, as its newest push. ECR says the type of its configuration; an index has none.
pub fn holds(title: &'static str, manifest: &Value) -> Case {
    Case::new("A1", title).change(json!({"images/artifact": {
        "imageDigest": "sha256:a17…", "imageTags": ["main"], "imagePushedAt": 1795168200,
        "imageManifestMediaType": manifest["mediaType"],
        "artifactMediaType": manifest.get("artifactType").unwrap_or(&manifest["config"]["mediaType"]),
        "manifest": manifest,
    }}))
}

pub fn is_nothing(title: &'static str, says: &'static str, manifest: Value) -> Case {
    let case = holds(title, &manifest).pushes("main", "sha256:a17…");
    let case = case.skips().untouched().saying(&[says]);
    case.asks(json!({"tag": "main"}))
        .skips()
        .untouched()
        .saying(&[says])
}

/// A single image names its platform in its configuration, which cannot be read here.
pub fn is_an_image(title: &'static str, manifest: Value) -> Case {
    let case = holds(title, &manifest)
        .pushes("main", "sha256:a17…")
        .releases();
    if manifest["manifests"].is_array() {
        case
    } else {
        case.leaves_open("wrong-architecture")
    }
}

/// A manifest of one image, or of what looks like one.
pub fn single(config: &str, layer: &str) -> Value {
    json!({
        "schemaVersion": 2, "mediaType": IMAGE,
        "config": {"mediaType": config, "digest": "sha256:a170c…", "size": 167},
        "layers": [{"mediaType": layer, "digest": "sha256:a170d…", "size": 32654}],
    })
}

pub fn index(members: Value) -> Value {
    json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": members})
}

pub fn member(kind: &str, digest: &str, platform: Value) -> Value {
    json!({"mediaType": kind, "digest": digest, "size": 1123, "platform": platform})
}
