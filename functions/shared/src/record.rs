//! The release record: the one item per service that says who may move traffic, and how far the release is.
//!
//! Every transition is pure: it takes the record as it was read and `now`, and gives the record to write, or
//! the reason why not. The store writes it only if nobody changed the record in between, so a transition's
//! condition and its effect are one step. Nothing in this module can fail in any other way.

mod claim;
mod contract;
mod flip;

pub use claim::{Arrival, Claim, Finish, Outcome};
pub use contract::{BeginContract, Contract, Expand, Terms};
pub use flip::{Begin, Cause, EndFlip};

use crate::Environment;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A moment, in UTC.
pub type Time = DateTime<Utc>;

/// The record of one service. A service that was never released has the default one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Grows by one with every write; 0 means that nothing was ever written.
    #[serde(default)]
    pub version: u64,
    /// The newest request that ever arrived: only this one may begin a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Request>,
    /// ARN of the execution that has claimed the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Who may be writing to the rule right now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<Lease>,
    /// The latest release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Releases that expanded the database's schema, oldest first; only so many are remembered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expands: Vec<Expand>,
    /// The latest contract step that began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
}

/// A request to release an image, placed in order by when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// When the image was pushed, or when an operator asked. ECR tells whole seconds.
    pub made_at: Time,
    /// When the execution started: orders pushes within one second.
    pub started_at: Time,
    /// ARN of the execution.
    pub execution: String,
    /// What tells two deliveries of one push from two pushes: the digest; none for an operator's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_digest: Option<String>,
}

/// The permission to write to the rule, for a time.
///
/// ModifyRule has no condition, so a write on its way cannot be stopped. Nobody else writes before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// The writer: an execution, or one delivery of an alarm. Tries of one writer never overlap.
    pub by: String,
    /// When the writer's function is certainly dead.
    pub until: Time,
    /// An earlier try of this writer left no answer, so its write may still be on its way: the lease is not
    /// given back early.
    #[serde(default)]
    pub retried: bool,
}

/// How far a release is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Deploying,
    Flipping,
    Watching,
    Stable,
    RollingBack,
    RolledBack,
    Failed,
    /// The idle side was brought to the live image; traffic never moved.
    Synced,
}

impl Phase {
    /// Nothing more happens by itself. A stable release can still be flipped back.
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Phase::Stable | Phase::RolledBack | Phase::Failed | Phase::Synced
        )
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::Deploying => "deploying",
            Phase::Flipping => "flipping",
            Phase::Watching => "watching",
            Phase::Stable => "stable",
            Phase::RollingBack => "rolling back",
            Phase::RolledBack => "rolled back",
            Phase::Failed => "failed",
            Phase::Synced => "synced",
        })
    }
}

/// One release, as the record and the history tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The name of its execution.
    pub id: String,
    pub phase: Phase,
    pub claimed_at: Time,
    pub from: Environment,
    pub to: Environment,
    /// Digest that ran on the active side when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_digest: Option<String>,
    pub to_digest: String,
    /// Revision that ran on the active side when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_task_definition: Option<String>,
    /// Digest that ran on the idle side when the release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_digest: Option<String>,
    /// It brings the idle side to the live image, and never moves traffic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sync: bool,
    /// It runs a migration that expands the schema, from this image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expand: Option<Expand>,
    /// Tasks wanted on the old side when the release began: what a flip back needs.
    pub from_desired: i32,
    /// When the flip began: from here on the new side may see traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flipped_at: Option<Time>,
    /// Why the release ended, or is being flipped back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Release {
    /// The environment that the rule should forward to in this phase.
    pub fn rightful(&self) -> Environment {
        match self.phase {
            Phase::Flipping | Phase::Watching | Phase::Stable => self.to,
            Phase::Deploying
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => self.from,
        }
    }
}

impl Record {
    /// The lease of a writer who may still be alive at `now`.
    pub fn live_writer(&self, now: Time) -> Option<&Lease> {
        self.writer.as_ref().filter(|lease| lease.until > now)
    }

    /// As [`Record::live_writer`], but an earlier try of `me` is not somebody else.
    fn live_writer_other_than(&self, me: &str, now: Time) -> Option<&Lease> {
        self.live_writer(now).filter(|lease| lease.by != me)
    }

    fn lease(&self, me: &str, until: Time, now: Time) -> Lease {
        let earlier = self.live_writer(now).map(|lease| lease.until);
        Lease {
            by: me.to_owned(),
            until: earlier.map_or(until, |e| e.max(until)),
            retried: earlier.is_some(),
        }
    }

    /// Gives the lease back, unless an earlier try of the same writer may still have a write on its way.
    fn without_lease_of(&self, me: &str) -> Option<Lease> {
        self.writer
            .clone()
            .filter(|lease| lease.by != me || lease.retried)
    }

    fn with_phase(&self, phase: Phase) -> Record {
        let mut record = self.clone();
        if let Some(release) = record.release.as_mut() {
            release.phase = phase;
        }
        record
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    use super::*;

    /// `seconds` after the beginning of the tests' time.
    pub fn at(seconds: i64) -> Time {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a valid time")
    }

    pub fn request(execution: &str, made_at: i64) -> Request {
        Request {
            made_at: at(made_at),
            started_at: at(made_at),
            execution: execution.to_owned(),
            pushed_digest: Some(format!("sha256:{execution}")),
        }
    }

    pub fn release(id: &str) -> Release {
        Release {
            id: id.to_owned(),
            phase: Phase::Deploying,
            claimed_at: at(0),
            from: Environment::Blue,
            to: Environment::Green,
            from_digest: None,
            to_digest: "sha256:new".to_owned(),
            from_task_definition: None,
            idle_digest: None,
            sync: false,
            expand: None,
            from_desired: 2,
            flipped_at: None,
            reason: None,
        }
    }

    impl Record {
        /// A record held by execution `me`, whose release `me` is in `phase`.
        pub fn test(me: &str, phase: Phase) -> Record {
            let release = Release {
                phase,
                flipped_at: Some(at(10)),
                ..release(me)
            };
            Record {
                version: 7,
                newest: Some(request(me, 0)),
                holder: Some(me.to_owned()),
                release: Some(release),
                ..Record::default()
            }
        }

        pub fn written_by(mut self, by: &str, until: i64) -> Record {
            self.writer = Some(Lease {
                by: by.to_owned(),
                until: at(until),
                retried: false,
            });
            self
        }
    }
}
