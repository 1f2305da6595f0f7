//! A release, a sync, and the preview of either: one way, which a preview leaves before the first write.

use super::admission::Admission;
use super::assess::{Assessment, assess};
use super::context::Context;
use super::decide::{Decision, describe};
use super::hold::claim;
use super::queue::{enqueue, queued_request};
use crate::halt::Halt;
use crate::look::resolve;
use crate::request::{ExecutionRequest, OwnRepository};
use crate::task::{Answer, Execution, PreviewedAction};
use chrono::Utc;
use record::{Claimant, Expand, Phase, Record, Release, Time};
use shared::{Digest, Refusal, ReleasePlan};

pub(crate) async fn release(
    context: &Context,
    requested: &ExecutionRequest,
    execution: &Execution,
) -> Result<Answer, Halt> {
    // A standing command's SQL is in the image; what stands in the request can be judged.
    let policy = &context.migrations;
    policy.judge(requested.migration.as_ref(), migrations::Step::Expand)?;
    let repository = OwnRepository::of(&context.observer.repository, &execution.arn);
    let wanted = resolve(&context.observer, &requested.request, &repository).await?;
    if let Some(reason) = wanted.as_ref().and_then(|it| it.not_an_image.clone()) {
        let record = context.store.load().await?;
        return nothing_to_release(&record, execution, reason);
    }
    let sync = requested.is_sync();
    let may_write = !requested.preview && !sync;
    let members = wanted.as_ref().map(|it| it.members()).unwrap_or_default();
    let request = queued_request(&requested.request, &members, execution);
    let (admission, record) = enqueue(&context.store, &context.sfn, &request, may_write).await?;
    let (dead_holder, waits) = match admission {
        Admission::Begin { dead_holder } => (dead_holder, None),
        Admission::Skip(reason) => return Ok(Answer::Skip { reason }),
        Admission::Wait { reason, .. } if sync => {
            let remedy = "a sync would end its flip back. Request it again when that has ended.";
            return Err(Refusal::from(format!("{reason}: {remedy}")).into());
        }
        Admission::Wait { reason, .. } if requested.preview => (None, Some(reason)),
        Admission::Wait { reason, until } => return Ok(Answer::wait(reason, until, Utc::now())),
    };
    let assessment = assess(context, requested, wanted, execution, &record).await?;
    if requested.preview {
        return Ok(preview(assessment, waits));
    }
    let plan = match assessment.decision? {
        Decision::Release(plan) => plan,
        Decision::Skip(reason) => return nothing_to_release(&record, execution, reason),
    };
    let claimant = Claimant {
        execution: &execution.arn,
        release: &release_of(&plan, members, assessment.pushed_at, Utc::now()),
        dead_holder: dead_holder.as_ref(),
        read_version: record.version,
    };
    claim(&context.store, plan, &claimant).await
}

fn nothing_to_release(
    record: &Record,
    execution: &Execution,
    reason: String,
) -> Result<Answer, Halt> {
    if record.holder.as_ref() == Some(&execution.arn) {
        // An earlier try has claimed the record: only a refusal leads to where it is released.
        return Err(Refusal::from(reason).into());
    }
    Ok(Answer::Skip { reason })
}

/// `waits` is what the release would wait for.
fn preview(assessment: Assessment, waits: Option<String>) -> Answer {
    let (would, reason) = match assessment.decision {
        Ok(Decision::Release(plan)) if plan.sync => (PreviewedAction::Sync, describe(&plan)),
        Ok(Decision::Release(plan)) => (PreviewedAction::Release, describe(&plan)),
        Ok(Decision::Skip(reason)) => (PreviewedAction::Skip, reason),
        Err(reason) => (PreviewedAction::Refuse, reason.into_reason()),
    };
    let reason = match waits {
        Some(waits) => format!("{waits}, so it would wait; then: {reason}"),
        None => reason,
    };
    Answer::Preview {
        would,
        reason,
        findings: assessment.findings,
        plan: assessment.plan.map(Box::new),
        migration: None,
    }
}

fn release_of(
    plan: &ReleasePlan,
    members: Vec<Digest>,
    pushed_at: Option<Time>,
    now: Time,
) -> Release {
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
        members,
        from_task_definition: Some(plan.active.task_definition.clone()),
        idle_digest: plan.idle.digest.clone(),
        sync: plan.sync,
        expand,
        from_desired: plan.active.desired,
        passed_smoke: None,
        flipped_at: None,
        share: None,
        share_since: None,
        passed_share: None,
        original_forwards: Vec::new(),
        active_since: None,
        reason: None,
    }
}
