//! The shares of a release: each is watched before a larger one may follow, and the record says that it was.

use crate::flip::Flip;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{ExecutionArn, Refusal, ReleaseId, Share, Splits, Time};

/// What became of a step whose watch found the release healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassStep {
    /// The record to write.
    Recorded(Record),
    /// An earlier try recorded the same.
    AlreadyRecorded,
    /// A person holds the release: ask again.
    Waits(Refusal),
    Refused(Refusal),
}

impl PassStep {
    /// The record to write, if there is one.
    pub fn record(&self) -> Option<Record> {
        let PassStep::Recorded(record) = self else {
            return None;
        };
        Some(record.clone())
    }
}

impl Record {
    /// Records that release `id` is healthy at this share, so that a larger one may follow.
    ///
    /// Only its own execution may say so, while the rules have this very share: the verdict on an earlier one, delivered
    /// late, does not speak of this one.
    pub fn pass_step(
        &self,
        id: &ReleaseId,
        execution: &ExecutionArn,
        share: Share,
        now: Time,
    ) -> PassStep {
        let release = match self.release_held_by(execution, id) {
            Ok(release) => release,
            Err(refusal) => return PassStep::Refused(refusal),
        };
        let is_open = matches!(release.phase, Phase::Flipping | Phase::Watching);
        if is_open && release.passed_share == Some(share) {
            return PassStep::AlreadyRecorded;
        }
        if let Err(refusal) = release.not_stopped().and_then(|()| release.may_pass(share)) {
            return PassStep::Refused(refusal);
        }
        if let Some(hold) = release.held_at(now) {
            return PassStep::Waits(hold.described(id));
        }
        PassStep::Recorded(Record {
            release: Some(Release {
                passed_share: Some(share),
                ..release.clone()
            }),
            ..self.clone()
        })
    }
}

impl Release {
    /// The share of the traffic that the latest flip wrote, or is writing.
    pub fn current_share(&self) -> Share {
        self.share.unwrap_or(Share::ALL)
    }

    /// The splits that the release may have made of the rules by now. A flip that died between two rules leaves two
    /// shares. None where it has no traffic, or all of it for good: who splits the rules then is somebody else.
    pub fn splits(&self) -> Splits<'_> {
        Splits {
            to: self.to,
            shares: if self.has_moved() {
                [self.share, self.passed_share]
            } else {
                [None, None]
            },
            originals: &self.original_forwards,
        }
    }

    fn may_pass(&self, share: Share) -> Result<(), Refusal> {
        let Release { id, phase, .. } = self;
        let current = self.current_share();
        if *phase != Phase::Watching {
            return Err(format!("release {id} is {phase}, so no share of it is watched").into());
        }
        if share != current {
            return Err(format!("release {id} has {current} of the traffic, not {share}").into());
        }
        if share.is_all() {
            return Err(format!("release {id} has all of the traffic: no step follows").into());
        }
        Ok(())
    }

    /// Refuses a flip that has begun with another share: some rules may have that one already.
    pub(crate) fn require_share(&self, share: Share) -> Result<(), Refusal> {
        let current = self.current_share();
        if share == current {
            return Ok(());
        }
        let id = &self.id;
        Err(format!("release {id} is flipping to {current} of the traffic, not to {share}").into())
    }

    /// Refuses a share that is less than what is being watched, and a larger one before that has passed.
    pub(crate) fn require_step(&self, share: Share) -> Result<(), Refusal> {
        let current = self.current_share();
        let id = &self.id;
        if share < current {
            return Err(Refusal::from(format!(
                "release {id} has {current} of the traffic, and its share never shrinks: expected more, found {share}"
            )));
        }
        if share > current && self.passed_share != Some(current) {
            return Err(Refusal::from(format!(
                "the record does not say that release {id} passed its watch at {current} of the traffic, \
                 so it does not get {share}"
            )));
        }
        Ok(())
    }

    /// The release as the flip to a new share begins.
    pub(crate) fn flipping(&self, flip: &Flip<'_>, now: Time) -> Release {
        let splits = self.phase == Phase::Deploying && !flip.share.is_all();
        let original = if splits {
            flip.original_forwards
        } else {
            &self.original_forwards
        };
        Release {
            phase: Phase::Flipping,
            flipped_at: self.flipped_at.or(Some(now)),
            share: Some(flip.share),
            share_since: Some(now),
            original_forwards: original.to_vec(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
#[path = "share_tests.rs"]
mod tests;
