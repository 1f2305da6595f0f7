//! What becomes of a decision, and which release it may be about.

use crate::decision::Decision;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{Refusal, ReleaseId};

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// The record to write.
    Taken(Record),
    /// The same was said before. Where it is the same execution's word, an earlier try of it was taken.
    TakenBefore(Decision),
    /// It has no effect, and never will have.
    Refused(Refusal),
}

impl Decided {
    /// The record to write, if there is one.
    pub fn record(&self) -> Option<Record> {
        let Decided::Taken(record) = self else {
            return None;
        };
        Some(record.clone())
    }
}

/// Why a decision changes nothing.
pub(crate) enum NotTaken {
    TakenBefore(Decision),
    Refused(Refusal),
}

impl From<Refusal> for NotTaken {
    fn from(refusal: Refusal) -> NotTaken {
        NotTaken::Refused(refusal)
    }
}

impl From<Result<Record, NotTaken>> for Decided {
    fn from(taken: Result<Record, NotTaken>) -> Decided {
        match taken {
            Ok(record) => Decided::Taken(record),
            Err(NotTaken::TakenBefore(decision)) => Decided::TakenBefore(decision),
            Err(NotTaken::Refused(refusal)) => Decided::Refused(refusal),
        }
    }
}

impl Decision {
    /// Answers an earlier try of this very word, whatever has happened since: it does not act again.
    pub(crate) fn require_first(&self, before: Option<&Decision>) -> Result<(), NotTaken> {
        let own = before.filter(|before| before.execution == self.execution);
        own.map_or(Ok(()), |own| Err(NotTaken::TakenBefore(own.clone())))
    }
}

impl Record {
    /// The release of a word about it.
    pub(crate) fn release_named(&self, id: &ReleaseId) -> Result<&Release, Refusal> {
        let Some(release) = &self.release else {
            return Err(format!("no release is recorded, so there is no release {id}").into());
        };
        if release.id != *id {
            return Err(Refusal::from(format!(
                "the record speaks of release {}, not of release {id}. Look at the status for what is in progress.",
                release.id
            )));
        }
        Ok(release)
    }

    /// As [`Record::release_named`], and it has not ended.
    pub(crate) fn release_in_flight(&self, id: &ReleaseId) -> Result<&Release, Refusal> {
        let release = self.release_named(id)?;
        let phase = release.phase;
        if phase.is_terminal() || !self.is_held_for_release() {
            return Err(format!("release {id} has ended: it is {phase}").into());
        }
        if release.sync {
            return Err(format!("{id} is a sync, which never moves traffic").into());
        }
        Ok(release)
    }

    /// As [`Record::release_in_flight`], and it goes forward by itself.
    pub(crate) fn release_going_forward(&self, id: &ReleaseId) -> Result<&Release, Refusal> {
        let release = self.release_in_flight(id)?;
        release.not_stopped()?;
        if release.phase == Phase::RollingBack {
            return Err(format!("release {id} is being flipped back").into());
        }
        Ok(release)
    }

    pub(crate) fn with_release(&self, release: Release) -> Record {
        Record {
            release: Some(release),
            ..self.clone()
        }
    }
}

impl Release {
    /// A machine from before people decided flips back what the record keeps waiting, and reads no early end.
    pub(crate) fn heeds_people(&self) -> Result<(), Refusal> {
        if self.heeds {
            return Ok(());
        }
        Err(Refusal::from(format!(
            "release {} runs an older definition of the machine, which does not heed people: stop it, or let it end",
            self.id
        )))
    }
}

#[cfg(test)]
#[path = "decided_tests.rs"]
mod tests;
