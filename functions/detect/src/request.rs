//! The requests that start the machine: an image push as EventBridge gives it, or what an operator types.

mod forms;

pub use forms::{FORMS, read};

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// The idle environment is to run what is live.
    Sync {
        /// Only where the environments are not as the pipeline left them.
        if_drifted: bool,
    },
    /// Somebody is to be told if the environments are not as the pipeline left them.
    ReportDrift,
    /// What only older versions need is to be removed from the database.
    Contract {
        step: Step,
        /// The release that expanded; none stands for the latest one.
        expanded_by: Option<String>,
    },
}

/// A request with what it may carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub request: Request,
    /// What to run before the new version is deployed.
    pub migration: Option<Step>,
    /// Only tell what would be done.
    pub plan: bool,
}

impl Asked {
    fn plainly(request: Request) -> Asked {
        Asked {
            request,
            migration: None,
            plan: false,
        }
    }
}

/// A change of the database: a command in the released container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub command: Vec<String>,
    /// What the command runs, to be judged before it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

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
