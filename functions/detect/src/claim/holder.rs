//! Whether the execution that holds the record is still running.

use super::admission::{HolderState, wait_for_holder};
use aws_sdk_sfn::Client;
use chrono::Utc;
use record::{Record, Store};
use shared::executions::{ExecutionState, execution_state};
use shared::{Error, ExecutionArn};

/// The holder of the record, if it is another execution than `me` and nothing of it is at work any more.
pub(super) async fn dead_holder(
    sfn: &Client,
    record: &Record,
    me: &ExecutionArn,
) -> Result<Option<ExecutionArn>, Error> {
    let state = holder_state(sfn, record, me).await?;
    let wait = wait_for_holder(record, state.as_ref(), Utc::now());
    let holder = record.holder_other_than(me);
    Ok(holder.filter(|_| wait.is_none()).cloned())
}

/// The record, and the state of the execution that holds it. `read` may be seconds old: the release of a holder that has
/// ended since may have ended as it should.
pub(super) async fn record_and_holder(
    store: &Store,
    sfn: &Client,
    read: Record,
    me: &ExecutionArn,
) -> Result<(Record, Option<HolderState>), Error> {
    let holder = holder_state(sfn, &read, me).await?;
    if !holder.as_ref().is_some_and(HolderState::has_ended) {
        return Ok((read, holder));
    }
    let now = store.load().await?;
    let holder = if now.holder == read.holder {
        holder
    } else {
        holder_state(sfn, &now, me).await?
    };
    Ok((now, holder))
}

/// The state of the execution that holds the record; none where it is `me`, or where nobody holds it.
pub(crate) async fn holder_state(
    sfn: &Client,
    record: &Record,
    me: &ExecutionArn,
) -> Result<Option<HolderState>, Error> {
    let Some(holder) = record.holder_other_than(me) else {
        return Ok(None);
    };
    Ok(Some(match execution_state(sfn, holder).await? {
        ExecutionState::Running => HolderState::Running,
        ExecutionState::Ended { at, .. } => HolderState::Ended(at),
    }))
}
