//! What a gate stands before does not happen without an approval, whatever the caller says.

use crate::approval::Before;
use crate::gate::{Gate, GateOutcome};
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use crate::text::moment;
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

    /// Refuses a contract step whose gate is lost, or that would take the place of another one's. That one keeps it until
    /// its time is over: a step that was stopped keeps nobody for longer.
    pub(crate) fn may_have_gate(
        &self,
        id: &ReleaseId,
        has_opened: bool,
        now: Time,
    ) -> Result<(), Refusal> {
        let release = self.release.as_ref().map(|release| &release.id);
        let gate = self.gate.as_ref();
        if gate.is_some_and(|gate| gate.release == *id) {
            return Ok(());
        }
        if has_opened {
            let other = gate.map(|gate| &gate.release).or(release);
            let other = other.map_or_else(String::new, |other| format!("{other} "));
            let place = "took the place of this gate: request it again";
            return Err(format!("{other}{place}").into());
        }
        let others = gate.filter(|gate| Some(&gate.release) != release && gate.until > now);
        let Some(gate) = others.filter(|gate| !self.is_settled(gate)) else {
            return Ok(());
        };
        Err(Refusal::from(format!(
            "the contract step {} came to the gate `{}` first. Ask again when that one has ended, at {} at the latest.",
            gate.release,
            gate.before,
            moment(gate.until)
        )))
    }

    /// Whether the contract step at this gate waits for nothing any more: it has begun, or will not begin.
    fn is_settled(&self, gate: &Gate) -> bool {
        let has_begun = self.contract.as_ref().map(|step| &step.id) == Some(&gate.release);
        let outcome = gate.outcome.as_ref();
        has_begun || outcome.is_some_and(|outcome| !outcome.approved)
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
