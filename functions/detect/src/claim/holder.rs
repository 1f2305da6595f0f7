//! Whether the execution that holds the record is still running.

use super::admission::{HolderState, wait_for_holder};
use aws_sdk_sfn::Client;
use chrono::Utc;
use record::Record;
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
