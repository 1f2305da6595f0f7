//! Reads how a request means an image: by the event "ECR Image Action" as EventBridge gives it, or by a name.

use super::execution_request::Request;
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Digest, Refusal};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ImageAction {
    action_type: String,
    result: String,
    repository_name: String,
    image_digest: String,
    image_tag: Option<String>,
}

pub(super) fn push(input: &Value, repository: &str) -> Result<Request, Refusal> {
    let event: EventBridgeEvent<ImageAction> = serde_path_to_error::deserialize(input)
        .map_err(|error| format!("the event is not an \"ECR Image Action\": {error}"))?;
    let at = event.time.ok_or("the event has no time")?;
    let detail = event.detail;
    let (action, result) = (detail.action_type.as_str(), detail.result.as_str());
    if (event.source.as_str(), action, result) != ("aws.ecr", "PUSH", "SUCCESS") {
        return Err(Refusal::from(format!(
            "expected a successful PUSH from aws.ecr, found {action} {result} from {}",
            event.source
        )));
    }
    same_repository(&detail.repository_name, repository)?;
    let tag = detail.image_tag.filter(|tag| !tag.is_empty());
    Ok(Request::Push {
        at,
        digest: digest_of(&detail.image_digest)?,
        tag: tag.map(tag_of).transpose()?,
    })
}

/// `REPOSITORY:TAG` or `REPOSITORY@sha256:...`
pub(super) fn image(image: &str, repository: &str) -> Result<Request, Refusal> {
    if let Some((name, digest)) = image.split_once('@') {
        same_repository(name, repository)?;
        return Ok(Request::Digest(digest_of(digest)?));
    }
    // A registry's host may carry a port, so the tag's colon is the one after the last slash.
    let name_starts = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[name_starts..].split_once(':') {
        Some((name, tag)) if !tag.is_empty() => {
            same_repository(&image[..name_starts + name.len()], repository)?;
            Ok(Request::Tag(tag_of(tag.to_owned())?))
        }
        _ => Err(format!("image {image} names neither a tag nor a digest").into()),
    }
}

/// The name alone: with a host before it, it could be another account's or Region's repository.
fn same_repository(name: &str, repository: &str) -> Result<(), Refusal> {
    if name == repository {
        Ok(())
    } else {
        Err(format!("expected repository {repository}, found {name}").into())
    }
}

fn digest_of(text: &str) -> Result<Digest, Refusal> {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(Digest::from(text))
    } else {
        Err(format!("expected a digest sha256:<64 hex digits>, found {text}").into())
    }
}

/// What a registry takes for a tag (OCI distribution specification).
pub(super) fn tag_of(text: String) -> Result<String, Refusal> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let fits = text.len() <= 128
        && text.starts_with(is_word)
        && text.chars().all(|it| is_word(it) || it == '.' || it == '-');
    if fits {
        Ok(text)
    } else {
        Err(Refusal::from(format!(
            "expected a tag of at most 128 letters, digits, dots, dashes and underscores, found {text}"
        )))
    }
}

/// `arn:...:task-definition/NAME:REVISION`
pub(super) fn task_definition(arn: String) -> Result<Request, Refusal> {
    let revision = arn
        .split_once(":task-definition/")
        .and_then(|(_, name)| name.split_once(':'));
    match revision {
        Some((_, number)) if number.parse::<u32>().is_ok() => Ok(Request::TaskDefinition(arn)),
        _ => Err(format!("expected the ARN of a task definition's revision, found {arn}").into()),
    }
}
