//! The flip: begins by taking the lease to write the rules, and ends by releasing it.

use crate::record::{Lease, Record};
use crate::release::{Phase, Release};
use shared::{Environment, ExecutionArn, LeaseOwner, Refusal, ReleaseId, Time};

/// What became of the beginning of a flip, or of a flip back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginFlip {
    /// The record to write before the rules are written, and its release.
    Begun {
        record: Record,
        release: Release,
    },
    /// It was done before, by an earlier try or by somebody else, for the reason in the release.
    AlreadyDone(Release),
    /// The record belongs to another execution, or speaks of another release.
    Refused(Refusal),
    /// The release never moved traffic.
    NothingToFlipBack {
        refusal: Refusal,
        /// The record to write, which closes the release, where its own execution asks.
        closed: Option<Record>,
    },
    /// The alarm does not concern this release.
    Ignored(Refusal),
    LeaseHeld {
        until: Time,
    },
}

impl BeginFlip {
    /// The record to write, if there is something to begin.
    pub fn record(&self) -> Option<Record> {
        let BeginFlip::Begun { record, .. } = self else {
            return None;
        };
        Some(record.clone())
    }

    /// The record to write, if a release ends here that has not flipped.
    pub fn closed(&self) -> Option<Record> {
        let BeginFlip::NothingToFlipBack { closed, .. } = self else {
            return None;
        };
        closed.clone()
    }
}

/// What became of the end of a flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndFlip {
    /// The record to write.
    Ended(Record),
    /// An earlier try wrote the record.
    AlreadyEnded,
    /// The release is in another phase, or the record has another holder: the rules belong where it says.
    Overtaken(Environment),
}

impl Record {
    /// Takes the lease for moving traffic to the release's new environment, which runs `revision`.
    ///
    /// It begins only with what the record says has passed the smoke test, whatever the caller says. A flip that has begun
    /// goes on: its rules may disagree.
    pub fn begin_flip(
        &self,
        execution: &ExecutionArn,
        id: &ReleaseId,
        revision: Option<&str>,
        now: Time,
        until: Time,
    ) -> BeginFlip {
        let release = match self.flippable(execution, id, revision) {
            Ok(release) => release,
            Err(refusal) => return BeginFlip::Refused(refusal),
        };
        let owner = LeaseOwner::from(execution);
        let lease = match release.phase {
            Phase::Watching => return BeginFlip::AlreadyDone(release.clone()),
            Phase::Deploying => self.live_lease(now),
            Phase::Flipping => self.live_lease_other_than(&owner, now),
            phase @ (Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced) => {
                let refusal = format!("release {id} is {phase}, past its flip");
                return BeginFlip::Refused(refusal.into());
            }
        };
        if let Some(lease) = lease {
            return BeginFlip::LeaseHeld { until: lease.until };
        }
        let release = Release {
            phase: Phase::Flipping,
            // A retry keeps the first moment: the first try may have moved traffic already.
            flipped_at: release.flipped_at.or(Some(now)),
            ..release.clone()
        };
        self.begun(release, self.new_lease(&owner, until, now))
    }

    /// The release, if this execution may flip it to this revision.
    fn flippable(
        &self,
        execution: &ExecutionArn,
        id: &ReleaseId,
        revision: Option<&str>,
    ) -> Result<&Release, Refusal> {
        let release = self.release_held_by(execution, id)?;
        if release.phase == Phase::Deploying {
            release.require_smoke(execution, revision)?;
        }
        Ok(release)
    }

    pub(crate) fn begun(&self, release: Release, lease: Lease) -> BeginFlip {
        let record = Record {
            lease: Some(lease),
            release: Some(release.clone()),
            ..self.clone()
        };
        BeginFlip::Begun { record, release }
    }

    /// Ends the flip, unless something overtook it.
    pub fn end_flip(&self, owner: &LeaseOwner, id: &ReleaseId) -> EndFlip {
        let Some(release) = &self.release else {
            return EndFlip::AlreadyEnded;
        };
        match release.phase {
            Phase::Flipping if release.id == *id => EndFlip::Ended(Record {
                lease: self.lease_after(owner),
                ..self.with_phase(Phase::Watching)
            }),
            Phase::Watching if release.id == *id => EndFlip::AlreadyEnded,
            Phase::Deploying
            | Phase::Flipping
            | Phase::Watching
            | Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => EndFlip::Overtaken(release.expected_active()),
        }
    }

    /// Releases the lease after a failure in which AWS answered every write, so that none is on its way: the flip
    /// back need not wait for its end. None where there is nothing to write.
    pub fn release_lease(&self, owner: &LeaseOwner) -> Option<Record> {
        let own = self.lease.as_ref().filter(|lease| lease.owner == *owner)?;
        (!own.retried).then(|| Record {
            lease: None,
            ..self.clone()
        })
    }
}

#[cfg(test)]
#[path = "flip_tests.rs"]
mod tests;
