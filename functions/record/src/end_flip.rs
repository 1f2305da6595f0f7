//! The end of a flip: it releases the lease to write the rules.

use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{LeaseOwner, ReleaseId, Share};

/// What became of the end of a flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndFlip {
    /// The record to write.
    Ended(Record),
    /// An earlier try wrote the record.
    AlreadyEnded,
    /// The release is in another phase or at another share, or the record speaks of another one: the rules belong where
    /// this one, the record's, expects traffic.
    Overtaken(Release),
}

impl Record {
    /// Ends the flip to this share, unless something overtook it.
    pub fn end_flip(&self, owner: &LeaseOwner, id: &ReleaseId, share: Share) -> EndFlip {
        let Some(release) = &self.release else {
            return EndFlip::AlreadyEnded;
        };
        let same = release.id == *id && release.current_share() == share;
        match release.phase {
            Phase::Flipping if same => EndFlip::Ended(Record {
                lease: self.lease_after(owner),
                ..self.with_phase(Phase::Watching)
            }),
            Phase::Watching if same => EndFlip::AlreadyEnded,
            Phase::Deploying
            | Phase::Flipping
            | Phase::Watching
            | Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => EndFlip::Overtaken(release.clone()),
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
