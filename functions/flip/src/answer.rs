//! What flip answers, to a task and to an alarm alike.

use crate::capacity::Capacity;
use record::{Contract, Release};
use serde::Serialize;
use shared::{Digest, Environment, ReleaseId, Share, Time};

/// What was done, or why nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Flipped,
    /// An earlier try flipped, or every rule forwarded to the new environment already.
    AlreadyThere,
    /// Fewer targets are healthy than a flip needs to begin. Nothing was changed; ask again.
    NotReady,
    /// A person holds the release, so that its share does not grow. Nothing was changed; ask again.
    Held,
    FlippedBack,
    AlreadyFlippedBack,
    /// The recorded release never moved traffic.
    NothingToFlipBack,
    /// The alarm does not concern the recorded release.
    Ignored,
    Refused,
    /// An execution has ended without its own end: the record has no holder any more, and traffic stays where it is.
    Closed,
    /// A preview: nothing was changed.
    Previewed,
}

/// The answer of one invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub decision: Decision,
    pub reason: String,
    /// The release that the answer is about.
    pub release: Option<ReleaseId>,
    pub from: Option<Environment>,
    pub to: Option<Environment>,
    /// Digest of the release's image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Digest of the image that the previous environment runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_digest: Option<Digest>,
    /// When the flip began: from then on the new environment may have had traffic.
    pub flipped_at: Option<Time>,
    /// The share of the traffic that the release's latest flip is for.
    pub share: Option<Share>,
    /// When the flip to that share began.
    pub share_since: Option<Time>,
    /// The targets that get the traffic. None where no rule was to be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<Capacity>,
    /// From the invocation to this answer, in milliseconds.
    pub duration_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// What went wrong beside the decision, and changes nothing about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// For people, where no execution gives notice.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Answer {
    /// An answer about no release; the handler sets its duration.
    pub(crate) fn new(decision: Decision, reason: impl ToString) -> Answer {
        Answer {
            decision,
            reason: reason.to_string(),
            release: None,
            from: None,
            to: None,
            digest: None,
            previous_digest: None,
            flipped_at: None,
            share: None,
            share_since: None,
            targets: None,
            duration_ms: 0,
            preview: None,
            warnings: Vec::new(),
            notice: None,
        }
    }

    pub(crate) fn about(self, release: &Release) -> Answer {
        Answer {
            release: Some(release.id.clone()),
            from: Some(release.from),
            to: Some(release.to),
            digest: Some(release.to_digest.clone()),
            previous_digest: release.from_digest.clone(),
            flipped_at: release.flipped_at,
            share: release.flipped_at.map(|_| release.current_share()),
            share_since: release.share_since.or(release.flipped_at),
            ..self
        }
    }

    pub(crate) fn with_warning(mut self, warning: Option<String>) -> Answer {
        self.warnings.extend(warning);
        self
    }

    pub(crate) fn with_targets(self, capacity: Capacity) -> Answer {
        Answer {
            targets: Some(capacity),
            ..self
        }
    }
}

/// What a person reads. Title and text have no double quotes, backslashes and line breaks: rules put them into JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Name of the stack.
    pub service: String,
    pub title: String,
    pub text: String,
}

/// The rules before and after a flip that was not made, and whether traffic can be flipped back now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub rules: Vec<RulePreview>,
    pub flip_back: FlipBackPreview,
    /// The latest contract step, which forbids images from before its release. None if there was no contract step.
    pub contract: Option<Contract>,
}

/// What one rule forwards to: an environment, both with the share of one, or why it forwards to none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulePreview {
    /// ARN of the rule, or of the listener.
    pub rule: String,
    pub before: String,
    /// After the first step. None where that has all of the traffic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_step: Option<String>,
    pub after: String,
}

/// Whether the recorded release can be flipped back now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlipBackPreview {
    pub possible: bool,
    pub reason: String,
}
