//! An execution that ended without its own end: it was stopped, or timed out, and still holds the record.

use crate::finish::{Finish, Outcome};
use crate::phase::Phase;
use crate::record::{Lease, Record};
use crate::release::Release;
use chrono::TimeDelta;
use shared::{ExecutionArn, FailureReason, Time};

/// How long a function that deploys may live, in seconds: its timeout in `template.yaml`.
pub const DEPLOY_SECONDS: i64 = 30;

/// Seconds that a task may live after its stop was requested: the longest `stopTimeout` on Fargate (ECS API reference).
const MIGRATION_STOP_SECONDS: i64 = 120;

/// What became of the end of a release whose execution has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseStopped {
    /// The record to write.
    Closed(Record),
    /// The execution does not hold the record (any more), or holds it for a contract step.
    NotHolder,
    /// Something of it may still be at work.
    TooEarly { until: Time },
}

impl CloseStopped {
    /// The record to write, if there is one.
    pub fn record(&self) -> Option<Record> {
        let CloseStopped::Closed(record) = self else {
            return None;
        };
        Some(record.clone())
    }
}

impl Record {
    /// Until when the last task of the holder may be at work, if its execution ended at `ended`; none: it has none.
    ///
    /// An update of the idle service on its way could reach an environment that has become active since, and a migration
    /// goes on until ECS has stopped it. The service is also scaled again before each larger share. So a release with a
    /// part of the traffic counts, and stays so after its flip back: its environment is idle then.
    pub fn at_work_until(&self, ended: Time) -> Option<Time> {
        let deploys = |it: &&Release| it.phase == Phase::Deploying || !it.current_share().is_all();
        let release = self.release.as_ref().filter(deploys);
        let migrates = |it: &Release| it.phase == Phase::Deploying && it.expand.is_some();
        let seconds = match release {
            _ if self.is_held_for_contract() => MIGRATION_STOP_SECONDS,
            Some(release) if migrates(release) => MIGRATION_STOP_SECONDS,
            Some(_) => DEPLOY_SECONDS,
            None => return None,
        };
        Some(ended + TimeDelta::seconds(seconds + Lease::MARGIN_SECONDS))
    }

    /// Ends the release of an execution that has ended, at `ended` where that is known: the record has no holder any more.
    ///
    /// As with [`Record::finish`], the phase says where traffic is: only a release that has not flipped has failed by that.
    /// What was said before of its end stays.
    pub fn close_stopped(
        &self,
        execution: &ExecutionArn,
        ended: Option<Time>,
        reason: &FailureReason,
        now: Time,
    ) -> CloseStopped {
        if !self.is_held_for_release_by(execution) {
            return CloseStopped::NotHolder;
        }
        let at_work = ended.and_then(|ended| self.at_work_until(ended));
        let leased = self.lease.as_ref().map(|lease| lease.until);
        let until = at_work.max(leased).filter(|until| *until > now);
        if let Some(until) = until {
            return CloseStopped::TooEarly { until };
        }
        let Finish::Finished(mut record) = self.finish(execution, Outcome::Failed, reason, now)
        else {
            return CloseStopped::NotHolder;
        };
        let said = self.release.as_ref().and_then(|it| it.reason.clone());
        if let (Some(said), Some(release)) = (said, record.release.as_mut()) {
            release.reason = Some(said);
        }
        CloseStopped::Closed(record)
    }

    /// The release that `execution` has left, where it has ended and what it had flipped is to be flipped back.
    ///
    /// A version before this one left such a release where it was, and somebody may have stopped its execution to keep it:
    /// it may have been live for weeks. Those versions did not write down when a share began.
    pub fn left_flipped_by(&self, execution: &ExecutionArn) -> Option<&Release> {
        let release = self.release.as_ref()?;
        let is_left = release.has_moved() && release.share_since.is_some();
        (is_left && self.is_held_for_release_by(execution)).then_some(release)
    }

    /// Whether this execution holds the record, and not for a contract step: the release of that moment is another's, and
    /// has ended.
    pub(crate) fn is_held_for_release_by(&self, execution: &ExecutionArn) -> bool {
        self.holder.as_ref() == Some(execution) && !self.is_held_for_contract()
    }

    /// Whether some execution holds the record for a release.
    pub(crate) fn is_held_for_release(&self) -> bool {
        self.holder.is_some() && !self.is_held_for_contract()
    }

    /// Whether the holder is the execution of the latest contract step.
    fn is_held_for_contract(&self) -> bool {
        let contract = self.contract.as_ref().map(|it| &it.execution);
        contract.is_some() && contract == self.holder.as_ref()
    }
}

#[cfg(test)]
#[path = "stopped_tests.rs"]
mod tests;
