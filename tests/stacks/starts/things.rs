//! A6 and A8: times that lie in the future, images that are archived.

use crate::case::Case;
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let mut cases = times();
    cases.extend(archived());
    cases
}

fn times() -> Vec<Case> {
    let pushed_at = |time: &str| {
        json!({
            "source": "aws.ecr", "detail-type": "ECR Image Action", "account": "111122223333", "time": time,
            "detail": {
                "action-type": "PUSH", "result": "SUCCESS", "repository-name": "shop", "image-tag": "v1.1.0",
                "image-digest": "sha256:110…",
            },
        })
    };
    vec![
        Case::new(
            "A6",
            "a push from the future does not keep the next one waiting",
        )
        .asks(pushed_at("2099-01-01T00:00:00Z"))
        .releases()
        .ends("failed", "AwsUnavailable", "for another reason")
        .pushes("latest", "sha256:110…")
        .releases(),
        Case::new(
            "A6",
            "a record that holds a push from the future, as the version before wrote it",
        )
        .change(json!({"record/newest/madeAt": "2099-01-01T00:00:00Z"}))
        .pushes("v1.1.0", "sha256:110…")
        .releases(),
        Case::new("A6", "an older push stays older")
            .asks(pushed_at("2026-11-18T00:00:00Z"))
            .skips()
            .saying(&["superseded"]),
    ]
}

fn archived() -> Vec<Case> {
    let requested = |title, status: &str, shown: bool| {
        let change = json!({"images/v1.1.0/imageStatus": status, "showsArchived": shown});
        Case::new("A8", title)
            .change(change)
            .asks(json!({"tag": "v1.1.0"}))
    };
    let runs = |title, image: &str, shown: bool| {
        let status = format!("images/{image}/imageStatus");
        let change = json!({status: "ARCHIVED", "showsArchived": shown});
        Case::new("A8", title)
            .change(change)
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
    };
    vec![
        requested("an image that is archived", "ARCHIVED", true)
            .refuses_with(&["ARCHIVED", "estore it first"]),
        Case::new("A8", "an archived image by its digest")
            .change(json!({"images/v1.1.0/imageStatus": "ARCHIVED", "showsArchived": true}))
            .asks(json!({"image": "shop@sha256:110…"}))
            .refuses_with(&["ARCHIVED"]),
        Case::new(
            "A8",
            "a sync to an archived image would end the flip back for nothing",
        )
        .change(json!({"images/v1.0.0/imageStatus": "ARCHIVED", "showsArchived": true}))
        .asks(json!({"action": "sync"}))
        .refuses_also("image-gone", &["100", "or is archived"]),
        requested("an image that is being restored", "ACTIVATING", true)
            .refuses_with(&["ACTIVATING", "being restored: request it again"]),
        requested(
            "an archived image that DescribeImages shows on demand only",
            "ARCHIVED",
            false,
        )
        .refuses_with(&["ARCHIVED"]),
        runs("idle's image is archived", "v0.9.0", true).warns("image-gone", &["green", "090"]),
        runs("active's image is archived", "v1.0.0", true).warns("image-gone", &["blue", "100"]),
        runs(
            "idle's archived image that DescribeImages shows on demand only",
            "v0.9.0",
            false,
        )
        .warns("image-gone", &["green"]),
    ]
}
