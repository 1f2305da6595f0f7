//! The requests that start the machine: an image push as EventBridge gives it, or what an operator types.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::excerpt;
use shared::record::Time;

/// What an execution was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// ECR told of a push.
    Push {
        at: Time,
        digest: String,
        tag: Option<String>,
    },
    /// An operator named an image of the repository.
    Tag(String),
    Digest(String),
    /// A revision that the team registered itself.
    TaskDefinition(String),
    /// An operator wants traffic back on the old environment.
    Rollback {
        reason: String,
    },
}

/// What the error shows when an input is none of them.
const FORMS: &str = "Accepted forms: the EventBridge event \"ECR Image Action\" (PUSH, SUCCESS); \
    {\"image\": \"REPOSITORY:TAG\"}; {\"image\": \"REPOSITORY@sha256:...\"}; {\"tag\": \"v1.3.0\"}; \
    {\"taskDefinition\": \"arn:...:task-definition/NAME:REVISION\"}; \
    {\"action\": \"rollback\", \"reason\": \"...\"}";

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ImageAction {
    action_type: String,
    result: String,
    repository_name: String,
    image_digest: String,
    #[serde(default)]
    image_tag: Option<String>,
}

/// Reads an execution's input; the error is for a person, and shows the accepted forms.
pub fn read(input: &Value, repository: &str) -> Result<Request, String> {
    let request = match input.as_object() {
        None => Err(format!("expected a JSON object, found {input}")),
        Some(fields) if fields.contains_key("detail-type") => push(input, repository),
        Some(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value))
                .collect();
            fields.sort_by_key(|(name, _)| *name);
            console(&fields, repository)
        }
    };
    request.map_err(|reason| {
        let reason = excerpt(&reason);
        format!("the request cannot be used: {reason}. {FORMS}")
    })
}

fn push(input: &Value, repository: &str) -> Result<Request, String> {
    let event: EventBridgeEvent<ImageAction> = serde_path_to_error::deserialize(input)
        .map_err(|error| format!("the event is not an \"ECR Image Action\": {error}"))?;
    let at = event.time.ok_or("the event has no time")?;
    let detail = event.detail;
    let (action, result) = (detail.action_type.as_str(), detail.result.as_str());
    if (event.source.as_str(), action, result) != ("aws.ecr", "PUSH", "SUCCESS") {
        return Err(format!(
            "expected a successful PUSH from aws.ecr, found {action} {result} from {}",
            event.source
        ));
    }
    same_repository(&detail.repository_name, repository)?;
    is_digest(&detail.image_digest)?;
    let tag = detail.image_tag.filter(|tag| !tag.is_empty());
    tag.as_deref().map_or(Ok(()), is_tag)?;
    Ok(Request::Push {
        at,
        digest: detail.image_digest,
        tag,
    })
}

fn console(fields: &[(&str, &Value)], repository: &str) -> Result<Request, String> {
    let text = |value: &Value| match value.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("expected text, found {value}")),
    };
    match fields {
        [("image", image)] => image_named(&text(image)?, repository),
        [("tag", tag)] => tag_named(text(tag)?),
        [("taskDefinition", arn)] => task_definition(text(arn)?),
        [("action", action)] if **action == "rollback" => Ok(Request::Rollback {
            reason: "an operator asked for it".to_owned(),
        }),
        [("action", action), ("reason", reason)] if **action == "rollback" => {
            Ok(Request::Rollback {
                reason: excerpt(&text(reason)?),
            })
        }
        _ => {
            let found: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            Err(format!(
                "found {}",
                if found.is_empty() {
                    "no field".to_owned()
                } else {
                    found.join(", ")
                }
            ))
        }
    }
}

fn image_named(image: &str, repository: &str) -> Result<Request, String> {
    if let Some((name, digest)) = image.split_once('@') {
        same_repository(name, repository)?;
        is_digest(digest)?;
        return Ok(Request::Digest(digest.to_owned()));
    }
    // A registry's host may carry a port, so the tag's colon is the one after the last slash.
    let name_starts = image.rfind('/').map_or(0, |slash| slash + 1);
    let colon = image[name_starts..]
        .find(':')
        .map(|colon| name_starts + colon);
    match colon.map(|colon| (&image[..colon], &image[colon + 1..])) {
        Some((name, tag)) if !tag.is_empty() => {
            same_repository(name, repository)?;
            tag_named(tag.to_owned())
        }
        _ => Err(format!("image {image} names neither a tag nor a digest")),
    }
}

/// The name alone: with a host before it, it could be another account's or Region's repository.
fn same_repository(name: &str, repository: &str) -> Result<(), String> {
    if name == repository {
        Ok(())
    } else {
        Err(format!("expected repository {repository}, found {name}"))
    }
}

fn is_digest(text: &str) -> Result<(), String> {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    let fits = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(())
    } else {
        Err(format!(
            "expected a digest sha256:<64 hex digits>, found {text}"
        ))
    }
}

fn tag_named(tag: String) -> Result<Request, String> {
    is_tag(&tag)?;
    Ok(Request::Tag(tag))
}

/// What a registry takes for a tag (OCI distribution specification).
fn is_tag(text: &str) -> Result<(), String> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|it| word(it) || matches!(it, b'.' | b'-'));
    if fits {
        Ok(())
    } else {
        Err(format!(
            "expected a tag of at most 128 letters, digits, dots, dashes and underscores, found {text}"
        ))
    }
}

fn task_definition(arn: String) -> Result<Request, String> {
    let revision = arn
        .split_once(":task-definition/")
        .and_then(|(_, name)| name.split_once(':'));
    match revision {
        Some((_, number)) if number.parse::<u32>().is_ok() => Ok(Request::TaskDefinition(arn)),
        _ => Err(format!(
            "expected the ARN of a task definition's revision, found {arn}"
        )),
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
