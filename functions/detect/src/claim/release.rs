//! A release, a sync, and the preview of either: one way, which a preview leaves before the first write.

use super::admission::Admission;
use super::assess::{Assessment, assess};
use super::begin::{claim, release_of};
use super::context::Context;
use super::decide::{Decision, describe};
use super::queue::{enqueue, queued_request};
use crate::halt::Halt;
use crate::look::resolve;
use crate::request::ExecutionRequest;
use crate::task::{Answer, Execution, PreviewedAction};
use chrono::Utc;
use record::Claimant;
use shared::Refusal;

pub(crate) async fn release(
    context: &Context,
    requested: &ExecutionRequest,
    execution: &Execution,
) -> Result<Answer, Halt> {
    // A standing command's SQL is in the image; what stands in the request can be judged.
    let migration = requested.migration.as_ref();
    let sql = migration.and_then(|step| step.sql.as_deref());
    context.migrations.judge(sql, migrations::Step::Expand)?;
    let image = resolve(&context.repository, &requested.request).await?;
    let sync = requested.is_sync();
    let may_write = !requested.preview && !sync;
    let request = queued_request(&requested.request, execution);
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
    let assessment = assess(context, requested, image, execution, &record).await?;
    if requested.preview {
        return Ok(preview(assessment, waits));
    }
    let plan = match assessment.decision {
        Decision::Release(plan) => plan,
        // An earlier try has claimed the record: only a refusal leads to where it is released.
        Decision::Skip(reason) if record.holder.as_ref() == Some(&execution.arn) => {
            return Err(Refusal::from(reason).into());
        }
        Decision::Skip(reason) => return Ok(Answer::Skip { reason }),
        Decision::Refuse(reason) => return Err(reason.into()),
    };
    let pushed_at = assessment.image.and_then(|image| image.pushed_at);
    let claimant = Claimant {
        execution: &execution.arn,
        release: &release_of(&plan, pushed_at, Utc::now()),
        dead_holder: dead_holder.as_ref(),
        read_version: record.version,
    };
    claim(&context.store, plan, &claimant).await
}

/// `waits` is what the release would wait for.
fn preview(assessment: Assessment, waits: Option<String>) -> Answer {
    let (would, reason) = match assessment.decision {
        Decision::Release(plan) if plan.sync => (PreviewedAction::Sync, describe(&plan)),
        Decision::Release(plan) => (PreviewedAction::Release, describe(&plan)),
        Decision::Skip(reason) => (PreviewedAction::Skip, reason),
        Decision::Refuse(reason) => (PreviewedAction::Refuse, reason.to_string()),
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
