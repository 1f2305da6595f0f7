//! The flip back: who may ask for it, and when it has to wait.

use crate::flip::BeginFlip;
use crate::record::{Phase, Record, Release};
use shared::{Environment, LeaseOwner, ReleaseId, Time};

/// Who asks to flip back, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlipBackCause {
    /// A state machine, for this release.
    Release(ReleaseId),
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
        reason: &str,
        now: Time,
        until: Time,
    ) -> BeginFlip {
        let Some(release) = &self.release else {
            return BeginFlip::NothingToFlipBack(
                "no release is recorded, so there is nothing to flip back".into(),
            );
        };
        if let Some(answer) = cause.misses(release) {
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
                let refusal = format!(
                    "release {} did not move traffic, and the idle environment has been deployed to: \
                     for an older version, release its image",
                    release.id
                );
                return BeginFlip::NothingToFlipBack(refusal.into());
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
            rolling_back.reason = Some(reason.to_owned());
        }
        let mut record = self.clone();
        record.count_end(release, false);
        record.begun(rolling_back, self.new_lease(owner, until, now))
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
    /// The answer where the cause does not concern `release`.
    fn misses(&self, release: &Release) -> Option<BeginFlip> {
        let id = &release.id;
        match self {
            FlipBackCause::Release(meant) => (meant != id).then(|| {
                let refusal =
                    format!("the record speaks of release {id}, which came after release {meant}");
                BeginFlip::Refused(refusal.into())
            }),
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
