//! The requests that the record knows: the newest one, and the one that a freeze has held back.

use serde::{Deserialize, Serialize};
use shared::{Digest, ExecutionArn, Time};

/// A request to release an image, with its place in the order: when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedRequest {
    /// When the image was pushed, or when an operator asked. ECR's time has whole seconds.
    pub made_at: Time,
    /// When the execution started: orders pushes within one second.
    pub started_at: Time,
    pub execution: ExecutionArn,
    /// Distinguishes two deliveries of one push from two pushes; none for an operator's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_digest: Option<Digest>,
    /// The images in the pushed one, where it is an index: they are the same build.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pushed_members: Vec<Digest>,
}

/// A push that came while releases were frozen, and does not begin after that: it is only named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    pub request: QueuedRequest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}
