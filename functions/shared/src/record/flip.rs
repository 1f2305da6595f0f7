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
        let blocking = match release.phase {
            Phase::Watching => return Begin::Done(release.clone()),
            Phase::Deploying => self.live_writer(now),
            Phase::Flipping => self.live_writer_other_than(me, now),
            phase @ (Phase::Stable | Phase::RollingBack | Phase::RolledBack | Phase::Failed) => {
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
            | Phase::Failed => EndFlip::Overtaken(release.rightful()),
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
        let blocking = match release.phase {
            Phase::Flipping | Phase::Watching | Phase::Stable => self.live_writer(now),
            Phase::RollingBack => self.live_writer_other_than(me, now),
            Phase::RolledBack => return Begin::Done(release.clone()),
            Phase::Deploying | Phase::Failed => {
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
        self.go(going_back, self.lease(me, until, now))
    }

    fn go(&self, release: Release, lease: Lease) -> Begin {
        let record = Record {
            writer: Some(lease),
            release: Some(release.clone()),
            ..self.clone()
        };
        Begin::Go { record, release }
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
mod tests {
    use super::super::fixtures::{at, release};
    use super::*;

    fn begun(outcome: Begin) -> Record {
        let Begin::Go { record, .. } = outcome else {
            panic!("the flip did not begin: {outcome:?}")
        };
        record
    }

    fn back(record: &Record, me: &str, cause: &Cause, now: i64) -> Begin {
        record.begin_flip_back(me, cause, "because", at(now), at(now + 20))
    }

    fn deploying() -> Record {
        Record {
            release: Some(release("me")),
            ..Record::test("me", Phase::Deploying)
        }
    }

    #[test]
    fn a_flip_takes_the_lease_and_gives_it_back() {
        let flipping = begun(deploying().begin_flip("me", "me", at(10), at(30)));
        assert_eq!(
            flipping.live_writer(at(29)).map(|lease| lease.retried),
            Some(false)
        );
        let EndFlip::End(watching) = flipping.end_flip("me", "me") else {
            panic!("did not end")
        };
        assert_eq!(watching.writer, None);
        assert_eq!(
            watching.release.as_ref().map(|r| (r.phase, r.flipped_at)),
            Some((Phase::Watching, Some(at(10))))
        );
        assert_eq!(watching.end_flip("me", "me"), EndFlip::Done);
        assert!(matches!(
            watching.begin_flip("me", "me", at(11), at(31)),
            Begin::Done(_)
        ));
    }

    #[test]
    fn a_retried_flip_keeps_its_lease_and_its_first_moment() {
        let first = begun(deploying().begin_flip("me", "me", at(10), at(30)));
        let second = begun(first.begin_flip("me", "me", at(12), at(32)));
        let EndFlip::End(watching) = second.end_flip("me", "me") else {
            panic!("did not end")
        };
        assert_eq!(
            watching.live_writer(at(31)).map(|lease| lease.retried),
            Some(true)
        );
        assert_eq!(watching.release.and_then(|r| r.flipped_at), Some(at(10)));
    }

    #[test]
    fn only_the_holder_flips() {
        let outcome = deploying().begin_flip("other", "me", at(10), at(30));
        assert!(matches!(outcome, Begin::Refused(reason) if reason.contains("does not hold")));
        let outcome = deploying().begin_flip("me", "older", at(10), at(30));
        assert!(matches!(outcome, Begin::Refused(reason) if reason.contains("older")));
    }

    #[test]
    fn nobody_flips_back_while_a_flip_may_be_on_its_way() {
        let flipping = begun(deploying().begin_flip("me", "me", at(10), at(30)));
        let cause = Cause::Release("me".to_owned());
        assert_eq!(
            back(&flipping, "me", &cause, 29),
            Begin::WriterMayBeAlive { until: at(30) }
        );
        assert!(matches!(
            back(&flipping, "me", &cause, 30),
            Begin::Go { .. }
        ));
    }

    #[test]
    fn a_flip_back_ends_rolled_back_and_a_second_one_is_a_no_op() {
        let cause = Cause::Release("me".to_owned());
        let Begin::Go { record, .. } = back(&Record::test("me", Phase::Stable), "op", &cause, 50)
        else {
            panic!("did not begin")
        };
        let rolled_back = record.end_flip_back("op", "me").expect("it ends");
        assert_eq!(
            (&rolled_back.writer, rolled_back.end_flip_back("op", "me")),
            (&None, None)
        );
        let Begin::Done(release) = back(&rolled_back, "alarm", &cause, 60) else {
            panic!("not done")
        };
        assert_eq!(
            (release.phase, release.reason.as_deref()),
            (Phase::RolledBack, Some("because"))
        );
    }

    #[test]
    fn two_flip_backs_do_not_overlap_but_one_may_try_again() {
        let cause = Cause::Release("me".to_owned());
        let record = Record::test("me", Phase::RollingBack).written_by("alarm", 70);
        assert_eq!(
            back(&record, "me", &cause, 60),
            Begin::WriterMayBeAlive { until: at(70) }
        );
        assert!(matches!(
            back(&record, "alarm", &cause, 60),
            Begin::Go { .. }
        ));
    }

    #[test]
    fn an_alarm_acts_only_for_the_release_it_belongs_to() {
        let check = |phase, changed_at, environment, expect: &str| {
            let cause = Cause::Alarm {
                changed_at: at(changed_at),
                environment,
            };
            let found = format!(
                "{:?}",
                back(&Record::test("me", phase), "alarm", &cause, 60)
            );
            assert!(
                found.starts_with(expect),
                "{phase:?} {changed_at} {environment:?}: {found}"
            );
        };
        check(Phase::Watching, 11, Some(Environment::Green), "Go");
        check(Phase::Stable, 11, None, "Go");
        check(Phase::Watching, 10, Some(Environment::Green), "Ignored");
        check(Phase::Watching, 11, Some(Environment::Blue), "Ignored");
        check(Phase::RolledBack, 11, Some(Environment::Green), "Done");
        check(
            Phase::Deploying,
            11,
            Some(Environment::Green),
            "NothingToReturn",
        );
    }

    #[test]
    fn a_flip_that_was_overtaken_learns_where_the_rule_belongs() {
        let record = Record::test("me", Phase::RolledBack);
        assert_eq!(
            record.end_flip("me", "me"),
            EndFlip::Overtaken(Environment::Blue)
        );
        let newer = Record::test("newer", Phase::Watching);
        assert_eq!(
            newer.end_flip("me", "me"),
            EndFlip::Overtaken(Environment::Green)
        );
    }
}
