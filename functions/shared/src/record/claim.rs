//! Who may release: requests arrive in order, the newest claims the record, and its execution gives it back.

use super::{Phase, Record, Release, Request, Time};
use serde::Deserialize;

/// What an arriving request is, beside those that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is the newest, and is to be written down as such.
    Newest(Record),
    /// It is the newest, and was written down before.
    Known,
    /// A newer one arrived before it.
    Superseded { by: Request },
    /// The same push was delivered before, to another execution.
    Duplicate { of: Request },
}

/// What became of the wish to begin a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The record to write; `abandoned` is the release whose execution is gone.
    Claimed {
        record: Record,
        abandoned: Option<String>,
    },
    /// An earlier try of this execution claimed it: the release as it was fixed then.
    Mine(Release),
    /// The record changed between the decision and the claim: decide again.
    NotNewest,
    Held {
        by: String,
    },
    WriterMayBeAlive {
        until: Time,
    },
}

impl Claim {
    /// The record to write, if it was claimed.
    pub fn record(&self) -> Option<Record> {
        match self {
            Claim::Claimed { record, .. } => Some(record.clone()),
            Claim::Mine(_)
            | Claim::NotNewest
            | Claim::Held { .. }
            | Claim::WriterMayBeAlive { .. } => None,
        }
    }
}

/// How an execution ends its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Stable,
    Failed,
    RolledBack,
}

/// What became of the end of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The record to write.
    Finished(Record),
    /// The record is not this execution's (any more): nothing to write. The phase of its release, if the
    /// record still speaks of it.
    NotHolder(Option<Phase>),
    /// Wanted stable, but traffic went back in the meantime; the record is released all the same.
    WentBack(Record),
}

impl Record {
    /// Places a request among those that came before. Pushes of one second are ordered by their executions'
    /// start; the same digest pushed in the same second is one push that was delivered twice.
    pub fn arrive(&self, request: &Request) -> Arrival {
        let Some(newest) = &self.newest else {
            return Arrival::Newest(Record {
                newest: Some(request.clone()),
                ..self.clone()
            });
        };
        if newest.execution == request.execution {
            Arrival::Known
        } else if request.pushed_digest.is_some()
            && (newest.made_at, &newest.pushed_digest) == (request.made_at, &request.pushed_digest)
        {
            Arrival::Duplicate { of: newest.clone() }
        } else if (newest.made_at, newest.started_at, &newest.execution)
            > (request.made_at, request.started_at, &request.execution)
        {
            Arrival::Superseded { by: newest.clone() }
        } else {
            Arrival::Newest(Record {
                newest: Some(request.clone()),
                ..self.clone()
            })
        }
    }

    /// The execution that holds the record, when it is not `me`.
    pub fn holder_other_than(&self, me: &str) -> Option<&str> {
        self.holder.as_deref().filter(|holder| *holder != me)
    }

    /// Begins a release: from here on the idle side is dirty, so there is no flip back to it.
    ///
    /// `gone` is a holder that was found not to be running any more.
    pub fn claim(&self, me: &str, release: &Release, gone: Option<&str>, now: Time) -> Claim {
        if let (Some(holder), Some(mine)) = (&self.holder, &self.release)
            && holder == me
        {
            return Claim::Mine(mine.clone());
        }
        if self
            .newest
            .as_ref()
            .is_none_or(|newest| newest.execution != me)
        {
            return Claim::NotNewest;
        }
        if let Some(holder) = self
            .holder_other_than(me)
            .filter(|holder| Some(*holder) != gone)
        {
            return Claim::Held {
                by: holder.to_owned(),
            };
        }
        if let Some(lease) = self.live_writer(now) {
            return Claim::WriterMayBeAlive { until: lease.until };
        }
        let abandoned = self
            .holder
            .as_ref()
            .and(self.release.as_ref())
            .map(|old| old.id.clone());
        let mut record = Record {
            holder: Some(me.to_owned()),
            writer: None,
            ..self.clone()
        };
        record.release = Some(Release {
            phase: Phase::Deploying,
            claimed_at: now,
            ..release.clone()
        });
        Claim::Claimed { record, abandoned }
    }

