//! Begins a release or a contract step: claims the record for it.

use super::decide::describe;
use crate::halt::Halt;
use crate::task::Answer;
use chrono::Utc;
use record::{
    BeginContract, Claim, Claimant, Contract, ContractTerms, Expand, Phase, Record, Release, Store,
    Time,
};
use shared::{Refusal, ReleasePlan};

/// Claims the record for the release of `plan`; answers the release, or what keeps it from beginning.
pub(super) async fn claim(
    store: &Store,
    mut plan: ReleasePlan,
    claimant: &Claimant<'_>,
) -> Result<Answer, Halt> {
    let claim = |record: &Record| {
        let claim = record.claim(claimant, Utc::now());
        (claim.record(), claim)
    };
    let wait = |reason: String, until| Ok(Answer::wait(reason, until, Utc::now()));
    match store.change(claim).await? {
        Claim::Claimed { abandoned, .. } => {
            plan.warnings.extend(abandoned.map(|id| {
                format!(
                    "release {id} was abandoned by its execution; this one starts from the live rule"
                )
            }));
        }
        Claim::AlreadyClaimed(claimed) => still_fits(&claimed, &plan)?,
        Claim::NotNewest => return wait("a newer request has just come in".to_owned(), None),
        Claim::RecordChanged => {
            let reason = "the record changed while the rules were read".to_owned();
            return wait(reason, Some(Utc::now()));
        }
        Claim::Held { by } => return wait(format!("{by} has just claimed the record"), None),
        Claim::LeaseHeld { until } => {
            let reason = format!("another execution may write to the rules until {until}");
            return wait(reason, Some(until));
        }
    }
    Ok(opened(plan))
}

/// Whether what an earlier try has claimed is what would be claimed now.
fn still_fits(claimed: &Release, plan: &ReleasePlan) -> Result<(), Refusal> {
    if claimed.from != plan.from {
        return Err(Refusal::from(format!(
            "the rules were changed to forward to {} after this release had claimed the record",
            plan.from
        )));
    }
    if claimed.to_digest != plan.image.digest {
        return Err(Refusal::from(format!(
            "the image that the request names was {} when this release claimed the record, and is {} now. \
             Request it again.",
            claimed.to_digest, plan.image.digest
        )));
    }
    Ok(())
}

fn opened(plan: ReleasePlan) -> Answer {
    let reason = describe(&plan);
    let (release, plan) = (plan.release.clone(), Box::new(plan));
    if plan.sync {
        Answer::Sync {
            release,
            plan,
            reason,
        }
    } else {
        Answer::Release {
            release,
            plan,
            reason,
        }
    }
}

pub(super) fn release_of(plan: &ReleasePlan, pushed_at: Option<Time>, now: Time) -> Release {
    let expand = plan.migration.as_ref().map(|_| Expand {
        release: plan.release.clone(),
        digest: plan.image.digest.clone(),
        // What ECR does not say now counts as new: older images are refused sooner then.
        pushed_at: pushed_at.unwrap_or(now),
        stable_releases: 0,
        proven: false,
    });
    Release {
        id: plan.release.clone(),
        phase: Phase::Deploying,
        claimed_at: now,
        from: plan.from,
        to: plan.to,
        from_digest: plan.active.digest.clone(),
        to_digest: plan.image.digest.clone(),
        from_task_definition: Some(plan.active.task_definition.clone()),
        idle_digest: plan.idle.digest.clone(),
        sync: plan.sync,
        expand,
        from_desired: plan.active.desired,
        flipped_at: None,
        reason: None,
    }
}

/// Claims the record for a contract step; gives `answer`, or what keeps the step from beginning.
pub(super) async fn begin_contract(
    store: &Store,
    contract: &Contract,
    terms: &ContractTerms<'_>,
    answer: Answer,
) -> Result<Answer, Halt> {
    let begin = |record: &Record| match record.begin_contract(contract, terms) {
        BeginContract::Begun(next) => (Some(next), BeginContract::AlreadyBegun),
        other @ (BeginContract::AlreadyBegun
        | BeginContract::RecordChanged
        | BeginContract::Refused(_)) => (None, other),
    };
    match store.change(begin).await? {
        BeginContract::Begun(_) | BeginContract::AlreadyBegun => Ok(answer),
        BeginContract::Refused(reason) => Err(reason.into()),
        BeginContract::RecordChanged => {
            let now = Utc::now();
            let reason = "the record changed while the environments were observed".to_owned();
            Ok(Answer::wait(reason, Some(now), now))
        }
    }
}
