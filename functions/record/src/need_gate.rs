//! What a gate stands before does not happen without an approval, whatever the caller says.

use crate::approval::Before;
use crate::gate::{Gate, GateOutcome};
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use shared::{Refusal, ReleaseId, Time};

impl Record {
    /// The gate that waits for a person at `now`.
    pub fn open_gate(&self, now: Time) -> Option<&Gate> {
        let gate = self.gate.as_ref()?;
        let open = gate.outcome.is_none() && gate.until > now;
        (open && self.waits_at(gate, now).is_ok()).then_some(gate)
    }

    pub(crate) fn gate_of(&self, id: &ReleaseId, before: Before) -> Option<&Gate> {
        let gate = self.gate.as_ref();
        gate.filter(|gate| gate.release == *id && gate.before == before)
    }

    /// Refuses what a gate stands before that nobody has approved.
    pub(crate) fn require_gate(&self, release: &Release, before: Before) -> Result<(), Refusal> {
        if release.needs_gate(before) {
            self.require_approved(&release.id, before)?;
        }
        Ok(())
    }

    pub(crate) fn require_approved(&self, id: &ReleaseId, before: Before) -> Result<(), Refusal> {
        let gate = self.gate_of(id, before);
        let outcome = gate.and_then(|gate| gate.outcome.as_ref());
        if outcome.is_some_and(|outcome| outcome.approved) {
            return Ok(());
        }
        Err(format!("the record does not say that the gate `{before}` of {id} was approved").into())
    }

    pub(crate) fn with_outcome(&self, gate: &Gate, outcome: GateOutcome) -> Record {
        Record {
            gate: Some(Gate {
                outcome: Some(outcome),
                ..gate.clone()
            }),
            ..self.clone()
        }
    }
}

impl Release {
    /// Whether a gate stands between the release and what it would do next.
    pub(crate) fn needs_gate(&self, before: Before) -> bool {
        let first = self.phase == Phase::Deploying;
        let watched = self.phase == Phase::Watching;
        let share = self.current_share();
        let comes_to_it = match before {
            Before::Commands => first,
            Before::Flip(next) => first || (watched && next > share),
            Before::Finish => watched && share.is_all(),
        };
        let approval = self.approval.as_ref().filter(|_| comes_to_it);
        approval.is_some_and(|approval| approval.wants(before, first))
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