    /// Ends a release and gives the record back.
    ///
    /// The phase tells where traffic is, so an outcome that does not fit it changes the holder and the reason
    /// only: a release whose flip back failed stays `watching`, and can still be flipped back by hand.
    pub fn finish(&self, me: &str, outcome: Outcome, reason: &str) -> Finish {
        let Some(release) = self
            .release
            .as_ref()
            .filter(|_| self.holder.as_deref() == Some(me))
        else {
            let mine = self
                .release
                .as_ref()
                .filter(|release| me.ends_with(&format!(":{}", release.id)));
            return Finish::NotHolder(mine.map(|release| release.phase));
        };
        let went_back = matches!(release.phase, Phase::RollingBack | Phase::RolledBack);
        let phase = match (outcome, release.phase) {
            (Outcome::Stable, Phase::Watching) => Phase::Stable,
            (Outcome::Failed, Phase::Deploying) => Phase::Failed,
            (Outcome::Stable | Outcome::Failed | Outcome::RolledBack, phase) => phase,
        };
        let mut record = Record {
            holder: None,
            ..self.with_phase(phase)
        };
        if let Some(release) = record.release.as_mut().filter(|_| !went_back) {
            release.reason = Some(reason.to_owned());
        }
        if outcome == Outcome::Stable && went_back {
            Finish::WentBack(record)
        } else {
            Finish::Finished(record)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{at, release, request};
    use super::*;

    fn newest(execution: &str, made_at: i64) -> Record {
        Record {
            newest: Some(request(execution, made_at)),
            ..Record::default()
        }
    }

    #[test]
    fn the_first_request_is_the_newest() {
        let Arrival::Newest(record) = Record::default().arrive(&request("a", 5)) else {
            panic!("not the newest")
        };
        assert_eq!(record.newest, Some(request("a", 5)));
        assert_eq!(record.arrive(&request("a", 5)), Arrival::Known);
    }

    #[test]
    fn an_older_push_is_superseded_however_late_it_arrives() {
        assert_eq!(
            newest("b", 6).arrive(&request("a", 5)),
            Arrival::Superseded {
                by: request("b", 6)
            }
        );
        assert!(matches!(
            newest("a", 5).arrive(&request("b", 6)),
            Arrival::Newest(_)
        ));
    }

    #[test]
    fn pushes_of_one_second_are_ordered_by_their_start() {
        let later = Request {
            started_at: at(6),
            ..request("b", 5)
        };
        assert!(matches!(newest("z", 5).arrive(&later), Arrival::Newest(_)));
    }

    #[test]
    fn one_push_delivered_twice_is_a_duplicate() {
        let again = Request {
            execution: "b".to_owned(),
            ..request("a", 5)
        };
        assert_eq!(
            newest("a", 5).arrive(&again),
            Arrival::Duplicate {
                of: request("a", 5)
            }
        );
    }

    #[test]
    fn the_newest_claims_a_free_record() {
        let Claim::Claimed { record, abandoned } =
            newest("me", 0).claim("me", &release("me"), None, at(3))
        else {
            panic!("not claimed")
        };
        assert_eq!((record.holder.as_deref(), abandoned), (Some("me"), None));
        assert_eq!(
            record.release.as_ref().map(|r| (r.phase, r.claimed_at)),
            Some((Phase::Deploying, at(3)))
        );
        assert!(
            matches!(
                record.claim("me", &release("me"), None, at(4)),
                Claim::Mine(_)
            ),
            "a retry is a no-op"
        );
    }

    #[test]
    fn a_claim_waits_for_holder_and_writer_and_yields_to_a_newer_request() {
        let held = Record {
            newest: Some(request("me", 9)),
            ..Record::test("old", Phase::Watching)
        };
        assert_eq!(
            held.claim("me", &release("me"), None, at(20)),
            Claim::Held {
                by: "old".to_owned()
            }
        );
        let writing = held.written_by("old", 30);
        assert_eq!(
            writing.claim("me", &release("me"), Some("old"), at(20)),
            Claim::WriterMayBeAlive { until: at(30) }
        );
        let Claim::Claimed { abandoned, .. } =
            writing.claim("me", &release("me"), Some("old"), at(31))
        else {
            panic!("not claimed")
        };
        assert_eq!(abandoned.as_deref(), Some("old"));
        assert_eq!(
            newest("b", 6).claim("me", &release("me"), None, at(7)),
            Claim::NotNewest
        );
    }

    #[test]
    fn a_release_ends_in_the_phase_that_tells_where_traffic_is() {
        let check = |phase, outcome, expect| {
            let finish = Record::test("me", phase).finish("me", outcome, "because");
            let (Finish::Finished(record) | Finish::WentBack(record)) = finish else {
                panic!("not holder")
            };
            assert_eq!(
                (record.holder, record.release.map(|r| r.phase)),
                (None, Some(expect))
            );
        };
        check(Phase::Watching, Outcome::Stable, Phase::Stable);
        check(Phase::Deploying, Outcome::Failed, Phase::Failed);
        check(Phase::Watching, Outcome::Failed, Phase::Watching);
        check(Phase::RolledBack, Outcome::RolledBack, Phase::RolledBack);
        check(Phase::RolledBack, Outcome::Stable, Phase::RolledBack);
    }

    #[test]
    fn a_flip_back_that_won_the_race_is_not_recorded_as_stable() {
        let finish = Record::test("me", Phase::RolledBack).finish("me", Outcome::Stable, "healthy");
        assert!(matches!(finish, Finish::WentBack(record) if record.holder.is_none()));
    }

    #[test]
    fn only_the_holder_ends_a_release() {
        let record = Record::test("me", Phase::Watching);
        assert_eq!(
            record.finish("other", Outcome::Failed, "because"),
            Finish::NotHolder(None)
        );
    }
}
