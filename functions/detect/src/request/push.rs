//! Reads the events that say that an image has come into the repository: it was pushed, or replicated from another registry.

use super::execution_request::Request;
use super::image::{digest_of, tag_of};
use super::own_repository::OwnRepository;
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use record::{Origin, RequestKind, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Refusal, excerpt};

/// The events with the action that each reports (Amazon ECR User Guide, "Amazon ECR events and EventBridge").
const PUSH: (&str, &str) = ("ECR Image Action", "PUSH");
const REPLICATION: (&str, &str) = ("ECR Replication Action", "REPLICATE");

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ImageAction {
    action_type: String,
    result: String,
    repository_name: String,
    image_digest: String,
    image_tag: Option<String>,
}

pub(super) fn push(
    input: &Value,
    repository: &OwnRepository,
) -> Result<(Request, Origin), Refusal> {
    let event: EventBridgeEvent<ImageAction> = serde_path_to_error::deserialize(input)
        .map_err(|error| format!("the event is no action of ECR on an image: {error}"))?;
    let at = event.time.ok_or("the event has no time")?;
    let came_by = came_by(&event)?;
    let detail = event.detail;
    repository.require_account(event.account.as_deref())?;
    repository.require(&detail.repository_name)?;
    // ECR writes an empty tag where there is none.
    let tag = detail.image_tag.filter(|tag| !tag.is_empty());
    let request = Request::Push {
        at,
        digest: digest_of(&detail.image_digest)?,
        tag: tag.map(tag_of).transpose()?,
    };
    let origin = Origin {
        source: Source::Event,
        event: event.id.as_deref().map(excerpt),
        account: event.account,
        ..Origin::of(came_by)
    };
    Ok((request, origin))
}

/// The form of the request, if the event reports that an image has come in.
fn came_by(event: &EventBridgeEvent<ImageAction>) -> Result<RequestKind, Refusal> {
    let ImageAction {
        action_type: action,
        result,
        ..
    } = &event.detail;
    let from_ecr = event.source == "aws.ecr" && result == "SUCCESS";
    match (event.detail_type.as_str(), action.as_str()) {
        PUSH if from_ecr => Ok(RequestKind::Push),
        REPLICATION if from_ecr => Ok(RequestKind::Replication),
        (kind, action) => Err(Refusal::from(format!(
            "expected a successful PUSH or REPLICATE from aws.ecr, found {action} {result} ({kind}) from {}",
            event.source
        ))),
    }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
