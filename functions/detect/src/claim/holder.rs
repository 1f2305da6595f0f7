//! Whether the execution that holds the record is still running.

use super::admission::{HolderState, wait_for_holder};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::ExecutionStatus::{PendingRedrive, Running};
use chrono::Utc;
use record::{Record, Time};
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
pub(super) async fn holder_state(
    sfn: &Client,
    record: &Record,
    me: &ExecutionArn,
) -> Result<Option<HolderState>, Error> {
    let Some(holder) = record.holder_other_than(me) else {
        return Ok(None);
    };
    let call = sfn.describe_execution().execution_arn(holder.as_str());
    Ok(Some(match call.send().await {
        Ok(output) if matches!(output.status(), Running | PendingRedrive) => HolderState::Running,
        Ok(output) => {
            let ended = output.stop_date();
            let time = ended.and_then(|at| Time::from_timestamp(at.secs(), at.subsec_nanos()));
            HolderState::Ended(time)
        }
        Err(error) => match error.as_service_error() {
            Some(reason) if reason.is_execution_does_not_exist() => HolderState::Ended(None),
            _ => return Err(Error::from_sdk("states:DescribeExecution", error)),
        },
    }))
}
