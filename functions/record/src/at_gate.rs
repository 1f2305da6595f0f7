//! How it stands with a gate that a release comes to: it opens once, and has one outcome.

use crate::approval::{Approval, Before, WhenNotApproved};
use crate::gate::{Gate, GateOutcome};
use crate::record::Record;
use chrono::TimeDelta;
use shared::{ExecutionArn, FailureReason, ReleaseId, Time};

/// A gate that stands between a release, or a contract step, and what it would do next.
pub(crate) struct NextGate<'a> {
    pub id: &'a ReleaseId,
    pub before: Before,
    pub approval: &'a Approval,
    /// The execution of a newer request, which replaces the release as long as nobody has decided.
    pub newer: Option<&'a ExecutionArn>,
    /// What a contract step would run; none of a release.
    pub command: Option<&'a [String]>,
    /// What has been next for can be done now, so the gate may open.
    pub ready: bool,
}

/// How it stands with it.
pub(crate) enum AtGate {
    /// None is wanted, or it is approved.
    Passed,
    /// None where it has not opened yet.
    Waits(Option<Gate>),
    Ends(FailureReason),
}

impl Record {
    /// How it stands with a gate, and the record to write where it opens, or ends without a decision.
    pub(crate) fn at_gate(&self, next: &NextGate<'_>, now: Time) -> (Option<Record>, AtGate) {
        let own = self.gate.as_ref().filter(|gate| gate.release == *next.id);
        // A task of an earlier step that is delivered late does not open its gate again.
        if own.is_some_and(|gate| gate.before > next.before) {
            return (None, AtGate::Passed);
        }
        let open = own.filter(|gate| gate.before == next.before);
        let gate = open.cloned().unwrap_or_else(|| next.opened(now));
        if let Some(outcome) = &gate.outcome {
            return (None, AtGate::of(&gate, outcome));
        }
        match next.undecided(&gate, now) {
            Some(outcome) => {
                let at_gate = AtGate::of(&gate, &outcome);
                (Some(self.with_outcome(&gate, outcome)), at_gate)
            }
            None if open.is_some() => (None, AtGate::Waits(Some(gate))),
            None if next.ready => {
                let opened = Record {
                    gate: Some(gate.clone()),
                    ..self.clone()
                };
                (Some(opened), AtGate::Waits(Some(gate)))
            }
            None => (None, AtGate::Waits(None)),
        }
    }
}

impl NextGate<'_> {
    fn opened(&self, now: Time) -> Gate {
        Gate {
            release: self.id.clone(),
            before: self.before,
            opened_at: now,
            until: now + TimeDelta::seconds(self.approval.seconds.into()),
            command: self.command.map(<[String]>::to_vec),
            outcome: None,
        }
    }

    /// What becomes of a gate that nobody has decided; none as long as somebody may.
    fn undecided(&self, gate: &Gate, now: Time) -> Option<GateOutcome> {
        let replaced = self.newer.map(|newer| GateOutcome {
            replaced_by: Some(newer.clone()),
            ..GateOutcome::default()
        });
        let timed_out = (gate.until <= now).then(|| GateOutcome {
            approved: self.approval.when_not_approved == WhenNotApproved::Approve,
            ..GateOutcome::default()
        });
        replaced.or(timed_out)
    }
}

impl AtGate {
    fn of(gate: &Gate, outcome: &GateOutcome) -> AtGate {
        outcome.ends(gate).map_or(AtGate::Passed, AtGate::Ends)
    }
}

#[cfg(test)]
#[path = "at_gate_tests.rs"]
mod tests;
