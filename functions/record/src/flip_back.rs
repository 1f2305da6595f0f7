//! The flip back: who may ask for it, and when it has to wait.

use crate::finish::{Finish, Outcome};
use crate::flip::BeginFlip;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{Environment, ExecutionArn, FailureReason, LeaseOwner, ReleaseId, Time};

/// Who asks to flip back, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlipBackCause {
    /// A state machine, for this release.
    Release(ReleaseId),
    /// The end of this execution, while it holds the record for a release.
    Stopped(ExecutionArn),
    /// A CloudWatch alarm that went into ALARM at `changed_at`, watching `environment` where that is known.
    Alarm {
        changed_at: Time,
        environment: Option<Environment>,
    },
}

impl Record {
    /// Takes the lease for flipping back to the previous environment.
    ///
    /// While a flip may still be on its way, nobody flips back, not even the same execution: the rules could
    /// be written back first and forward afterwards.
    pub fn begin_flip_back(
        &self,
        owner: &LeaseOwner,
        cause: &FlipBackCause,
        reason: &FailureReason,
        now: Time,
        until: Time,
    ) -> BeginFlip {
        let Some(release) = &self.release else {
            let refusal = "no release is recorded, so there is nothing to flip back";
            return BeginFlip::NothingToFlipBack {
                refusal: refusal.into(),
                closed: None,
            };
        };
        if let Some(answer) = cause.misses(self, release) {
            return answer;
        }
        if let Err(refusal) = self.not_contracted_since(release) {
            return BeginFlip::Refused(refusal);
        }
        let lease = match release.phase {
            Phase::Flipping | Phase::Watching | Phase::Stable => self.live_lease(now),
            Phase::RollingBack => self.live_lease_other_than(owner, now),
            Phase::RolledBack => return BeginFlip::AlreadyDone(release.clone()),
            Phase::Deploying | Phase::Failed | Phase::Synced => {
                return self.never_flipped(owner, release, reason, now);
            }
        };
        if let Some(lease) = lease {
            return BeginFlip::LeaseHeld { until: lease.until };
        }
        let mut rolling_back = Release {
            phase: Phase::RollingBack,
            ..release.clone()
        };
        if release.phase != Phase::RollingBack {
            rolling_back.reason = Some(reason.to_string());
            rolling_back.flip_back_at = Some(now);
        }
        let mut record = self.frozen_after(release, owner, reason, now);
        record.count_end(release, false);
        record.remember_bad_end(release, reason);
        record.begun(rolling_back, self.new_lease(owner, until, now))
    }

    fn never_flipped(
        &self,
        owner: &LeaseOwner,
        release: &Release,
        reason: &FailureReason,
        now: Time,
    ) -> BeginFlip {
        let refusal = format!(
            "release {} did not move traffic, and since it began there is no flip back to the version before the live \
             one: for an older version, release its image",
            release.id
        );
        BeginFlip::NothingToFlipBack {
            refusal: refusal.into(),
            closed: self.closed_by(owner, release, reason, now),
        }
    }

    /// Ends a release that has not flipped, where its own execution gives it up; none where there is nothing to write.
    ///
    /// A try of its flip may go on that nobody awaits any more: from here on that one is refused. The execution holds
    /// the record until it has recorded its end.
    fn closed_by(
        &self,
        owner: &LeaseOwner,
        release: &Release,
        reason: &FailureReason,
        now: Time,
    ) -> Option<Record> {
        let own = |holder: &&ExecutionArn| LeaseOwner::from(*holder) == *owner;
        let holder = self.holder.as_ref().filter(own)?;
        if release.phase != Phase::Deploying {
            return None;
        }
        let Finish::Finished(failed) = self.finish(holder, Outcome::Failed, reason, now) else {
            return None;
        };
        Some(Record {
            holder: self.holder.clone(),
            ..failed
        })
    }

    /// Ends the flip back; none where it has ended before.
    pub fn end_flip_back(&self, owner: &LeaseOwner, id: &ReleaseId) -> Option<Record> {
        let release = self.release.as_ref()?;
        (release.id == *id && release.phase == Phase::RollingBack).then(|| Record {
            lease: self.lease_after(owner),
            ..self.with_phase(Phase::RolledBack)
        })
    }
}

impl FlipBackCause {
    /// The answer where the cause does not concern `release`, of which `record` speaks.
    fn misses(&self, record: &Record, release: &Release) -> Option<BeginFlip> {
        let id = &release.id;
        match self {
            FlipBackCause::Release(meant) => (meant != id).then(|| {
                let refusal =
                    format!("the record speaks of release {id}, which came after release {meant}");
                BeginFlip::Refused(refusal.into())
            }),
            FlipBackCause::Stopped(execution) => {
                let refusal = format!("{execution} does not hold the record for release {id}");
                let misses = !record.is_held_for_release_by(execution);
                misses.then(|| BeginFlip::Ignored(refusal.into()))
            }
            FlipBackCause::Alarm { .. } if release.phase == Phase::RolledBack => None,
            FlipBackCause::Alarm {
                environment: Some(environment),
                ..
            } if *environment != release.to => {
                let refusal = format!("the alarm watches {environment}, which release {id} left");
                Some(BeginFlip::Ignored(refusal.into()))
            }
            FlipBackCause::Alarm { changed_at, .. } => {
                let after = release.flipped_at.is_some_and(|at| *changed_at > at);
                let refusal = || {
                    format!(
                        "the alarm changed at {changed_at}, which is not after release {id} flipped"
                    )
                };
                (!after).then(|| BeginFlip::Ignored(refusal().into()))
            }
        }
    }
}

#[cfg(test)]
#[path = "flip_back_tests.rs"]
mod tests;
