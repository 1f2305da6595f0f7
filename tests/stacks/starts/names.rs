//! A4 and A5: replication, and the full names of images.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = replications();
    cases.extend(full_names());
    cases.extend(other_names());
    cases
}

/// As ECR reports that another Region's image has arrived.
fn replication(action: &str, result: &str) -> Value {
    json!({
        "version": "0", "id": "c8b133b1-6029-ee73-e2a1-4f466b8ba999", "account": "111122223333", "region": "eu-west-1",
        "resources": ["arn:aws:ecr:us-east-1:111122223333:repository/shop"], "source": "aws.ecr",
        "detail-type": "ECR Replication Action", "time": "$pushedAt",
        "detail": {
            "action-type": action, "result": result, "repository-name": "shop", "image-tag": "v1.1.0",
            "image-digest": "sha256:110…", "source-account": "111122223333", "source-region": "us-east-1",
        },
    })
}

fn replications() -> Vec<Case> {
    let mut untagged = replication("REPLICATE", "SUCCESS");
    untagged["detail"]["image-tag"] = Value::Null;
    vec![
        Case::new("A4", "a replication is a push")
            .asks(replication("REPLICATE", "SUCCESS"))
            .releases(),
        Case::new(
            "A4",
            "a replication of what failed before is skipped as a push is",
        )
        .pushes("v1.1.0", "sha256:110…")
        .releases()
        .ends("failed", "SmokeTestFailed", "status 500")
        .asks(replication("REPLICATE", "SUCCESS"))
        .skips()
        .untouched()
        .saying(&["r1", "status 500"]),
        Case::new("A4", "a replication that failed")
            .asks(replication("REPLICATE", "FAILURE"))
            .refuses_with(&["FAILURE"]),
        Case::new("A4", "a replication without a tag")
            .asks(untagged)
            .skips()
            .untouched()
            .saying(&["untagged"]),
        Case::new("A4", "a replication that says it is a push")
            .asks(replication("PUSH", "SUCCESS"))
            .refuses_with(&["PUSH"]),
    ]
}

/// The own repository, by each of its names.
fn full_names() -> Vec<Case> {
    let names = |title, image: &str| {
        Case::new("A5", title)
            .asks(json!({"image": image}))
            .releases()
    };
    let digest = "sha256:1100000000000000000000000000000000000000000000000000000000000000";
    vec![
        names(
            "the console's URI",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:v1.1.0",
        ),
        names(
            "a URI with a digest",
            &format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop@{digest}"),
        ),
        names(
            "a URI with both",
            &format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:v1.1.0@{digest}"),
        ),
        names("a name with both", &format!("shop:v1.1.0@{digest}")),
        names(
            "the host of FIPS",
            "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/shop:v1.1.0",
        ),
        names(
            "the host of both IP versions",
            "111122223333.dkr-ecr.eu-west-1.on.aws/shop:v1.1.0",
        ),
        names(
            "the host of both IP versions and FIPS",
            "111122223333.dkr-ecr-fips.eu-west-1.on.aws/shop:v1.1.0",
        ),
        Case::new("A5", "a repository in a namespace")
            .change(json!({
                "parameters/RepositoryName": "team/shop", "repository/repositoryName": "team/shop",
                "repository/repositoryUri": "registry/team/shop",
            }))
            .asks(json!({"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/shop:v1.1.0"}))
            .releases(),
    ]
}

fn other_names() -> Vec<Case> {
    let refused = |title, image: &'static str, words: &'static [&'static str]| {
        Case::new("A5", title)
            .asks(json!({"image": image}))
            .refuses_with(words)
    };
    vec![
        refused(
            "another account",
            "999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop:v1.1.0",
            &[
                "999999999999.dkr.ecr.eu-west-1.amazonaws.com",
                "111122223333",
            ],
        ),
        refused(
            "another Region",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:v1.1.0",
            &["us-east-1", "eu-west-1"],
        ),
        refused(
            "another repository",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/store:v1.1.0",
            &["store", "shop"],
        ),
        refused(
            "a host that only begins so",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example/shop:v1.1.0",
            &["evil"],
        ),
        refused(
            "a public registry",
            "public.ecr.aws/shop:v1.1.0",
            &["public.ecr.aws", "shop"],
        ),
        refused(
            "no tag",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop",
            &["neither a tag nor a digest"],
        ),
    ]
}
