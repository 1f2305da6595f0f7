//! What ECR says of an image beside what the local one keeps: of its scan and of its signatures. The proxy answers that, as
//! it does for autoscaling: what a test has said, for images that are there, and otherwise the error that ECR gives.

use super::answer::{Answer, json_answer, refuse};
use super::call::signer;
use super::scan::{Refusal, Scan};
use aws_sdk_ecr::types::SigningStatus;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use serde_json::{Value, json};
use std::collections::HashMap;

/// How the JSON protocol names an operation of ECR, in front of it.
const TARGET: &str = "AmazonEC2ContainerRegistry_V20150921.";

/// What a test has said of an image.
#[derive(Clone, Default)]
pub(super) struct Image {
    /// None: ECR knows of no scan.
    pub scan: Option<Scan>,
    /// The status for each signing profile, by its ARN.
    pub signatures: Vec<(String, SigningStatus)>,
}

/// What a call wants to know of an image.
#[derive(Clone, Copy)]
pub(super) enum Question {
    Scan,
    Signatures,
}

impl Question {
    /// None: the call is one that the local ECR answers.
    pub(super) fn of(request: &Request<Bytes>) -> Option<Question> {
        let target = request.headers().get("x-amz-target")?.to_str().ok()?;
        match target.strip_prefix(TARGET)? {
            "DescribeImageScanFindings" => Some(Question::Scan),
            "DescribeImageSigningStatus" => Some(Question::Signatures),
            _ => None,
        }
    }

    /// The answer for an image that is there; `of` has the fields that every answer has.
    fn answer(self, image: &Image, input: &Value, of: Value) -> Result<Value, Refusal> {
        match (self, &image.scan) {
            (Question::Signatures, _) => Ok(signatures(&image.signatures, of)),
            (Question::Scan, Some(scan)) => scan.answer(input, of),
            (Question::Scan, None) => {
                let place = place(&of);
                let message = format!("Image scan does not exist for the image with {place}");
                Err(("ScanNotFoundException", message))
            }
        }
    }
}

/// Asks the local ECR (`upstream`) whether the image is there, and answers by what is `known` of it, by its digest.
pub(super) async fn answer(
    question: Question,
    request: &Request<Bytes>,
    known: &HashMap<String, Image>,
    upstream: impl AsyncFnOnce(Request<Bytes>) -> Answer,
) -> Answer {
    let input: Value = serde_json::from_slice(request.body())?;
    let account = signer(request)?[0].to_owned();
    let (repository, id) = (&input["repositoryName"], &input["imageId"]);
    let mut of = json!({"registryId": account, "repositoryName": repository, "imageId": id});
    if input["registryId"].as_str().is_some_and(|id| id != account) {
        let message = format!(
            "The repository with name '{}' does not exist in the registry with id '{}'",
            word(repository),
            word(&input["registryId"])
        );
        return refuse(request, "RepositoryNotFoundException", &message);
    }
    let described = upstream(describe(request, &input)?).await?;
    if !described.status().is_success() {
        return Ok(described);
    }
    let body = described.into_body().collect().await?.to_bytes();
    let described: Value = serde_json::from_slice(&body)?;
    let Some(digest) = described["imageDetails"][0]["imageDigest"].as_str() else {
        let message = format!("The image with {} does not exist", place(&of));
        return refuse(request, "ImageNotFoundException", &message);
    };
    of["imageId"]["imageDigest"] = json!(digest);
    let image = known.get(digest).cloned();
    match question.answer(&image.unwrap_or_default(), &input, of) {
        Ok(answer) => json_answer(&answer),
        Err((code, message)) => refuse(request, code, &message),
    }
}

/// DescribeImages of the image that a call asks about.
fn describe(request: &Request<Bytes>, input: &Value) -> anyhow::Result<Request<Bytes>> {
    let body = json!({"repositoryName": input["repositoryName"], "imageIds": [input["imageId"]]});
    let mut describe = request.clone();
    *describe.body_mut() = Bytes::from(body.to_string());
    let target = HeaderValue::from_str(&format!("{TARGET}DescribeImages"))?;
    describe.headers_mut().insert("x-amz-target", target);
    describe.headers_mut().remove("content-length");
    Ok(describe)
}

/// The signing statuses, as ECR lists them.
fn signatures(signatures: &[(String, SigningStatus)], mut of: Value) -> Value {
    let status = |(profile, status): &(String, SigningStatus)| {
        let mut listed = json!({"signingProfileArn": profile, "status": status.as_str()});
        if *status == SigningStatus::Failed {
            listed["failureCode"] = json!("ACCESS_DENIED");
            listed["failureReason"] = json!("The signing profile may not be used");
        }
        listed
    };
    of["signingStatuses"] = signatures.iter().map(status).collect();
    of
}

/// Where an image is, as ECR's errors say it.
fn place(of: &Value) -> String {
    let null = |value: &Value| value.as_str().unwrap_or("null").to_owned();
    let (digest, tag) = (
        null(&of["imageId"]["imageDigest"]),
        null(&of["imageId"]["imageTag"]),
    );
    format!(
        "imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} within the repository with name '{}' in the registry with \
         id '{}'",
        word(&of["repositoryName"]),
        word(&of["registryId"])
    )
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
