//! What a contract step meets before it begins: a freeze or the hour, its gate, and the hour once more.

use super::begin::waits_for;
use super::context::Context;
use super::hold::heed_contract;
use crate::decisions::{Bar, DecisionPolicy, bar, overridden, waits_at_gate};
use crate::halt::Halt;
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::{BeginContract, Contract, ContractTerms, Heed, Record};
use shared::Refusal;

/// What keeps a step that is asked for from beginning at once, or would without an override.
#[derive(Default)]
pub(super) struct Met {
    /// What it overrides, behind what it does.
    pub overridden: String,
    /// What it waits for before it begins, once it is approved.
    closed: Option<Bar>,
}

/// Refused where nothing is to begin now, and the step neither overrides that nor has waited at its gate before.
pub(super) fn meet(
    policy: &DecisionPolicy,
    record: &Record,
    overrides: Option<&str>,
    execution: &Execution,
) -> Result<Met, Refusal> {
    let bar = bar(record, policy, &execution.arn, Utc::now());
    if let Some(reason) = overrides {
        let has_begun = record.holder.as_ref() == Some(&execution.arn);
        let overridden = overridden(bar.as_ref(), has_begun, reason);
        return Ok(Met {
            overridden: overridden.map_or_else(String::new, |it| format!("; {it}")),
            closed: None,
        });
    }
    match bar {
        Some(bar) if !bar.lets_wait(false) => Err(bar.refuses()),
        closed => Ok(Met {
            closed,
            ..Met::default()
        }),
    }
}

impl Met {
    /// The wait of a step for its approval, and then for its hour; none where it may begin. Refused where somebody has
    /// rejected it, nobody has approved it in time, or it could not begin in its hour either.
    pub async fn waits(
        &self,
        context: &Context,
        step: &Contract,
        terms: &ContractTerms<'_>,
    ) -> Result<Option<Answer>, Halt> {
        let (policy, now) = (&context.decisions, step.began_at);
        match heed_contract(&context.store, step, terms).await? {
            Heed::GoOn { .. } => {}
            Heed::Ends(reason) => return Err(Refusal::from(reason.to_string()).into()),
            Heed::Waits { reason, gate, .. } => {
                return Ok(Some(waits_at_gate(policy, reason, gate, now)));
            }
        }
        let Some(closed) = &self.closed else {
            return Ok(None);
        };
        let record = context.store.load().await?;
        match record.begin_contract(step, terms) {
            BeginContract::Refused(reason) => Err(reason.into()),
            BeginContract::Begun(_)
            | BeginContract::AlreadyBegun
            | BeginContract::RecordChanged => Ok(Some(waits_for(closed, policy, i64::MAX, now))),
        }
    }
}
