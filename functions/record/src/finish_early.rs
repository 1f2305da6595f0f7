//! The early end of a watch: a person says that a release is good as it is.

use crate::decided::{Decided, NotTaken};
use crate::decision::{Decision, Finished};
use crate::gate::Gate;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use crate::text::moment;
use shared::{Refusal, ReleaseId, Time};

impl Record {
    /// Ends the watch of a release at its present share, as if that had been found healthy. It never beats a verdict that
    /// flips back.
    pub fn finish_watch(&self, id: &ReleaseId, decision: &Decision, now: Time) -> Decided {
        self.finished(id, decision, now).into()
    }

    fn finished(&self, id: &ReleaseId, decision: &Decision, now: Time) -> Result<Record, NotTaken> {
        let before = self.release_named(id)?.finished.as_ref();
        decision.require_first(before.map(|before| &before.decision))?;
        let release = self.release_going_forward(id)?;
        if let Some(before) = release.finished_by() {
            return Err(NotTaken::TakenBefore(before.clone()));
        }
        release.heeds_people()?;
        release.may_finish(decision, now)?;
        self.no_gate_open(id, now)?;
        Ok(self.with_release(Release {
            finished: Some(Finished {
                share: release.current_share(),
                decision: decision.clone(),
            }),
            ..release.clone()
        }))
    }

    fn no_gate_open(&self, id: &ReleaseId, now: Time) -> Result<(), Refusal> {
        let open = self.open_gate(now).filter(|gate| gate.release == *id);
        open.map_or(Ok(()), |Gate { before, .. }| {
            Err(format!("release {id} waits at the gate `{before}`: approve or reject it").into())
        })
    }
}

impl Release {
    /// Who has ended the watch at the present share.
    pub(crate) fn finished_by(&self) -> Option<&Decision> {
        let finished = self.finished.as_ref()?;
        let present = self.phase == Phase::Watching && finished.share == self.current_share();
        present.then_some(&finished.decision)
    }

    /// Refuses where nothing is watched, or another share than the person has seen.
    fn may_finish(&self, decision: &Decision, now: Time) -> Result<(), Refusal> {
        let Release { id, phase, .. } = self;
        if *phase != Phase::Watching {
            return Err(format!("release {id} is {phase}: only a watch can be finished").into());
        }
        if let Some(hold) = self.held_at(now) {
            return Err(format!("{}. Resume it first.", hold.described(id)).into());
        }
        let at = decision.at;
        match self.share_since {
            Some(since) if at <= since => Err(Refusal::from(format!(
                "asked at {}, and release {id} has {} of the traffic only since {}. Ask again.",
                moment(at),
                self.current_share(),
                moment(since)
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "finish_early_tests.rs"]
mod tests;
