//! The status: what is live, what is in progress, what waits for whom. Only reads.

use super::observed::Observed;
use super::overview::Overview;
use crate::claim::{Context, explain_split, holder_state};
use crate::look::observe;
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::{Record, latest_ends};
use shared::Error;
use shared::executions::{ExecutionState, execution_state};

/// Items of the history that are read: of a release that was flipped back after its end there are two.
const ITEMS: i32 = 20;

/// # Errors
/// Whatever kept detect from reading the record, the rules, the services or an execution.
pub(crate) async fn status(context: &Context, execution: &Execution) -> Result<Answer, Error> {
    let record = context.store.load().await?;
    let history = latest_ends(&context.store, ITEMS).await?;
    let mut snapshot = observe(&context.observer).await?;
    let is_split = explain_split(&context.observer.routing, &mut snapshot, &record);
    if let Some(release) = record.release.as_ref().filter(|_| is_split) {
        // Until a release has all of the traffic, the environment that it leaves counts as active.
        snapshot.active = Ok(release.from);
    }
    let holder = holder_state(&context.sfn, &record, &execution.arn).await?;
    let overview = Overview::of(&Observed {
        service: &context.observer.alarms.service,
        repository: &context.observer.repository,
        record: &record,
        snapshot: &snapshot,
        history: &history,
        dead_holder: holder.is_some_and(|holder| holder.has_ended()),
        newest_waits: newest_waits(context, &record).await?,
        policy: &context.decisions,
        now: Utc::now(),
    });
    let reason = overview.in_short();
    Ok(Answer::Status {
        status: Box::new(overview),
        reason,
    })
}

/// Whether the newest request has neither begun nor ended.
async fn newest_waits(context: &Context, record: &Record) -> Result<bool, Error> {
    let Some(newest) = &record.newest else {
        return Ok(false);
    };
    let release = record.release.as_ref();
    if release.is_some_and(|release| newest.execution.is_of(&release.id)) {
        return Ok(false);
    }
    let state = execution_state(&context.sfn, &newest.execution).await?;
    Ok(state == ExecutionState::Running)
}
