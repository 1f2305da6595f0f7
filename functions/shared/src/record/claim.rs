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
    /// A newer request arrived between the decision and the claim: decide again.
    NotNewest,
    /// The record changed after the rules were looked at, so traffic may have moved since: look again.
    Changed,
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
            | Claim::Changed
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
    /// A sync.
    Synced,
    Contracted,
}

/// What became of the end of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The record to write.
    Finished(Record),
    /// The record is not this execution's (any more), or traffic is just going back: nothing to write. The phase of its release, if the
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
    /// `gone` is a holder that was found not to be running any more. `seen` is the record's version before the
    /// rules were looked at: who moves traffic changes the record first, so as long as it stands, the look holds.
    pub fn claim(
        &self,
        me: &str,
        release: &Release,
        gone: Option<&str>,
        seen: u64,
        now: Time,
    ) -> Claim {
        if let (Some(holder), Some(mine)) = (&self.holder, &self.release)
            && holder == me
        {
            return Claim::Mine(mine.clone());
        }
        // A sync moves no traffic, so it neither takes the place of a push nor waits for one.
        let newest = self.newest.as_ref();
        if !release.sync && newest.is_none_or(|newest| newest.execution != me) {
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
        if self.version != seen {
            return Claim::Changed;
        }
        // A contract step that vanished left the release before it as it was.
        let contract = self.contract.as_ref().map(|it| &it.execution);
        let abandoned = self
            .holder
            .as_ref()
            .filter(|holder| Some(*holder) != contract)
            .and(self.release.as_ref())
            .map(|old| old.id.clone());
        let mut record = Record {
            holder: Some(me.to_owned()),
            writer: None,
            ..self.clone()
        };
        record.expands(release.expand.clone());
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
        if let Some(contracted) = self.end_contract(me, outcome, reason) {
            return Finish::Finished(contracted);
        }
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
        if (outcome, release.phase) == (Outcome::Stable, Phase::RollingBack) {
            // Somebody is about to return traffic: the record is given back once that is done.
            return Finish::NotHolder(Some(release.phase));
        }
        let went_back = matches!(release.phase, Phase::RollingBack | Phase::RolledBack);
        let phase = match (outcome, release.phase) {
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
        };
        let mut record = Record {
            holder: None,
            ..self.with_phase(phase)
        };
        if !release.sync {
            record.count(release, phase == Phase::Stable);
        }
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
#[path = "claim_tests.rs"]
mod tests;
