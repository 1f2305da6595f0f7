//! Who may write to the rule: a flip and a flip back begin with a lease and end by giving it back.

use super::{Lease, Phase, Record, Release, Time};
use crate::Environment;

/// What became of the wish to flip, or to flip back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The record to write before the rule is touched, and its release.
    Go {
        record: Record,
        release: Release,
    },
    /// It was done before, by an earlier try or by somebody else, for the reason in the release.
    Done(Release),
    /// The record belongs to someone else, or speaks of another release.
    Refused(String),
    /// The release never moved traffic.
    NothingToReturn(String),
    /// The alarm does not concern this release.
    Ignored(String),
    WriterMayBeAlive {
        until: Time,
    },
}

impl Begin {
    /// The record to write, if there is something to begin.
    pub fn record(&self) -> Option<Record> {
        match self {
            Begin::Go { record, .. } => Some(record.clone()),
            Begin::Done(_)
            | Begin::Refused(_)
            | Begin::NothingToReturn(_)
            | Begin::Ignored(_)
            | Begin::WriterMayBeAlive { .. } => None,
        }
    }
}

/// What became of the end of a flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndFlip {
    /// The record to write.
    End(Record),
    /// The record was written by an earlier try.
    Done,
    /// The release is in another phase, or the record in other hands: the rule belongs where it says.
    Overtaken(Environment),
}

/// Who asks to flip back, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A state machine, for the release with this id.
    Release(String),
    /// A CloudWatch alarm that went into ALARM at `changed_at`, watching `environment` where that is known.
    Alarm {
        changed_at: Time,
        environment: Option<Environment>,
    },
}

impl Record {
    /// Takes the lease for moving traffic to the release's new side.
    pub fn begin_flip(&self, me: &str, release_id: &str, now: Time, until: Time) -> Begin {
        let Some(release) = self
            .release
            .as_ref()
            .filter(|release| release.id == release_id)
        else {
            return Begin::Refused(format!("the record does not speak of release {release_id}"));
        };
        if self.holder.as_deref() != Some(me) {
            return Begin::Refused(format!(
                "release {release_id} does not hold the record any more"
            ));
        }
        if release.sync {
            return Begin::Refused(format!("{release_id} is a sync, which never moves traffic"));
        }
        let blocking = match release.phase {
            Phase::Watching => return Begin::Done(release.clone()),
            Phase::Deploying => self.live_writer(now),
            Phase::Flipping => self.live_writer_other_than(me, now),
            phase @ (Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced) => {
                return Begin::Refused(format!("release {release_id} is {phase}, past its flip"));
            }
        };
        if let Some(lease) = blocking {
            return Begin::WriterMayBeAlive { until: lease.until };
        }
        // A retry keeps the first moment: the first try may have moved traffic already.
        let flipped_at = release.flipped_at.or(Some(now));
        self.go(
            Release {
                phase: Phase::Flipping,
                flipped_at,
                ..release.clone()
            },
            self.lease(me, until, now),
        )
    }

    /// Ends the flip, unless something overtook it.
    pub fn end_flip(&self, me: &str, release_id: &str) -> EndFlip {
        let Some(release) = &self.release else {
            return EndFlip::Done;
        };
        match release.phase {
            Phase::Flipping if release.id == release_id => EndFlip::End(Record {
                writer: self.without_lease_of(me),
                ..self.with_phase(Phase::Watching)
            }),
            Phase::Watching if release.id == release_id => EndFlip::Done,
            Phase::Deploying
            | Phase::Flipping
            | Phase::Watching
            | Phase::Stable
            | Phase::RollingBack
            | Phase::RolledBack
            | Phase::Failed
            | Phase::Synced => EndFlip::Overtaken(release.rightful()),
        }
    }

    /// Takes the lease for returning traffic to the old side.
    ///
    /// While a flip may still be on its way, nobody flips back, not even the same execution: the rule could
    /// go back first and forward afterwards.
    pub fn begin_flip_back(
        &self,
        me: &str,
        cause: &Cause,
        reason: &str,
        now: Time,
        until: Time,
    ) -> Begin {
        let Some(release) = &self.release else {
            return Begin::NothingToReturn(
                "no release is recorded, so there is nothing to flip back".to_owned(),
            );
        };
        if let Some(refusal) = cause.does_not_fit(release) {
            return refusal;
        }
        if let Some(reason) = self.contracted_since(release) {
            return Begin::Refused(reason);
        }
        let blocking = match release.phase {
            Phase::Flipping | Phase::Watching | Phase::Stable => self.live_writer(now),
            Phase::RollingBack => self.live_writer_other_than(me, now),
            Phase::RolledBack => return Begin::Done(release.clone()),
            Phase::Deploying | Phase::Failed | Phase::Synced => {
                return Begin::NothingToReturn(format!(
                    "release {} did not move traffic, and the idle side has been deployed to: \
                     to go to an older version, release its image",
                    release.id
                ));
            }
        };
        if let Some(lease) = blocking {
            return Begin::WriterMayBeAlive { until: lease.until };
        }
        let mut going_back = Release {
            phase: Phase::RollingBack,
            ..release.clone()
        };
        if release.phase != Phase::RollingBack {
            going_back.reason = Some(reason.to_owned());
        }
        let mut record = self.clone();
        record.count(release, false);
        record.go(going_back, self.lease(me, until, now))
    }

    fn go(&self, release: Release, lease: Lease) -> Begin {
        let record = Record {
            writer: Some(lease),
            release: Some(release.clone()),
            ..self.clone()
        };
        Begin::Go { record, release }
    }

    /// Gives the lease back after a failure in which AWS answered every write, so that none is on its way: the flip
    /// back need not wait for it.
    pub fn give_up(&self, me: &str) -> Option<Record> {
        let mine = self.writer.as_ref().filter(|lease| lease.by == me)?;
        (!mine.retried).then(|| Record {
            writer: None,
            ..self.clone()
        })
    }

    /// Ends the flip back; a second end is a no-op.
    pub fn end_flip_back(&self, me: &str, release_id: &str) -> Option<Record> {
        let release = self.release.as_ref()?;
        (release.id == release_id && release.phase == Phase::RollingBack).then(|| Record {
            writer: self.without_lease_of(me),
            ..self.with_phase(Phase::RolledBack)
        })
    }
}

impl Cause {
    /// Why it does not concern `release`, when it does not.
    fn does_not_fit(&self, release: &Release) -> Option<Begin> {
        match self {
            Cause::Release(id) => (*id != release.id).then(|| {
                Begin::Refused(format!(
                    "the record speaks of release {}, which came after release {id}",
                    release.id
                ))
            }),
            Cause::Alarm { .. } if release.phase == Phase::RolledBack => None,
            Cause::Alarm {
                environment: Some(environment),
                ..
            } if *environment != release.to => Some(Begin::Ignored(format!(
                "the alarm watches {environment}, which release {} left",
                release.id
            ))),
            Cause::Alarm { changed_at, .. } => {
                let after = release
                    .flipped_at
                    .is_some_and(|flipped_at| *changed_at > flipped_at);
                (!after).then(|| {
                    let id = &release.id;
                    Begin::Ignored(format!(
                        "the alarm changed at {changed_at}, which is not after release {id} flipped"
                    ))
                })
            }
        }
    }
}

impl Lease {
    /// How long a writer may live after its function's deadline: clocks differ, and a request may be on its way.
    pub const MARGIN_SECONDS: i64 = 5;
}

#[cfg(test)]
#[path = "flip_tests.rs"]
mod tests;
