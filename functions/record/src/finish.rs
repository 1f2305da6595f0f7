//! The end of a release: its execution releases the record.

use crate::record::Record;
use crate::release::{Phase, Release};
use serde::Deserialize;
use shared::{ExecutionArn, FailureReason};

/// How an execution ends its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Stable,
    Failed,
    RolledBack,
    /// A sync.
    Synced,
    Contracted,
}

/// What became of the end of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The record to write.
    Finished(Record),
    /// This execution does not hold the record (any more), or its release cannot be stable yet: nothing to write. The
    /// phase of its release, if the record still speaks of it.
    NotHolder(Option<Phase>),
    /// It asked for stable, but traffic was flipped back meanwhile; the record to write is released all the same.
    RolledBackMeanwhile(Record),
}

impl Record {
    /// Ends a release: the record has no holder any more.
    ///
    /// The phase says where traffic is, so an outcome that does not fit it changes the holder and the reason
    /// only: a release whose flip back was refused stays `watching`, and can still be flipped back by hand.
    pub fn finish(
        &self,
        execution: &ExecutionArn,
        outcome: Outcome,
        reason: &FailureReason,
    ) -> Finish {
        if let Some(contracted) = self.end_contract(execution, outcome, &reason.to_string()) {
            return Finish::Finished(contracted);
        }
        let Some(release) = self.release.as_ref() else {
            return Finish::NotHolder(None);
        };
        if self.holder.as_ref() != Some(execution) {
            let phase = execution.is_of(&release.id).then_some(release.phase);
            return Finish::NotHolder(phase);
        }
        if outcome == Outcome::Stable && !release.may_end_stable() {
            return Finish::NotHolder(Some(release.phase));
        }
        let phase = release.phase.after(outcome);
        let flipped_back = matches!(phase, Phase::RollingBack | Phase::RolledBack);
        let mut record = Record {
            holder: None,
            ..self.with_phase(phase)
        };
        if !release.sync {
            record.count_end(release, phase == Phase::Stable);
            match phase {
                Phase::Stable => record.forget_bad_ends(release),
                Phase::Failed => record.remember_bad_end(release, reason),
                Phase::Deploying
                | Phase::Flipping
                | Phase::Watching
                | Phase::RollingBack
                | Phase::RolledBack
                | Phase::Synced => {}
            }
        }
        if let Some(release) = record.release.as_mut().filter(|_| !flipped_back) {
            release.reason = Some(reason.to_string());
        }
        if outcome == Outcome::Stable && flipped_back {
            Finish::RolledBackMeanwhile(record)
        } else {
            Finish::Finished(record)
        }
    }
}

impl Release {
    /// Whether `stable` may end it. Not while somebody flips it back: the record is released once that is done. And not while
    /// it has a part of the traffic: a terminal phase would leave the split without anybody who undoes it.
    fn may_end_stable(&self) -> bool {
        let is_split = self.phase == Phase::Watching && !self.current_share().is_all();
        self.phase != Phase::RollingBack && !is_split
    }
}

impl Phase {
    /// The phase in which an outcome leaves a release; one that does not fit leaves it where it is.
    pub(crate) fn after(self, outcome: Outcome) -> Phase {
        match (outcome, self) {
            (Outcome::Stable, Phase::Watching) => Phase::Stable,
            (Outcome::Failed, Phase::Deploying) => Phase::Failed,
            (Outcome::Synced, Phase::Deploying) => Phase::Synced,
            (
                Outcome::Stable
                | Outcome::Failed
                | Outcome::RolledBack
                | Outcome::Synced
                | Outcome::Contracted,
                phase,
            ) => phase,
        }
    }
}

#[cfg(test)]
#[path = "finish_tests.rs"]
mod tests;
