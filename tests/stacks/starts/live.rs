//! A3: an image and the index that holds it are one build. What is live already is not released again.

use crate::case::Case;
use serde_json::json;

/// Blue runs this image.
fn blue_runs(title: &'static str, image: &str) -> Case {
    let change = json!({"taskDefinitions/7/containerDefinitions/api/image": image});
    Case::new("A3", title).change(change)
}

fn skipped(case: Case) -> Case {
    case.skips().saying(&["live in blue already"])
}

/// The index of an image that is just being released waits for it, and is live then.
fn skipped_later() -> Case {
    Case::new("A3", "the index of an image that is being released")
        .pushes("candidate", "sha256:110a…")
        .releases()
        .leaves_open("wrong-architecture")
        .calls("deploy", json!({"action": "register", "plan": "$plan"}))
        .calls("deploy", json!({"action": "update", "plan": "$plan", "taskDefinition": "$taskDefinition"}))
        .flips(2)
        .answers(json!({"decision": "flipped"}))
        .pushes("v1.1.0", "sha256:110…")
        .waits()
        .calls("detect", json!({
            "action": "finish", "outcome": "stable", "reason": "240 requests, 0 errors",
            "execution": {"id": "execution:shop-release:r1", "name": "r1", "startTime": "2026-11-20T10:01:05Z"},
        }))
        .polls()
        .skips()
        .saying(&["live in green already"])
}

pub fn cases() -> Vec<Case> {
    let mut cases = proven();
    cases.extend(unproven());
    cases
}

fn proven() -> Vec<Case> {
    vec![
        skipped(
            blue_runs(
                "the live image is a member of the pushed index",
                "registry/shop@sha256:110a…",
            )
            .pushes("v1.1.0", "sha256:110…"),
        ),
        skipped(
            blue_runs(
                "the pushed image is a member of the live index",
                "registry/shop@sha256:110…",
            )
            .pushes("candidate", "sha256:110a…"),
        ),
        skipped(
            blue_runs(
                "ECS reports a member of the index that the tag names",
                "registry/shop:v1.1.0",
            )
            .pushes("v1.1.0", "sha256:110…"),
        ),
        skipped(
            blue_runs(
                "an operator asks for the index of the live image",
                "registry/shop@sha256:110a…",
            )
            .asks(json!({"tag": "v1.1.0"})),
        ),
        skipped_later(),
    ]
}

/// What does not prove it.
fn unproven() -> Vec<Case> {
    vec![
        blue_runs(
            "a live image whose index cannot be read decides nothing",
            "registry/shop@sha256:110a…",
        )
        .change(json!({"faults/BatchGetImage": "ServerException"}))
        .pushes("v1.1.0", "sha256:110…")
        .releases()
        .leaves_open("wrong-architecture"),
        blue_runs(
            "an attestation that two builds share makes no build of them",
            "registry/shop@sha256:110b…",
        )
        .change(json!({"images/attestation": {
            "imageDigest": "sha256:110b…", "imagePushedAt": 1795168190,
            "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json", "manifest": {},
        }}))
        .pushes("v1.1.0", "sha256:110…")
        .releases(),
    ]
}
