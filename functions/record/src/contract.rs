//! The contract step: it removes from the database what only the old code needed. After that the old code must not come
//! back.

use crate::approval::{Approval, Before};
use crate::finish::Outcome;
use crate::phase::Phase;
use crate::record::{Lease, Record};
use crate::release::Release;
use crate::schema::Contract;
use shared::{ExecutionArn, Refusal};

/// What a contract step depends on beside the record.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContractTerms<'a> {
    /// Releases that must have ended stable, one after the other, since the expanding one.
    pub stable_releases: u32,
    /// A holder whose execution does not run any more.
    pub dead_holder: Option<&'a ExecutionArn>,
    /// The record's version before the environments were observed.
    pub read_version: u64,
    /// An operator wants it although releases are frozen.
    pub override_freeze: bool,
    /// What the stack wants to be approved.
    pub approval: Option<&'a Approval>,
    /// People know that its gate has opened: it does not open once more.
    pub gate_opened: bool,
}

/// What became of the beginning of a contract step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginContract {
    /// The record to write before anything runs.
    Begun(Record),
    /// An earlier try of this execution began it.
    AlreadyBegun,
    /// The record changed after the environments were observed: observe them again.
    RecordChanged,
    Refused(Refusal),
}

impl Record {
    /// Whether a contract step may begin now, as far as the record says.
    pub(crate) fn may_contract(
        &self,
        step: &Contract,
        terms: &ContractTerms<'_>,
    ) -> Result<(), Refusal> {
        let expand = self.expanded_by(Some(&step.expand.release))?;
        if !terms.override_freeze {
            self.not_frozen(step.began_at)?;
        }
        self.may_have_gate(&step.id, terms.gate_opened, step.began_at)?;
        let gate = self.gate_of(&step.id, Before::Commands);
        step.require_command(gate.and_then(|gate| gate.command.as_deref()))?;
        let holder = self.holder_other_than(&step.execution);
        if let Some(holder) = holder.filter(|holder| Some(*holder) != terms.dead_holder) {
            return Err(format!("{holder} is in progress. Ask again when it has ended.").into());
        }
        if let Some(Lease { owner, until, .. }) = self.live_lease(step.began_at) {
            return Err(
                format!("{owner} may be writing the rules until {until}. Ask again then.").into(),
            );
        }
        let release = self
            .release
            .as_ref()
            .ok_or("no release is recorded, so nothing is known to be stable")?;
        if !matches!(release.phase, Phase::Stable | Phase::Synced) {
            return Err(Refusal::from(format!(
                "the latest release, {}, is {}, expected stable. Release a version that stays first.",
                release.id, release.phase
            )));
        }
        if !expand.proven {
            return Err(Refusal::from(format!(
                "release {} expanded the schema, but no release of its image stayed. \
                 Release that image again, or name another release.",
                expand.release
            )));
        }
        if expand.stable_releases < terms.stable_releases {
            return Err(Refusal::from(format!(
                "stable releases in a row since {} expanded the schema: {} < {}. \
                 Contract later, or lower the stack's parameter StableReleasesBeforeContract.",
                expand.release, expand.stable_releases, terms.stable_releases
            )));
        }
        Ok(())
    }

    /// Begins a contract step.
    pub fn begin_contract(&self, step: &Contract, terms: &ContractTerms<'_>) -> BeginContract {
        let earlier = self.contract.as_ref();
        if let Some(begun) = earlier.filter(|earlier| earlier.execution == step.execution) {
            return match step.require_command(begun.command.as_deref()) {
                Ok(()) => BeginContract::AlreadyBegun,
                Err(refusal) => BeginContract::Refused(refusal),
            };
        }
        let approved = |()| terms.require_approved(self, step);
        if let Err(refusal) = self.may_contract(step, terms).and_then(approved) {
            return BeginContract::Refused(refusal);
        }
        if self.version != terms.read_version {
            return BeginContract::RecordChanged;
        }
        let earlier = earlier.map(|earlier| &earlier.floor);
        let floors = earlier.into_iter().chain([&step.expand]);
        let floor = floors.max_by_key(|expand| expand.pushed_at);
        let release = self.release.as_ref().map(|release| release.id.clone());
        BeginContract::Begun(Record {
            holder: Some(step.execution.clone()),
            contract: Some(Contract {
                barred_release: release.unwrap_or_else(|| step.barred_release.clone()),
                floor: floor.unwrap_or(&step.expand).clone(),
                ..step.clone()
            }),
            ..self.clone()
        })
    }

    /// Ends a contract step of `execution`; the release that the record speaks of stays as it is.
    pub(crate) fn end_contract(
        &self,
        execution: &ExecutionArn,
        outcome: Outcome,
        reason: &str,
    ) -> Option<Record> {
        if self.holder.as_ref() != Some(execution) {
            return None;
        }
        let contract = self.contract.as_ref();
        let contract = contract.filter(|contract| contract.execution == *execution)?;
        let ended = match outcome {
            Outcome::Contracted => "done".to_owned(),
            Outcome::Stable | Outcome::Failed | Outcome::RolledBack | Outcome::Synced => {
                reason.to_owned()
            }
        };
        Some(Record {
            holder: None,
            contract: Some(Contract {
                ended: Some(ended),
                ..contract.clone()
            }),
            ..self.clone()
        })
    }

    /// Refuses where a contract step began after `release`: what the previous environment runs may no longer fit the
    /// schema.
    pub(crate) fn not_contracted_since(&self, release: &Release) -> Result<(), Refusal> {
        match &self.contract {
            Some(contract) if contract.barred_release == release.id => Err(Refusal::from(format!(
                "contract {} began at {} and may have removed what the version before release {} needs. \
                 Release a newer image instead.",
                contract.id, contract.began_at, release.id
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

impl ContractTerms<'_> {
    /// The policy, if a gate stands before a contract step.
    pub(crate) fn wanted_approval(&self) -> Option<&Approval> {
        let wants = |it: &&Approval| it.wants(Before::Commands, true);
        self.approval.filter(wants)
    }

    fn require_approved(&self, record: &Record, step: &Contract) -> Result<(), Refusal> {
        match self.wanted_approval() {
            Some(_) => record.require_approved(&step.id, Before::Commands),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
