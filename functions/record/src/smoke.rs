//! The smoke test in the record: a flip begins only with what passed it, and does not believe who asks for the flip.

use crate::phase::Phase;
use crate::record::Record;
use crate::release::{PassedSmoke, Release};
use shared::{ExecutionArn, Refusal, ReleaseId};

/// What became of a smoke test that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassSmoke {
    /// The record to write.
    Recorded(Record),
    /// An earlier try recorded the same.
    AlreadyRecorded,
    Refused(Refusal),
}

impl PassSmoke {
    /// The record to write, if there is one.
    pub fn record(&self) -> Option<Record> {
        let PassSmoke::Recorded(record) = self else {
            return None;
        };
        Some(record.clone())
    }
}

impl Record {
    /// Records what of release `id` passed its smoke test.
    ///
    /// Only the holder's own test of the claimed image counts, and only before the flip. What is recorded stays: a second
    /// value could let a flip begin with a revision that nobody tested.
    pub fn pass_smoke(&self, id: &ReleaseId, passed: &PassedSmoke) -> PassSmoke {
        let release = match self.release_held_by(&passed.execution, id) {
            Ok(release) => release,
            Err(refusal) => return PassSmoke::Refused(refusal),
        };
        let is_open = matches!(
            release.phase,
            Phase::Deploying | Phase::Flipping | Phase::Watching
        );
        if is_open && release.passed_smoke.as_ref() == Some(passed) {
            return PassSmoke::AlreadyRecorded;
        }
        if let Err(refusal) = release.may_record(passed) {
            return PassSmoke::Refused(refusal);
        }
        PassSmoke::Recorded(Record {
            release: Some(Release {
                passed_smoke: Some(passed.clone()),
                ..release.clone()
            }),
            ..self.clone()
        })
    }
}

impl Release {
    fn may_record(&self, passed: &PassedSmoke) -> Result<(), Refusal> {
        let Release {
            id,
            phase,
            to_digest,
            ..
        } = self;
        if *phase != Phase::Deploying {
            return Err(format!("release {id} is {phase}, past its smoke test").into());
        }
        if passed.digest != *to_digest {
            let tested = &passed.digest;
            return Err(Refusal::from(format!(
                "release {id} is of {to_digest}, and the smoke test was of {tested}"
            )));
        }
        match &self.passed_smoke {
            None => Ok(()),
            Some(before) => Err(Refusal::from(format!(
                "the record says already that release {id} passed the smoke test with {}",
                before.task_definition
            ))),
        }
    }

    /// Refuses where the record does not say that `execution` tested this release's image with `revision`.
    pub(crate) fn require_smoke(
        &self,
        execution: &ExecutionArn,
        revision: Option<&str>,
    ) -> Result<(), Refusal> {
        let id = &self.id;
        let Some(passed) = &self.passed_smoke else {
            return Err(Refusal::from(format!(
                "the record does not say that release {id} passed the smoke test. \
                 If the stack was updated since the release began, release its image again."
            )));
        };
        let of_release = passed.execution == *execution && passed.digest == self.to_digest;
        if of_release && revision == Some(passed.task_definition.as_str()) {
            return Ok(());
        }
        Err(Refusal::from(format!(
            "the record does not say that release {id} passed the smoke test with {}: it did with {} of {}, tested by {}",
            revision.unwrap_or("a revision that is not named"),
            passed.task_definition,
            passed.digest,
            passed.execution
        )))
    }
}

#[cfg(test)]
#[path = "smoke_tests.rs"]
mod tests;
