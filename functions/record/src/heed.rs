//! What a release may do next, as far as people have a word in it: its own execution asks before each step forward.
//!
//! This only answers. Whatever the execution makes of the answer, the transitions themselves refuse what people have not
//! allowed.

use crate::approval::Before;
use crate::at_gate::{AtGate, NextGate};
use crate::contract::ContractTerms;
use crate::gate::Gate;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use crate::schema::Contract;
use crate::text::moment;
use shared::{ExecutionArn, FailureReason, Refusal, ReleaseId, Time};

/// Who asks, and before what.
#[derive(Clone, Copy, Debug)]
pub struct HeedTerms<'a> {
    pub execution: &'a ExecutionArn,
    pub release: &'a ReleaseId,
    /// What the execution would do next; none: it goes on as it does.
    pub before: Option<Before>,
    /// It would do it now, so a gate may open.
    pub ready: bool,
}

/// What people say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heed {
    GoOn {
        /// A person has ended the watch at the present share.
        finish: bool,
    },
    Waits {
        reason: Refusal,
        /// The gate that is open; none as long as the execution is not ready for it.
        gate: Option<Gate>,
        held_until: Option<Time>,
        finish: bool,
    },
    /// The release is to end, for this reason.
    Ends(FailureReason),
}

const GO_ON: Heed = Heed::GoOn { finish: false };

impl Record {
    /// What the release's own execution may do next, and the record to write where a gate opens, or ends without a
    /// decision.
    ///
    /// An execution that does not hold the record goes on, and so does one whose release is past `before`: the transition
    /// that it comes to says what has happened.
    pub fn heed(&self, terms: &HeedTerms<'_>, now: Time) -> (Option<Record>, Heed) {
        let Ok(release) = self.release_held_by(terms.execution, terms.release) else {
            return (None, GO_ON);
        };
        if let Some(stop) = release.stop_reason() {
            return (None, Heed::Ends(stop));
        }
        if !matches!(release.phase, Phase::Deploying | Phase::Watching) {
            return (None, GO_ON);
        }
        let before = terms.before.filter(|before| release.needs_gate(*before));
        let (record, at_gate) = match (before, &release.approval) {
            (Some(before), Some(approval)) => {
                let next = NextGate {
                    id: &release.id,
                    before,
                    approval,
                    newer: self.replaces(release, now),
                    command: None,
                    ready: terms.ready,
                };
                self.at_gate(&next, now)
            }
            _ => (None, AtGate::Passed),
        };
        (record, release.hears(at_gate, now))
    }

    /// What a contract step may do next, and the record to write as in [`Record::heed`]. One that may not begin for other
    /// reasons goes on: `begin_contract` says them.
    pub fn heed_contract(
        &self,
        step: &Contract,
        terms: &ContractTerms<'_>,
    ) -> (Option<Record>, Heed) {
        let has_begun = self.contract.as_ref().map(|it| &it.execution) == Some(&step.execution);
        let Some(approval) = terms.wanted_approval().filter(|_| !has_begun) else {
            return (None, GO_ON);
        };
        if self.may_contract(step, terms).is_err() {
            return (None, GO_ON);
        }
        let next = NextGate {
            id: &step.id,
            before: Before::Commands,
            approval,
            newer: None,
            command: step.command.as_deref(),
            ready: true,
        };
        let (record, at_gate) = self.at_gate(&next, step.began_at);
        let heed = match at_gate {
            AtGate::Passed => GO_ON,
            AtGate::Ends(reason) => Heed::Ends(reason),
            AtGate::Waits(gate) => waits(&step.id, gate, None, false),
        };
        (record, heed)
    }
}

impl Release {
    fn hears(&self, at_gate: AtGate, now: Time) -> Heed {
        let (id, finish) = (&self.id, self.finished_by().is_some());
        let hold = self.held_at(now);
        let held_until = hold.map(|hold| hold.until);
        match (at_gate, hold) {
            (AtGate::Ends(reason), _) => Heed::Ends(reason),
            (AtGate::Waits(gate), _) => waits(id, gate, held_until, finish),
            (AtGate::Passed, Some(hold)) => Heed::Waits {
                reason: hold.described(id),
                gate: None,
                held_until,
                finish,
            },
            (AtGate::Passed, None) => Heed::GoOn { finish },
        }
    }
}

fn waits(id: &ReleaseId, gate: Option<Gate>, held_until: Option<Time>, finish: bool) -> Heed {
    let reason = match &gate {
        Some(Gate { before, until, .. }) => {
            let until = moment(*until);
            format!("{id} waits at the gate `{before}` until {until}: approve or reject it")
        }
        None => format!("{id} comes to a gate next"),
    };
    Heed::Waits {
        reason: reason.into(),
        gate,
        held_until,
        finish,
    }
}

#[cfg(test)]
#[path = "heed_tests.rs"]
mod tests;
