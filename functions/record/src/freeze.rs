//! A freeze: no release begins. What is in flight goes on, and flips back work.

use crate::decided::{Decided, NotTaken};
use crate::decision::{Decision, Freeze};
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use crate::text::moment;
use shared::{ExecutionArn, FailureReason, LeaseOwner, Refusal, Time, excerpt};

/// What became of the end of a freeze's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndFreeze {
    Ended,
    NotYet {
        until: Time,
    },
    /// Somebody has ended it before, or another freeze has taken its place.
    NotItsOwn,
}

impl Record {
    /// The freeze at `now`.
    pub fn freeze_at(&self, now: Time) -> Option<&Freeze> {
        self.freeze.as_ref().filter(|freeze| freeze.is_on(now))
    }

    /// Freezes all releases, until then or for good. The later word counts: it takes the place of an earlier freeze.
    pub fn begin_freeze(&self, decision: &Decision, until: Option<Time>, now: Time) -> Decided {
        self.freezing(decision, until, now).into()
    }

    fn freezing(
        &self,
        decision: &Decision,
        until: Option<Time>,
        now: Time,
    ) -> Result<Record, NotTaken> {
        if let Some(before) = &self.freeze {
            decision.require_first(Some(&before.decision))?;
            match &before.ended {
                Some(ended) => decision.require_later(ended, "releases were unfrozen")?,
                None => decision.require_later(&before.decision, "releases were frozen")?,
            }
        }
        if let Some(until) = until.filter(|until| *until <= now) {
            let refusal = format!(
                "expected an end of the freeze after {}, found {}",
                moment(now),
                moment(until)
            );
            return Err(Refusal::from(refusal).into());
        }
        Ok(self.frozen(decision.clone(), until))
    }

    pub(crate) fn frozen(&self, decision: Decision, until: Option<Time>) -> Record {
        Record {
            freeze: Some(Freeze {
                decision,
                until,
                ended: None,
            }),
            ..self.clone()
        }
    }

    /// Ends the freeze. What was held back stays in the record, for somebody to name.
    pub fn unfreeze(&self, decision: &Decision, now: Time) -> Decided {
        self.unfreezing(decision, now).into()
    }

    fn unfreezing(&self, decision: &Decision, now: Time) -> Result<Record, NotTaken> {
        let freeze = self
            .freeze
            .as_ref()
            .ok_or(Refusal::from("nothing is frozen"))?;
        if let Some(ended) = &freeze.ended {
            return Err(NotTaken::TakenBefore(ended.clone()));
        }
        if let Some(until) = freeze.until.filter(|until| *until <= now) {
            return Err(Refusal::from(format!("the freeze has ended at {}", moment(until))).into());
        }
        decision.require_later(&freeze.decision, "releases were frozen")?;
        Ok(Record {
            freeze: Some(Freeze {
                ended: Some(decision.clone()),
                ..freeze.clone()
            }),
            ..self.clone()
        })
    }

    /// Whether the freeze of this execution has ended by itself.
    pub fn end_freeze(&self, execution: &ExecutionArn, now: Time) -> EndFreeze {
        let own = |it: &&Freeze| it.decision.execution == *execution && it.ended.is_none();
        match self.freeze.as_ref().filter(own).map(|it| it.until) {
            Some(Some(until)) if until > now => EndFreeze::NotYet { until },
            Some(Some(_)) => EndFreeze::Ended,
            Some(None) | None => EndFreeze::NotItsOwn,
        }
    }

    /// The record as a flip back begins: frozen until somebody unfreezes, where the release wants that. A freeze that would
    /// end by itself is replaced.
    pub(crate) fn frozen_after(
        &self,
        release: &Release,
        owner: &LeaseOwner,
        reason: &FailureReason,
        now: Time,
    ) -> Record {
        let begins = release.phase != Phase::RollingBack;
        let freeze = self.freeze_at(now);
        let is_frozen = freeze.is_some_and(|freeze| freeze.until.is_none());
        if !begins || !release.freeze_after_rollback || is_frozen {
            return self.clone();
        }
        let decision = Decision {
            execution: owner.as_str().into(),
            by: Some("FreezeAfterRollback".to_owned()),
            reason: excerpt(&format!("release {} is flipped back: {reason}", release.id)),
            at: now,
        };
        self.frozen(decision, None)
    }

    /// Refuses what begins a release while releases are frozen.
    pub(crate) fn not_frozen(&self, now: Time) -> Result<(), Refusal> {
        self.freeze_at(now)
            .map_or(Ok(()), |freeze| Err(freeze.described()))
    }
}

#[cfg(test)]
#[path = "freeze_tests.rs"]
mod tests;
