//! One release, as the record and the history keep it.

use crate::approval::Approval;
use crate::decision::{Decision, Finished, Hold};
use crate::origin::Origin;
use crate::phase::Phase;
use crate::schema::Expand;
use serde::{Deserialize, Serialize};
use shared::{Digest, Environment, ExecutionArn, OriginalForward, ReleaseId, Share, Time, Traffic};

/// One release, as the record and the history keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    pub id: ReleaseId,
    pub phase: Phase,
    pub claimed_at: Time,
    /// When its image was pushed, or an operator asked for it. None for a sync, and in records of versions that did not
    /// keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Time>,
    /// Who asked for it. None in records of versions that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The environment that was active when the release began.
    pub from: Environment,
    pub to: Environment,
    /// Digest that the active environment ran when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_digest: Option<Digest>,
    pub to_digest: Digest,
    /// The tag that the request named, if it named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The images in the new one, where it is an index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Digest>,
    /// Revision that the active environment ran when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_task_definition: Option<String>,
    /// Digest that the idle environment ran when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_digest: Option<Digest>,
    /// It brings the idle environment to the live image, and never moves traffic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sync: bool,
    /// It runs a migration that expands the schema, from this image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expand: Option<Expand>,
    /// Tasks that the active environment wanted when the release began: what a flip back needs.
    pub from_desired: i32,
    /// What passed its smoke test; none before that, and in records of versions that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_smoke: Option<PassedSmoke>,
    /// When the flip began: from here on the new environment may get traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flipped_at: Option<Time>,
    /// The share of the traffic that the latest flip wrote, or is writing. None: all of it, and in records of versions that
    /// did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// When the flip to that share began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_since: Option<Time>,
    /// The share at which the watch has found the release healthy, or a person has said so: a larger one may follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_share: Option<Share>,
    /// The forwards as the release found them, where it splits traffic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub original_forwards: Vec<OriginalForward>,
    /// When the version that was active at the claim became so, where the record knew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_since: Option<Time>,
    /// When its flip back began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flip_back_at: Option<Time>,
    /// Why the release ended, or is being flipped back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What of it waits for a person, as the stack had it at the claim. None: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The latest hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// How long holds that have ended have kept it, in seconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_seconds: u32,
    /// The latest watch that a person has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Finished>,
    /// A person stops it: it goes no step forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Decision>,
    /// Its flip back freezes all releases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub freeze_after_rollback: bool,
    /// Its execution asks what people say. False: it runs a definition of the machine from before that, and flips back
    /// where the record keeps it waiting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub heeds: bool,
}

fn is_zero(seconds: &u32) -> bool {
    *seconds == 0
}

impl Release {
    /// A release from the active environment to the other one that is just claimed, with nothing else known of it.
    pub fn new(id: ReleaseId, from: Environment, to_digest: Digest, claimed_at: Time) -> Release {
        Release {
            id,
            phase: Phase::Deploying,
            claimed_at,
            requested_at: None,
            origin: None,
            from,
            to: from.other(),
            from_digest: None,
            to_digest,
            tag: None,
            members: Vec::new(),
            from_task_definition: None,
            idle_digest: None,
            sync: false,
            expand: None,
            from_desired: 0,
            passed_smoke: None,
            flipped_at: None,
            share: None,
            share_since: None,
            passed_share: None,
            original_forwards: Vec::new(),
            active_since: None,
            flip_back_at: None,
            reason: None,
            approval: None,
            hold: None,
            held_seconds: 0,
            finished: None,
            stop: None,
            freeze_after_rollback: false,
            heeds: false,
        }
    }

    /// The environment that the rules should forward to in this phase.
    pub fn expected_active(&self) -> Environment {
        match self.phase {
            Phase::Flipping | Phase::Watching | Phase::Stable => self.to,
            Phase::Deploying
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => self.from,
        }
    }

    /// Where the rules should send traffic in this phase.
    pub fn expected_traffic(&self) -> Traffic {
        match self.expected_active() {
            to if to == self.to => Traffic {
                to,
                share: self.current_share(),
            },
            from => Traffic::all(from),
        }
    }

    /// Whether its new environment may have traffic that is not there for good.
    pub fn has_moved(&self) -> bool {
        matches!(
            self.phase,
            Phase::Flipping | Phase::Watching | Phase::RollingBack
        )
    }
}

/// What passed a smoke test, and whose test it was. It is written once: another value is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PassedSmoke {
    /// The execution that tested it.
    pub execution: ExecutionArn,
    /// The image of the plan that was tested.
    pub digest: Digest,
    /// ARN of the revision that was deployed for it.
    pub task_definition: String,
}
