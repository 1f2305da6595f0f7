//! A release, a sync, and the preview of either: one way, which a preview leaves before the first write.

use super::assess::{Assessment, Subject, assess};
use super::begin::{Asking, Begin, begin};
use super::commands::{origin, whose};
use super::context::Context;
use super::decide::{Decision, describe, wants_verification};
use super::hold::claim;
use super::queue::{enqueue, queued_request};
use super::unfinished::explain_split;
use crate::decisions::{DecisionPolicy, behind};
use crate::halt::Halt;
use crate::look::{RequestedImage, observe, resolve};
use crate::request::{ExecutionRequest, PlannedSteps};
use crate::task::{Answer, EarlierAnswers, Execution, PreviewedAction};
use chrono::Utc;
use record::{Claimant, Expand, Record, Release, Time};
use shared::{Refusal, ReleasePlan};
use std::ops::ControlFlow;

pub(crate) async fn release(
    context: &Context,
    requested: &ExecutionRequest,
    execution: &Execution,
    earlier: &EarlierAnswers,
) -> Result<Answer, Halt> {
    // Before anything is read. A standing command's SQL is in the image; what stands in the request can be judged.
    let policy = &context.migrations;
    let sql = policy.judge(requested.migration.as_ref(), migrations::Step::Expand)?;
    let repository = context.observer.own_repository(&execution.arn);
    // On the heap, as what comes after it: so many lookups are too large for a thread's stack.
    let wanted = Box::pin(resolve(&context.observer, &requested.request, &repository));
    let (wanted, record) = futures::join!(wanted, Box::pin(context.store.load()));
    let wanted = wanted?;
    if let Some(reason) = wanted.as_ref().and_then(|it| it.not_an_image.clone()) {
        return nothing_to_release(&record?, execution, reason);
    }
    let subject = Subject {
        requested,
        execution,
        sql,
        steps: planned_steps(context, requested)?,
        earlier,
        members: wanted.as_ref().map(|it| it.members()).unwrap_or_default(),
    };
    let request = queued_request(&requested.request, &subject.members, execution);
    let placed = Box::pin(enqueue(context, requested, &request, record?)).await?;
    let asking = Asking {
        requested,
        since: execution.start_time,
        policy: &context.decisions,
        when_stopped: context.when_stopped,
        now: Utc::now(),
    };
    match begin(&asking, &placed) {
        ControlFlow::Continue(begin) => {
            Box::pin(go_on(context, &subject, wanted, placed.record, begin)).await
        }
        ControlFlow::Break(answer) => Ok(answer),
    }
}

/// Observes, decides, and claims the record; a preview ends before that.
async fn go_on(
    context: &Context,
    subject: &Subject<'_>,
    wanted: Option<RequestedImage>,
    record: Record,
    begin: Begin,
) -> Result<Answer, Halt> {
    let mut snapshot = observe(&context.observer).await?;
    let is_split = explain_split(&context.observer.routing, &mut snapshot, &record);
    if let Some(waits) = begin.waits.as_ref().filter(|_| is_split) {
        return Ok(Answer::later(PreviewedAction::Release, waits));
    }
    let assessment = Box::pin(assess(context, subject, wanted, &record, &snapshot)).await?;
    let own_command = subject.requested.migration.is_some();
    if subject.requested.preview {
        return Ok(preview(assessment, begin, own_command));
    }
    let execution = subject.execution;
    let mut plan = match assessment.decision? {
        Decision::Release(plan) => plan,
        Decision::Skip(reason) => return nothing_to_release(&record, execution, reason),
    };
    let reason = describe(&plan, own_command);
    if subject.asks_about_traffic(&plan) {
        let plan = Box::new(plan);
        return Ok(Answer::CheckTraffic { plan, reason });
    }
    if let Some(reason) = assessment.waits {
        let (policy, since) = (&context.decisions, execution.start_time);
        let seconds = behind(policy, &record, since, Utc::now());
        return Ok(Answer::wait(reason, seconds));
    }
    let has_verifier = context.observer.images.has_verifier;
    if wants_verification(has_verifier, &plan, subject.earlier.verified.as_ref()) {
        return Ok(Answer::verify_image(plan));
    }
    plan.warnings.extend(begin.overridden);
    let fixed = fixed(&context.decisions, subject, &plan, assessment.pushed_at);
    let claimant = Claimant {
        execution: &execution.arn,
        release: &fixed,
        dead_holder: begin.dead_holder.as_ref(),
        read_version: record.version,
        override_freeze: subject.requested.overrides.is_some(),
    };
    Box::pin(claim(&context.store, record, plan, reason, &claimant)).await
}

/// The release as its claim fixes it.
fn fixed(
    decisions: &DecisionPolicy,
    subject: &Subject<'_>,
    plan: &ReleasePlan,
    pushed_at: Option<Time>,
) -> Release {
    let requested = subject.requested;
    let migration = plan.migration.as_ref();
    let commands = migration.map(|_| whose(requested.migration.as_ref()));
    Release {
        origin: origin(requested.origin.as_ref(), commands),
        members: subject.members.clone(),
        approval: decisions.approval_of(requested),
        freeze_after_rollback: decisions.freeze_after_rollback && !plan.sync,
        heeds: subject.execution.heeds,
        ..release_of(plan, pushed_at, Utc::now())
    }
}

/// A sync never moves traffic.
fn planned_steps(context: &Context, requested: &ExecutionRequest) -> Result<PlannedSteps, Refusal> {
    if requested.is_sync() {
        return Ok(PlannedSteps::default());
    }
    context.traffic.steps(requested.traffic.as_ref())
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
    Ok(Answer::skip(reason))
}

fn preview(assessment: Assessment, begin: Begin, own_command: bool) -> Answer {
    let describe = |plan| describe(plan, own_command);
    let (would, reason) = match assessment.decision {
        Ok(Decision::Release(plan)) if plan.sync => (PreviewedAction::Sync, describe(&plan)),
        Ok(Decision::Release(plan)) => (PreviewedAction::Release, describe(&plan)),
        Ok(Decision::Skip(reason)) => (PreviewedAction::Skip, reason),
        Err(reason) => (PreviewedAction::Refuse, reason.into_reason()),
    };
    let would = if begin.refused {
        PreviewedAction::Refuse
    } else {
        would
    };
    let reason = match begin.waits {
        Some(waits) => format!("{waits}; then: {reason}"),
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

fn release_of(plan: &ReleasePlan, pushed_at: Option<Time>, now: Time) -> Release {
    let expand = plan.migration.as_ref().map(|_| Expand {
        release: plan.release.clone(),
        digest: plan.image.digest.clone(),
        // What ECR does not say now counts as new: older images are refused sooner then.
        pushed_at: pushed_at.unwrap_or(now),
        stable_releases: 0,
        proven: false,
    });
    let (id, digest) = (plan.release.clone(), plan.image.digest.clone());
    Release {
        from_digest: plan.active.digest.clone(),
        tag: plan.image.tag.clone(),
        from_task_definition: Some(plan.active.task_definition.clone()),
        idle_digest: plan.idle.digest.clone(),
        sync: plan.sync,
        expand,
        from_desired: plan.active.desired,
        active_since: plan.active_since,
        ..Release::new(id, plan.from, digest, now)
    }
}
