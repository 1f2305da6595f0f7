//! What releases do to the database's schema, which both environments share, as the record keeps it.

use crate::origin::Origin;
use serde::{Deserialize, Serialize};
use shared::{Digest, ExecutionArn, Refusal, ReleaseId, Time, excerpt};

/// A release that expanded the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expand {
    pub release: ReleaseId,
    pub digest: Digest,
    /// When its image was pushed: an image pushed earlier may not know the new schema.
    pub pushed_at: Time,
    /// How many releases in a row ended stable after it, up to now.
    #[serde(default, rename = "stable")]
    pub stable_releases: u32,
    /// A release of its image has ended stable, and was not flipped back since: the expansion works.
    #[serde(default)]
    pub proven: bool,
}

/// A contract step, from the moment it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// The name of its execution.
    pub id: ReleaseId,
    pub execution: ExecutionArn,
    pub began_at: Time,
    /// Who asked for it. None in records of versions that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What it runs. None in records of versions that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// The release that must not be flipped back any more: the one that was live when the step began. None is recorded
    /// as an empty text.
    #[serde(rename = "bars")]
    pub barred_release: ReleaseId,
    /// The expanding release whose old half it removes.
    pub expand: Expand,
    /// The newest expanding release that was ever contracted: an image from before it does not fit any more.
    pub floor: Expand,
    /// How it ended; none while it runs, or if its execution vanished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

impl Contract {
    /// A step that asks to begin; the record adds what it bars.
    pub fn requested(
        id: &ReleaseId,
        execution: &ExecutionArn,
        began_at: Time,
        expand: Expand,
    ) -> Contract {
        Contract {
            id: id.clone(),
            execution: execution.clone(),
            began_at,
            origin: None,
            command: None,
            barred_release: ReleaseId::from(""),
            floor: expand.clone(),
            expand,
            ended: None,
        }
    }

    /// Refuses a step that would run another command than it was requested with, where both are known: the stack's may have
    /// been changed since.
    pub(crate) fn require_command(&self, requested: Option<&[String]>) -> Result<(), Refusal> {
        match (requested, self.command.as_deref()) {
            (Some(requested), Some(now)) if requested != now => Err(Refusal::from(format!(
                "the command was changed from `{}` to `{}` after it was requested: request the contract again",
                excerpt(&requested.join(" ")),
                excerpt(&now.join(" "))
            ))),
            _ => Ok(()),
        }
    }
}
