//! The end of a release: its execution releases the record.

use crate::approval::Before;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use serde::Deserialize;
use shared::{ExecutionArn, FailureReason, Refusal, Time};

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
    /// It asked for stable, and people want it to wait: ask again.
    Waits(Refusal),
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
        now: Time,
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
        if outcome == Outcome::Stable
            && let Err(refusal) = self.may_end_now(release, now)
        {
            return Finish::Waits(refusal);
        }
        let record = self.ended(release, outcome, reason);
        if outcome == Outcome::Stable && release.is_flipped_back() {
            Finish::RolledBackMeanwhile(record)
        } else {
            Finish::Finished(record)
        }
    }

    /// The record once its release has ended.
    fn ended(&self, release: &Release, outcome: Outcome, reason: &FailureReason) -> Record {
        let phase = release.phase.after(outcome);
        let mut record = Record {
            holder: None,
            ..self.with_phase(phase)
        };
        if !release.sync {
            record.count_end(release, phase == Phase::Stable);
            match phase {
                Phase::Stable => record.forget_what_is_stable(release),
                Phase::Failed => record.remember_bad_end(release, reason),
                Phase::Deploying
                | Phase::Flipping
                | Phase::Watching
                | Phase::RollingBack
                | Phase::RolledBack
                | Phase::Synced => {}
            }
        }
        let ended = record.release.as_mut();
        if let Some(ended) = ended.filter(|_| !release.is_flipped_back()) {
            ended.reason = Some(reason.to_string());
        }
        record
    }

    /// Refuses the end as stable while people want the release to wait; one that was flipped back has nothing to wait for.
    fn may_end_now(&self, release: &Release, now: Time) -> Result<(), Refusal> {
        if release.phase != Phase::Watching {
            return Ok(());
        }
        let hold = release.held_at(now).map(|hold| hold.described(&release.id));
        hold.map_or(Ok(()), Err)?;
        self.require_gate(release, Before::Finish)
    }
}

impl Release {
    /// Its flip back has begun: its reason is that one's.
    fn is_flipped_back(&self) -> bool {
        matches!(self.phase, Phase::RollingBack | Phase::RolledBack)
    }

    /// Whether `stable` may end it. Not while somebody flips it back: the record is released once that is done. And not while
    /// it has a part of the traffic: a terminal phase would leave the split without anybody who undoes it. Nor while a
    /// person stops it.
    fn may_end_stable(&self) -> bool {
        let is_split = self.phase == Phase::Watching && !self.current_share().is_all();
        let is_stopped = self.phase == Phase::Watching && self.stop.is_some();
        self.phase != Phase::RollingBack && !is_split && !is_stopped
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
