//! The stop of a release on request. Its execution is stopped after that, and what it has flipped is flipped back.

use crate::decided::{Decided, NotTaken};
use crate::decision::Decision;
use crate::record::Record;
use crate::release::Release;
use shared::{FailureReason, Refusal, ReleaseId};

impl Record {
    /// Writes down that a release is to be stopped: from here on it goes no step forward.
    pub fn stop(&self, id: &ReleaseId, decision: &Decision) -> Decided {
        self.stopped(id, decision).into()
    }

    fn stopped(&self, id: &ReleaseId, decision: &Decision) -> Result<Record, NotTaken> {
        if let Some(stop) = &self.release_named(id)?.stop {
            return Err(NotTaken::TakenBefore(stop.clone()));
        }
        let release = self.release_in_flight(id)?;
        Ok(self.with_release(Release {
            stop: Some(decision.clone()),
            ..release.clone()
        }))
    }
}

impl Release {
    /// Refuses a step forward of a release that is being stopped.
    pub(crate) fn not_stopped(&self) -> Result<(), Refusal> {
        match &self.stop {
            Some(stop) => Err(format!("release {} was stopped by {stop}", self.id).into()),
            None => Ok(()),
        }
    }

    /// Why the release ends, if a person stops it.
    pub fn stop_reason(&self) -> Option<FailureReason> {
        let refusal = self.not_stopped().err()?;
        Some(FailureReason::failure("StopRequested", refusal.as_str()))
    }
}

#[cfg(test)]
#[path = "stop_tests.rs"]
mod tests;
