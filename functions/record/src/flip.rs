//! The beginning of a flip: it takes the lease to write the rules.

use crate::approval::Before;
use crate::phase::Phase;
use crate::record::{Lease, Record};
use crate::release::Release;
use shared::{ExecutionArn, LeaseOwner, OriginalForward, Refusal, ReleaseId, Share, Time};

/// What a flip asks for.
#[derive(Clone, Copy, Debug)]
pub struct Flip<'a> {
    pub execution: &'a ExecutionArn,
    pub release: &'a ReleaseId,
    /// ARN of the revision that the new environment runs.
    pub revision: Option<&'a str>,
    /// The share of the traffic that the new environment is to get.
    pub share: Share,
    /// The forwards as they are now, before anything is written; empty as long as they have not been read.
    pub original_forwards: &'a [OriginalForward],
}

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
    /// A person holds the release: its share does not grow before that ends.
    Held {
        until: Time,
        reason: Refusal,
    },
    /// The record belongs to another execution, or speaks of another release, or does not allow this flip.
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

impl Record {
    /// Takes the lease for giving the release's new environment a share of the traffic.
    ///
    /// The first share begins only with what the record says has passed the smoke test, and a later one only where the
    /// record says that the share before it has passed its watch, whatever the caller says. Neither begins while a person
    /// holds the release, or without the approval that it needs. A flip that has begun goes on: its rules may disagree.
    pub fn begin_flip(&self, flip: &Flip<'_>, now: Time, until: Time) -> BeginFlip {
        let release = match self.flippable(flip) {
            Ok(release) => release,
            Err(refusal) => return BeginFlip::Refused(refusal),
        };
        if release.phase == Phase::Watching && flip.share == release.current_share() {
            return BeginFlip::AlreadyDone(release.clone());
        }
        let owner = LeaseOwner::from(flip.execution);
        let goes_on = release.phase == Phase::Flipping;
        if !goes_on && let Some(hold) = release.held_at(now) {
            let (until, reason) = (hold.until, hold.described(&release.id));
            return BeginFlip::Held { until, reason };
        }
        if let Some(lease) = self.lease_against(&owner, goes_on, now) {
            return BeginFlip::LeaseHeld { until: lease.until };
        }
        // A retry keeps the first moment: the first try may have moved traffic already.
        let release = if goes_on {
            release.clone()
        } else {
            release.flipping(flip, now)
        };
        self.begun(release, self.new_lease(&owner, until, now))
    }

    /// A flip to a larger share waits for every try of the one before: a late write would take the share back.
    fn lease_against(&self, owner: &LeaseOwner, goes_on: bool, now: Time) -> Option<&Lease> {
        if goes_on {
            self.live_lease_other_than(owner, now)
        } else {
            self.live_lease(now)
        }
    }

    /// The release, if this execution may flip it to this revision and share, and people want neither that it stops nor that
    /// it waits for an approval.
    fn flippable(&self, flip: &Flip<'_>) -> Result<&Release, Refusal> {
        let release = self.release_held_by(flip.execution, flip.release)?;
        let (id, phase) = (&release.id, release.phase);
        release.not_stopped()?;
        match phase {
            Phase::Deploying => release.require_smoke(flip.execution, flip.revision)?,
            Phase::Flipping => release.require_share(flip.share)?,
            Phase::Watching => release.require_step(flip.share)?,
            Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => {
                return Err(format!("release {id} is {phase}, past its flip").into());
            }
        }
        self.require_gate(release, Before::Flip(flip.share))?;
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
}

#[cfg(test)]
#[path = "flip_tests.rs"]
mod tests;
