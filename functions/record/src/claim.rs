//! Who may release: the execution of the newest request claims the record.

use crate::decision::Freeze;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{Environment, ExecutionArn, ReleaseId, Time};

/// Who claims, and what it knows of the world.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    pub execution: &'a ExecutionArn,
    pub release: &'a Release,
    /// A holder whose execution does not run any more.
    pub dead_holder: Option<&'a ExecutionArn>,
    /// The record's version before the rules were read: who moves traffic changes the record first, so as long as it
    /// stands, what was read holds.
    pub read_version: u64,
    /// An operator wants it although releases are frozen.
    pub override_freeze: bool,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The record to write; `abandoned` is the release of the dead holder.
    Claimed {
        record: Record,
        abandoned: Option<ReleaseId>,
    },
    /// An earlier try of this execution claimed it: the release as it was fixed then.
    AlreadyClaimed(Release),
    /// A newer request was enqueued between the decision and the claim, or a freeze has held this one back: decide again.
    NotNewest,
    /// Its release waits for approvals, and the machine of its execution heeds nobody. It never begins.
    HeedsNobody,
    /// No release begins.
    Frozen(Freeze),
    /// The record changed after the rules were read, so traffic may have moved since: read them again.
    RecordChanged,
    Held {
        by: ExecutionArn,
    },
    LeaseHeld {
        until: Time,
    },
}

impl Claim {
    /// The record to write, if it was claimed.
    pub fn record(&self) -> Option<Record> {
        let Claim::Claimed { record, .. } = self else {
            return None;
        };
        Some(record.clone())
    }
}

impl Record {
    /// Begins a release: from here on the idle environment is dirty, so there is no flip back to it.
    pub fn claim(&self, claimant: &Claimant<'_>, now: Time) -> Claim {
        let execution = claimant.execution;
        if let (Some(holder), Some(release)) = (&self.holder, &self.release)
            && holder == execution
        {
            return Claim::AlreadyClaimed(release.clone());
        }
        if claimant.release.approval.is_some() && !claimant.release.heeds {
            return Claim::HeedsNobody;
        }
        // A sync moves no traffic, so it neither takes the place of a push nor waits for one.
        if !claimant.release.sync && !self.may_begin(execution) {
            return Claim::NotNewest;
        }
        let freeze = self.freeze_at(now);
        if let Some(freeze) = freeze.filter(|_| !claimant.override_freeze) {
            return Claim::Frozen(freeze.clone());
        }
        let holder = self.holder_other_than(execution);
        if let Some(holder) = holder.filter(|holder| Some(*holder) != claimant.dead_holder) {
            return Claim::Held { by: holder.clone() };
        }
        if let Some(lease) = self.live_lease(now) {
            return Claim::LeaseHeld { until: lease.until };
        }
        if self.version != claimant.read_version {
            return Claim::RecordChanged;
        }
        Claim::Claimed {
            record: self.claimed_by(execution, claimant.release, now),
            abandoned: self.abandoned(),
        }
    }

    /// Whether the newest request is this execution's, and was not held back.
    fn may_begin(&self, execution: &ExecutionArn) -> bool {
        let newest = self.newest.as_ref().map(|newest| &newest.execution);
        newest == Some(execution) && !self.is_held_back(execution)
    }

    fn claimed_by(&self, execution: &ExecutionArn, release: &Release, now: Time) -> Record {
        let mut record = Record {
            holder: Some(execution.clone()),
            lease: None,
            gate: None,
            release: Some(Release {
                phase: Phase::Deploying,
                claimed_at: now,
                requested_at: self.requested_at(execution),
                ..release.clone()
            }),
            ..self.clone()
        };
        record.remember_expand(release.expand.clone());
        record
    }

    /// When the newest request was made, if it is this execution's.
    fn requested_at(&self, execution: &ExecutionArn) -> Option<Time> {
        let newest = self.newest.as_ref();
        let own = newest.filter(|newest| newest.execution == *execution)?;
        Some(own.made_at.min(own.started_at))
    }

    /// When the version became active that a release would find so; none where nothing is recorded, or where the record expects the other
    /// environment to be active.
    pub fn active_since(&self, active: Environment) -> Option<Time> {
        let release = self.release.as_ref();
        let release = release.filter(|release| release.expected_active() == active)?;
        if active == release.to {
            release.share_since.or(release.flipped_at)
        } else {
            release.active_since
        }
    }

    /// The release that the dead holder left; a contract step that vanished left the release before it as it was.
    fn abandoned(&self) -> Option<ReleaseId> {
        let contract = self.contract.as_ref().map(|contract| &contract.execution);
        let holder = self.holder.as_ref();
        let releasing = holder.filter(|holder| Some(*holder) != contract);
        releasing
            .and(self.release.as_ref())
            .map(|release| release.id.clone())
    }
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;
