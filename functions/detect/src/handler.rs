//! Reads the task and the request, and lets the kind of request decide which way it is answered.

use crate::claim::{
    Context, Contracts, contract, finish, pass_smoke, pass_step, passed_smoke, release,
    report_drift,
};
use crate::decisions::{bar, decide, end_freeze, heed, status};
use crate::halt::Halt;
use crate::request::{self, ExecutionRequest, Request};
use crate::task::{Answer, EarlierAnswers, Execution, PreviewedAction, RefusedAs, Task};
use chrono::Utc;
use record::Store;
use serde_json::Value;
use shared::runtime::read_task;
use shared::{Error, Refusal, sentence};
use tracing::info;

/// Answers a task of the state machine.
///
/// # Errors
/// `InvalidInput` where the task has another shape, and whatever kept detect from finding out.
pub async fn handle(context: &Context, payload: Value) -> Result<Answer, Error> {
    let answer = match read_task(payload)? {
        Task::Detect {
            request,
            execution,
            traffic_checked,
            gate_opened,
            verified,
        } => {
            let earlier = EarlierAnswers {
                traffic_checked,
                gate_opened,
                verified,
            };
            Box::pin(detect(context, &request, &execution, &earlier)).await?
        }
        Task::PassSmoke {
            execution,
            release,
            smoke,
            task_definition,
        } => {
            let passed = passed_smoke(&execution.arn, &release, &smoke, &task_definition);
            pass_smoke(&context.store, &release, passed).await?
        }
        Task::PassStep {
            execution,
            release,
            share,
        } => pass_step(&context.store, &execution.arn, &release, share).await?,
        Task::Finish {
            execution,
            outcome,
            reason,
        } => finish(&context.store, &execution, outcome, &reason).await?,
        // On the heap: the usual way would carry the state of the rare ones on its stack.
        Task::Heed(task) => Answer::Heed(Box::pin(heed(context, &task)).await?),
        Task::EndFreeze { execution } => Box::pin(end_freeze(context, &execution)).await?,
    };
    info!(answer = %serde_json::to_string(&answer).unwrap_or_default(), "answered");
    Ok(answer)
}

async fn detect(
    context: &Context,
    input: &Value,
    execution: &Execution,
    earlier: &EarlierAnswers,
) -> Result<Answer, Error> {
    let repository = context.observer.own_repository(&execution.arn);
    let error = if request::decides(input) {
        RefusedAs::DecisionRefused
    } else {
        RefusedAs::ReleaseRefused
    };
    let requested = match request::read(input, &repository) {
        Ok(requested) => requested,
        Err(reason) => return Ok(Answer::Refuse { reason, error }),
    };
    let answer = match answer(context, &requested, execution, earlier).await {
        Ok(answer) => answer,
        Err(Halt::Refused(reason)) => Answer::Refuse { reason, error },
        Err(Halt::Failed(error)) => return Err(error),
    };
    Ok(if requested.preview {
        answer.previewed(PreviewedAction::of(&requested.request))
    } else {
        answer
    })
}

async fn answer(
    context: &Context,
    requested: &ExecutionRequest,
    execution: &Execution,
    earlier: &EarlierAnswers,
) -> Result<Answer, Halt> {
    match &requested.request {
        Request::Rollback { reason } => roll_back(&context.store, reason.clone()).await,
        // Such a push is part of a larger image, or an accident.
        Request::Push { tag: None, .. } => Ok(Answer::skip(
            "an untagged push starts no release; to release it, name its digest",
        )),
        Request::Push { tag: Some(tag), .. } if let Some(reason) = context.tags.keeps_out(tag) => {
            Ok(Answer::skip(reason))
        }
        Request::ReportDrift => Ok(report_drift(context, &execution.arn).await?),
        Request::Sync { if_drifted: true } => {
            let report = report_drift(context, &execution.arn).await?;
            match only_reported(context, requested, execution, report).await? {
                Some(report) => Ok(report),
                None => release(context, requested, execution, earlier).await,
            }
        }
        Request::Contract { step, expanded_by } => {
            let requested = Contracts {
                step: step.as_ref(),
                origin: requested.origin.as_ref(),
                named: expanded_by.as_ref(),
                overrides: requested.overrides.as_deref(),
                preview: requested.preview,
                gate_opened: earlier.gate_opened,
            };
            Box::pin(contract(context, &requested, execution)).await
        }
        Request::Decide(word) => Box::pin(decide(context, word, execution)).await,
        Request::Status => Ok(Box::pin(status(context, execution)).await?),
        Request::Push { .. }
        | Request::Tag(_)
        | Request::Digest { .. }
        | Request::TaskDefinition(_)
        | Request::Sync { .. } => release(context, requested, execution, earlier).await,
    }
}

/// The report, where no drift is to be put right now. The schedule comes again: a refusal would tell of a failure each time.
async fn only_reported(
    context: &Context,
    requested: &ExecutionRequest,
    execution: &Execution,
    report: Answer,
) -> Result<Option<Answer>, Error> {
    let Answer::Drifted { reason, findings } = report else {
        return Ok(Some(report));
    };
    let record = context.store.load().await?;
    let bar = bar(&record, &context.decisions, &execution.arn, Utc::now());
    let bar = bar.filter(|_| requested.overrides.is_none());
    Ok(bar.map(|bar| Answer::Drifted {
        reason: format!("{} {}", sentence(&reason), bar.only_reports()),
        findings,
    }))
}

/// A rollback concerns the release on record; flip decides whether it can be flipped back.
async fn roll_back(store: &Store, reason: String) -> Result<Answer, Halt> {
    let release = store.load().await?.release.ok_or_else(|| {
        Refusal::from("no release is recorded for this service, so there is nothing to roll back")
    })?;
    Ok(Answer::Rollback {
        release: release.id,
        reason,
    })
}
