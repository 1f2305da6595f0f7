//! Holds the record: claims it for a release or a contract step, and releases it at the end of either.

use crate::halt::Halt;
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::{
    BeginContract, Claim, Claimant, Contract, ContractTerms, Finish, Heed, Outcome, Phase, Record,
    Release, Store,
};
use shared::{Error, FailureReason, Refusal, ReleasePlan};

/// Claims the record for the release of `plan`; answers the release, described by `reason`, or what keeps it from
/// beginning. `record` is the one after which the rules were read.
pub(super) async fn claim(
    store: &Store,
    record: Record,
    mut plan: ReleasePlan,
    reason: String,
    claimant: &Claimant<'_>,
) -> Result<Answer, Halt> {
    let claim = |record: &Record| {
        let claim = record.claim(claimant, Utc::now());
        (claim.record(), claim)
    };
    // Whatever has come in between, the request sees it when it asks again.
    let again = |reason: String| Ok(Answer::wait(reason, 1));
    let record = if record.holder.as_ref() == Some(claimant.execution) {
        // Nothing is to be written, so nothing would tell that an earlier try's claim is over by now.
        store.load().await?
    } else {
        record
    };
    match store.change_from(record, claim).await? {
        Claim::Claimed { abandoned, .. } => plan.warnings.extend(abandoned.map(|id| {
            format!(
                "release {id} was abandoned by its execution; this one starts from the live rule"
            )
        })),
        Claim::AlreadyClaimed(claimed) => still_fits(&claimed, &plan)?,
        Claim::HeedsNobody => return Err(heeds_nobody().into()),
        Claim::NotNewest => return again("a newer request has just come in".to_owned()),
        Claim::Frozen(freeze) => return again(freeze.described().into_reason()),
        Claim::RecordChanged => {
            return again("the record changed while the rules were read".to_owned());
        }
        Claim::Held { by } => return again(format!("{by} has just claimed the record")),
        Claim::LeaseHeld { until } => {
            let reason = format!("another execution may write to the rules until {until}");
            return Ok(Answer::wait_until(reason, until, Utc::now()));
        }
    }
    Ok(opened(plan, reason))
}

fn heeds_nobody() -> Refusal {
    "it began before the stack was updated, so it runs the older definition of the machine, which does not wait for \
     the approvals that are wanted now (ApprovalBefore). Request it again."
        .into()
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
    let (claimed, now) = (claimed.expand.is_some(), plan.migration.is_some());
    if claimed != now {
        let migrates = |it| if it { "a migration" } else { "no migration" };
        return Err(Refusal::from(format!(
            "the release was to run {} when it claimed the record, and would run {} now (parameter MigrationCommand). \
             Request it again.",
            migrates(claimed),
            migrates(now)
        )));
    }
    Ok(())
}

fn opened(plan: ReleasePlan, reason: String) -> Answer {
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

pub(super) async fn begin_contract(
    store: &Store,
    contract: &Contract,
    terms: &ContractTerms<'_>,
) -> Result<BeginContract, Error> {
    let begin = |record: &Record| match record.begin_contract(contract, terms) {
        BeginContract::Begun(next) => (Some(next), BeginContract::AlreadyBegun),
        other @ (BeginContract::AlreadyBegun
        | BeginContract::RecordChanged
        | BeginContract::Refused(_)) => (None, other),
    };
    store.change(begin).await
}

/// What people say to a contract step, which waits at a gate of its own.
pub(super) async fn heed_contract(
    store: &Store,
    contract: &Contract,
    terms: &ContractTerms<'_>,
) -> Result<Heed, Error> {
    store
        .change(|record: &Record| record.heed_contract(contract, terms))
        .await
}

pub(crate) async fn finish(
    store: &Store,
    execution: &Execution,
    outcome: Outcome,
    reason: &FailureReason,
) -> Result<Answer, Error> {
    let finish = |record: &Record| {
        let finish = record.finish(&execution.arn, outcome, reason, Utc::now());
        let next = match &finish {
            Finish::Finished(next) | Finish::RolledBackMeanwhile(next) => Some(next.clone()),
            Finish::NotHolder(_) | Finish::Waits(_) => None,
        };
        (next, finish)
    };
    let finished = store.change(finish).await?;
    let waits = matches!(finished, Finish::Waits(_));
    let (phase, other) = match finished {
        Finish::Finished(record) => (record.release.map(|it| it.phase), None),
        Finish::RolledBackMeanwhile(record) => record
            .release
            .map_or((None, None), |it| (Some(it.phase), it.reason)),
        Finish::NotHolder(phase) => (phase, None),
        Finish::Waits(refusal) => (Some(Phase::Watching), Some(refusal.into_reason())),
    };
    Ok(Answer::Finished {
        phase,
        error: reason.error_name().map(str::to_owned),
        waits,
        reason: other.unwrap_or_else(|| reason.to_string()),
    })
}
