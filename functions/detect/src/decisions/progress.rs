//! What is in progress, and what it waits for. Pure.

use super::ask::Ask;
use super::observed::Observed;
use super::texts::describe_gate;
use crate::claim::describe_release;
use record::{Gate, Origin, Phase, Release, Time};
use serde::Serialize;
use shared::{ExecutionArn, ReleaseId, Share, whole_second};

/// A release, or a contract step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InProgress {
    release: ReleaseId,
    pub(super) what: String,
    /// None: a contract step.
    phase: Option<Phase>,
    /// Per cent of the traffic that its new environment has; none: it has none.
    share: Option<Share>,
    holder: Option<ExecutionArn>,
    since: Time,
    /// Who asked for it, where the record keeps that: not before a contract step has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    pub(super) waits_for: Option<String>,
    /// The requests that end the wait.
    ask: Vec<Ask>,
}

pub(super) fn in_progress(observed: &Observed<'_>) -> Option<InProgress> {
    observed
        .release_in_progress()
        .or_else(|| observed.contract())
}

impl Observed<'_> {
    fn release_in_progress(&self) -> Option<InProgress> {
        let holder = self.record.holder.as_ref()?;
        let release = self
            .record
            .release
            .as_ref()
            .filter(|it| holder.is_of(&it.id))?;
        let (waits_for, ask) = self.waits_for(release);
        let share = release.current_share();
        Some(InProgress {
            release: release.id.clone(),
            what: describe(release),
            phase: Some(release.phase),
            share: release.has_moved().then_some(share),
            holder: Some(holder.clone()),
            since: whole_second(release.claimed_at),
            origin: release.origin.clone(),
            waits_for,
            ask,
        })
    }

    /// What the release waits for, and the requests that end the wait.
    fn waits_for(&self, release: &Release) -> (Option<String>, Vec<Ask>) {
        if self.dead_holder {
            let end = "the next request: its execution has ended without an end of it";
            return (Some(end.to_owned()), Vec::new());
        }
        if let Some(stop) = &release.stop {
            let end = format!("its end: it was stopped by {stop}");
            return (Some(end), Vec::new());
        }
        let gate = self.record.open_gate(self.now);
        if let Some(gate) = gate.filter(|gate| gate.release == release.id) {
            let what = describe_gate(gate, release.approval.as_ref());
            return (Some(what), ask_at(gate));
        }
        match release.held_at(self.now) {
            Some(hold) => {
                let until = whole_second(hold.until);
                let what = format!("the end of its hold, until {until}, by {}", hold.decision);
                (Some(what), vec![Ask::resume(&release.id)])
            }
            None => (None, Vec::new()),
        }
    }

    fn contract(&self) -> Option<InProgress> {
        let record = self.record;
        let running = record.contract.as_ref();
        if let Some(step) = running.filter(|it| record.holder.as_ref() == Some(&it.execution)) {
            return Some(InProgress {
                release: step.id.clone(),
                what: format!("contract step {}", step.id),
                phase: None,
                share: None,
                holder: record.holder.clone(),
                since: whole_second(step.began_at),
                origin: step.origin.clone(),
                waits_for: None,
                ask: Vec::new(),
            });
        }
        let gate = record.open_gate(self.now)?;
        Some(InProgress {
            release: gate.release.clone(),
            what: format!("contract step {}", gate.release),
            phase: None,
            share: None,
            holder: None,
            since: whole_second(gate.opened_at),
            origin: None,
            waits_for: Some(describe_gate(gate, Some(&self.policy.approval))),
            ask: ask_at(gate),
        })
    }
}

fn describe(release: &Release) -> String {
    let Release { id, from, to, .. } = release;
    let version = release.tag.as_deref().unwrap_or(release.to_digest.as_str());
    if release.sync {
        return format!("sync {id} of {to} to {version}");
    }
    format!(
        "{}, {version} from {from} to {to},",
        describe_release(release)
    )
}

fn ask_at(gate: &Gate) -> Vec<Ask> {
    Ask::at_gate(&gate.release, gate.before).into()
}
