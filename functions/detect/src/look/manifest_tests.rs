//! Which images of an index a task may run.

use super::*;
use serde_json::{Value, json};

const OCI: &str = "application/vnd.oci.image.manifest.v1+json";

fn member(digest: &str, platform: &Value) -> Value {
    json!({"mediaType": OCI, "digest": digest, "platform": platform})
}

fn on(cpu: &str) -> Value {
    json!({"os": "linux", "architecture": cpu})
}

fn runs(members: &Value, platform: Option<&str>) -> Result<Vec<String>, String> {
    let manifest = json!({ "manifests": members });
    let manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
    let digests = manifest.runs_as(&"sha256:own".into(), platform);
    let digests = digests.map_err(|unknown| unknown.0)?;
    Ok(digests.iter().map(ToString::to_string).collect())
}

#[test]
fn a_single_image_runs_as_itself() {
    let single = Manifest::default().runs_as(&"sha256:own".into(), Some("linux/amd64"));
    assert_eq!(single.expect("known"), [Digest::from("sha256:own")]);
}

#[test]
fn of_an_index_the_images_for_the_platform_may_run_and_those_that_name_none() {
    let mut typed = member("amd64-typed", &on("amd64"));
    typed["artifactType"] = json!("application/vnd.example.v1");
    let signature =
        json!({"mediaType": OCI, "digest": "sbom", "artifactType": "application/vnd.example.v1"});
    let members = json!([
        member("amd64", &on("amd64")),
        typed,
        member("arm64-v8", &json!({"os": "linux", "architecture": "arm64", "variant": "v8"})),
        member("attested", &json!({"os": "unknown", "architecture": "unknown"})),
        member("unnamed", &Value::Null),
        signature,
        {"mediaType": "application/vnd.example.layer", "digest": "layer", "platform": on("amd64")},
    ]);
    let amd64 = runs(&members, Some("linux/amd64"));
    assert_eq!(amd64.expect("known"), ["amd64", "amd64-typed", "unnamed"]);
    assert_eq!(
        runs(&members, Some("linux/arm64")).expect("known"),
        ["arm64-v8", "unnamed"]
    );
    let all = ["amd64", "amd64-typed", "arm64-v8", "unnamed"];
    assert_eq!(runs(&members, None).expect("known"), all);
}

#[test]
fn where_no_image_is_for_the_platform_each_may_run() {
    let members = json!([member("amd64", &on("amd64")), member("arm64", &on("arm64"))]);
    assert_eq!(
        runs(&members, Some("windows/amd64")).expect("known"),
        ["amd64", "arm64"]
    );
}

#[test]
fn of_an_index_only_what_is_plainly_for_another_platform_does_not_run() {
    let of = |os: &str, cpu: &str| json!({"os": os, "architecture": cpu});
    let clean = |cpu: &str| member("clean", &on(cpu));
    for (os, cpu) in [
        ("linux", "x86_64"),
        ("linux", "x86-64"),
        ("linux", "AMD64"),
        ("Linux", "amd64"),
        ("", "amd64"),
        ("", "arm64"),
        ("linux", ""),
        ("linux", " amd64"),
        ("linux", "x64"),
        ("any", "amd64"),
    ] {
        let members = json!([member("bad", &of(os, cpu)), clean("amd64")]);
        let found = runs(&members, Some("linux/amd64"));
        assert_eq!(found.expect("known"), ["bad", "clean"], "{os}/{cpu}");
    }
    for (os, cpu) in [
        ("linux", "arm64"),
        ("LINUX", "AArch64"),
        ("windows", "amd64"),
        ("linux", "i386"),
        ("linux", "riscv64"),
    ] {
        let members = json!([member("other", &of(os, cpu)), clean("amd64")]);
        let found = runs(&members, Some("linux/amd64"));
        assert_eq!(found.expect("known"), ["clean"], "{os}/{cpu}");
    }
    let members = json!([member("bad", &of("linux", "aarch64")), clean("arm64")]);
    let found = runs(&members, Some("linux/arm64"));
    assert_eq!(found.expect("known"), ["bad", "clean"]);
    let mut typed = member("bad", &json!({"architecture": "amd64"}));
    typed["artifactType"] = json!("application/vnd.example.v1");
    let found = runs(&json!([typed, clean("amd64")]), Some("linux/amd64"));
    assert_eq!(found.expect("known"), ["bad", "clean"]);
}

#[test]
fn a_variant_or_a_version_of_the_system_rules_nothing_out() {
    let with = |name: &str, value: &str| {
        let mut platform = on("arm64");
        platform[name] = json!(value);
        member(value, &platform)
    };
    let members = json!([
        with("variant", "v8"),
        with("variant", "v9"),
        with("os.version", "6.1")
    ]);
    let found = runs(&members, Some("linux/arm64"));
    assert_eq!(found.expect("known"), ["v8", "v9", "6.1"]);
    // A host that cannot run this variant takes the image for 32 bits.
    let members = json!([with("variant", "v9"), member("arm", &on("arm"))]);
    let found = runs(&members, Some("linux/arm64"));
    assert_eq!(found.expect("known"), ["v9", "arm"]);
}

#[test]
fn a_manifest_that_is_two_things_at_once_or_names_no_digest_is_not_known() {
    let index = json!([member("amd64", &on("amd64"))]);
    for (field, value) in [
        ("config", json!({"digest": "sha256:config"})),
        ("layers", json!([])),
    ] {
        let manifest = json!({"manifests": index, field: value});
        let manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
        let both = manifest.runs_as(&"sha256:own".into(), Some("linux/amd64"));
        let both = both.expect_err("unknown").0;
        assert_eq!(
            both,
            "the manifest of sha256:own is both an index and an image"
        );
    }
    let members = json!([{"platform": on("amd64")}, member("amd64", &on("amd64"))]);
    let nameless = runs(&members, Some("linux/amd64")).expect_err("unknown");
    assert_eq!(
        nameless,
        "the index sha256:own has an image without a digest"
    );
}

#[test]
fn an_index_with_no_image_or_with_more_than_are_looked_up_is_not_known() {
    let none = runs(&json!([]), None).expect_err("unknown");
    assert_eq!(none, "the index sha256:own names no image");
    let many: Vec<_> = (0..33)
        .map(|it| member(&format!("sha256:{it}"), &on("amd64")))
        .collect();
    let many = runs(&json!(many), Some("linux/amd64")).expect_err("unknown");
    assert!(
        many.contains("has 33 images that may run, expected 32 at most"),
        "{many}"
    );
}
