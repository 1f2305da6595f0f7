//! The release record: the one item per service that says who may move traffic, and how far the release is.
//!
//! The stored names are those of the first version: records outlive every deployment of the functions.

use crate::decision::Freeze;
use crate::gate::Gate;
use crate::phase::Phase;
use crate::queued::{HeldBack, QueuedRequest};
use crate::release::Release;
use crate::schema::{Contract, Expand};
use serde::{Deserialize, Serialize};
use shared::{Digest, ExecutionArn, LeaseOwner, Refusal, ReleaseId, Time};

/// The record of one service. A service that was never released has the default one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Grows by one with every write; 0 means that nothing was ever written.
    #[serde(default)]
    pub version: u64,
    /// The newest request that was ever enqueued: only this one may begin a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<QueuedRequest>,
    /// The execution that has claimed the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<ExecutionArn>,
    /// Who may write the rules right now.
    #[serde(default, rename = "writer", skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// The latest release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Releases that expanded the database's schema, oldest first; the last ten are remembered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expands: Vec<Expand>,
    /// The latest contract step that began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
    /// Builds whose last release ended badly, oldest first; the last 20 are remembered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<End>,
    /// The latest gate that a release or a contract step came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// The latest freeze, which may have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<Freeze>,
    /// The newest push, where a freeze has held it back, and no release of its build has ended stable since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<HeldBack>,
}

/// The permission to write the rules, for a time.
///
/// ModifyRule has no condition, so a write on its way cannot be stopped. Nobody else writes before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// All tries of one owner write the same rules.
    #[serde(rename = "by")]
    pub owner: LeaseOwner,
    /// When the owner's function is certainly dead.
    pub until: Time,
    /// An earlier try of this owner left no answer, so its write may still be on its way: the lease is kept until its
    /// end.
    #[serde(default)]
    pub retried: bool,
}

impl Lease {
    /// How long a write may live after its function's deadline, in seconds: clocks differ, and a request may be on its
    /// way.
    pub const MARGIN_SECONDS: i64 = 5;
}

/// A build whose last release failed, or was flipped back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    pub digest: Digest,
    /// The images in it, where it is an index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Digest>,
    pub release: ReleaseId,
    /// Why it ended so.
    pub reason: String,
}

impl Record {
    /// The execution that holds the record, when it is another one.
    pub fn holder_other_than(&self, execution: &ExecutionArn) -> Option<&ExecutionArn> {
        self.holder.as_ref().filter(|holder| *holder != execution)
    }

    /// The release, if `execution` holds the record for it and it may move traffic.
    pub(crate) fn release_held_by(
        &self,
        execution: &ExecutionArn,
        id: &ReleaseId,
    ) -> Result<&Release, Refusal> {
        let release = self.release.as_ref().filter(|release| release.id == *id);
        let release =
            release.ok_or_else(|| format!("the record does not speak of release {id}"))?;
        if self.holder.as_ref() != Some(execution) {
            return Err(format!("release {id} does not hold the record any more").into());
        }
        if release.sync {
            return Err(format!("{id} is a sync, which never moves traffic").into());
        }
        Ok(release)
    }

    /// The lease whose owner may still write at `now`.
    pub fn live_lease(&self, now: Time) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| lease.until > now)
    }

    /// As [`Record::live_lease`], but an earlier try of `owner` is nobody else.
    pub(crate) fn live_lease_other_than(&self, owner: &LeaseOwner, now: Time) -> Option<&Lease> {
        self.live_lease(now).filter(|lease| lease.owner != *owner)
    }

    /// The lease for a write of `owner` that is dead at `until`.
    pub(crate) fn new_lease(&self, owner: &LeaseOwner, until: Time, now: Time) -> Lease {
        let earlier = self.live_lease(now).map(|lease| lease.until);
        Lease {
            owner: owner.clone(),
            until: earlier.map_or(until, |earlier| earlier.max(until)),
            retried: earlier.is_some(),
        }
    }

    /// What remains once `owner` is done: its own lease only where an earlier try of it may still have a write on its
    /// way.
    pub(crate) fn lease_after(&self, owner: &LeaseOwner) -> Option<Lease> {
        self.lease
            .clone()
            .filter(|lease| lease.owner != *owner || lease.retried)
    }

    pub(crate) fn with_phase(&self, phase: Phase) -> Record {
        let mut record = self.clone();
        if let Some(release) = record.release.as_mut() {
            release.phase = phase;
        }
        record
    }
}
