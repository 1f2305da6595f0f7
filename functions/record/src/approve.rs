//! Approve and reject: a person decides the gate that is open. The first word counts.

use crate::approval::WhenNewerPushed;
use crate::decided::{Decided, NotTaken};
use crate::decision::Decision;
use crate::gate::{Gate, GateOutcome};
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use crate::text::{self, moment};
use shared::{ExecutionArn, Refusal, ReleaseId, Time};

impl Record {
    /// Lets the release, or the contract step, that waits at the open gate go on. `gate` is the gate's name, where the
    /// person has named one.
    pub fn approve(
        &self,
        id: &ReleaseId,
        gate: Option<&str>,
        decision: &Decision,
        now: Time,
    ) -> Decided {
        self.decided(id, gate, decision, true, now).into()
    }

    /// Ends the release, or the contract step, that waits at the open gate.
    pub fn reject(
        &self,
        id: &ReleaseId,
        gate: Option<&str>,
        decision: &Decision,
        now: Time,
    ) -> Decided {
        self.decided(id, gate, decision, false, now).into()
    }

    fn decided(
        &self,
        id: &ReleaseId,
        name: Option<&str>,
        decision: &Decision,
        approved: bool,
        now: Time,
    ) -> Result<Record, NotTaken> {
        let gate = self.gate_named(id, name, decision)?;
        if let Some(outcome) = &gate.outcome {
            let same = outcome
                .decision
                .clone()
                .filter(|_| outcome.approved == approved);
            let refused = || NotTaken::Refused(outcome.described(gate));
            return Err(same.map_or_else(refused, NotTaken::TakenBefore));
        }
        self.waits_at(gate, now)?;
        let outcome = GateOutcome {
            approved,
            decision: Some(decision.clone()),
            replaced_by: None,
        };
        Ok(self.with_outcome(gate, outcome))
    }

    /// The gate that a decision is about. One that was said before a gate opened is about an earlier one.
    fn gate_named(
        &self,
        id: &ReleaseId,
        name: Option<&str>,
        decision: &Decision,
    ) -> Result<&Gate, Refusal> {
        let gate = self.gate.as_ref().filter(|gate| gate.release == *id);
        let gate = gate.ok_or_else(|| {
            format!(
                "release {id} waits at no gate. Look at the status for what waits for a decision."
            )
        })?;
        let Gate {
            before, opened_at, ..
        } = gate;
        if let Some(name) = name.filter(|name| *name != before.to_string()) {
            return Err(Refusal::from(format!(
                "release {id} came to the gate `{before}`, not to `{name}`"
            )));
        }
        if decision.at <= *opened_at {
            return Err(Refusal::from(format!(
                "asked at {}, and the gate `{before}` of release {id} opened after that, at {}. Ask again.",
                moment(decision.at),
                moment(*opened_at)
            )));
        }
        Ok(gate)
    }

    /// Refuses where nothing waits at the gate any more. A gate that is not the release's own is a contract step's: a claim
    /// removes that of any release before it.
    pub(crate) fn waits_at(&self, gate: &Gate, now: Time) -> Result<(), Refusal> {
        let (id, before, until) = (&gate.release, gate.before, moment(gate.until));
        if gate.until <= now {
            return Err(
                format!("the time of the gate `{before}` of {id} was over at {until}").into(),
            );
        }
        if self.release.as_ref().is_none_or(|it| it.id != *id) {
            return Ok(());
        }
        let release = self.release_going_forward(id)?;
        match self.replaces(release, now) {
            Some(newer) => Err(Refusal::from(format!(
                "a newer request, {}, replaces release {id} at the gate `{before}`",
                text::execution(newer)
            ))),
            None => Ok(()),
        }
    }

    /// The execution of a newer request, where that replaces the release while it waits before its first flip.
    ///
    /// Not one that a freeze keeps from beginning: neither of the two would be released then. Nor a push of the same build,
    /// such as its second tag: people would be asked once more for what they look at.
    pub(crate) fn replaces(&self, release: &Release, now: Time) -> Option<&ExecutionArn> {
        let approval = release.approval.as_ref()?;
        let replaced = approval.when_newer_pushed == WhenNewerPushed::Replace;
        if !replaced || self.freeze_at(now).is_some() || release.phase != Phase::Deploying {
            return None;
        }
        let newest = self.newest.as_ref()?;
        let execution = &newest.execution;
        let begins = !self.is_held_back(execution) && !newest.is_push_of(release);
        (begins && self.holder.as_ref() != Some(execution)).then_some(execution)
    }
}

#[cfg(test)]
#[path = "approve_tests.rs"]
mod tests;
