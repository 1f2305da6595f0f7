//! A3: tags chosen by prefix and by exceptions. They hold for pushes; who asks by name gets what was named.

use crate::case::Case;
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let mut cases = by_default();
    cases.extend(by_parameter());
    cases
}

/// What the default of the exceptions keeps out, and what it must not.
fn by_default() -> Vec<Case> {
    let out = |title, tag: &'static str| {
        let case = Case::new("A3", title).pushes(tag, "sha256:110…");
        case.skips().untouched().saying(&[tag, "TagExceptions"])
    };
    let through =
        |title, tag: &'static str| Case::new("A3", title).pushes(tag, "sha256:110…").releases();
    vec![
        out("a tag of one architecture", "v1.1.0-amd64"),
        out("a tag of another architecture", "v1.1.0-arm64"),
        out("a tag of BuildKit's cache", "buildcache"),
        out(
            "a tag of a signature",
            "sha256-1100000000000000000000000000000000000000000000000000000000000000.sig",
        ),
        out(
            "a tag of an attestation",
            "sha256-1100000000000000000000000000000000000000000000000000000000000000.att",
        ),
        out(
            "a tag of an SBOM",
            "sha256-1100000000000000000000000000000000000000000000000000000000000000.sbom",
        ),
        out(
            "a tag of referrers",
            "sha256-1100000000000000000000000000000000000000000000000000000000000000",
        ),
        through(
            "a tag that speaks of a cache in its middle",
            "fix-cache-bug",
        ),
        through(
            "a tag that speaks of an architecture in its middle",
            "drop-arm64-support",
        ),
        through("a commit", "sha-4f2a9c1"),
        through("latest", "latest"),
        Case::new("A3", "an operator asks for the tag of one architecture")
            .change(json!({"images/v1.1.0/imageTags": ["v1.1.0", "v1.1.0-amd64"]}))
            .asks(json!({"tag": "v1.1.0-amd64"}))
            .releases(),
    ]
}

fn by_parameter() -> Vec<Case> {
    let prefix = || {
        Case::new("A3", "a prefix lets through what begins so")
            .change(json!({"parameters/TagPrefix": "v"}))
    };
    vec![
        prefix().pushes("v1.1.0", "sha256:110…").releases(),
        prefix()
            .pushes("latest", "sha256:110…")
            .skips()
            .untouched()
            .saying(&["latest", "TagPrefix"]),
        prefix()
            .pushes("v1.1.0-arm64", "sha256:110…")
            .skips()
            .untouched()
            .saying(&["TagExceptions"]),
        prefix().asks(json!({"image": "shop:v1.1.0"})).releases(),
        Case::new("A3", "no exceptions")
            .change(json!({"parameters/TagExceptions": ""}))
            .pushes("v1.1.0-amd64", "sha256:110…")
            .releases(),
        Case::new("A3", "exceptions of one's own")
            .change(json!({"parameters/TagExceptions": ["nightly-*", "*-rc?"]}))
            .pushes("nightly-2026-11-20", "sha256:110…")
            .skips()
            .untouched()
            .saying(&["nightly-*"])
            .pushes("v1.1.0-rc1", "sha256:110…")
            .skips()
            .untouched()
            .saying(&["*-rc?"])
            .pushes("v1.1.0-rc12", "sha256:110…")
            .releases(),
    ]
}
