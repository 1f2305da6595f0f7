//! Whether the execution that holds the record is still running.

use super::admission::{HolderState, at_work_until};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::ExecutionStatus::{PendingRedrive, Running};
use chrono::{DateTime, Utc};
use record::Record;
use shared::{Error, ExecutionArn};

/// The holder of the record, if it is another execution than `me` and nothing of it runs any more.
pub(super) async fn dead_holder(
    sfn: &Client,
    record: &Record,
    me: &ExecutionArn,
) -> Result<Option<ExecutionArn>, Error> {
    let Some(holder) = record.holder_other_than(me) else {
        return Ok(None);
    };
    let dead = match holder_state(sfn, holder).await? {
        HolderState::Running => false,
        // Its task may still be at work, and then it counts as running.
        HolderState::Ended(ended) => {
            let until = ended.and_then(|ended| at_work_until(record, ended));
            until.is_none_or(|until| until <= Utc::now())
        }
    };
    Ok(dead.then(|| holder.clone()))
}

pub(super) async fn holder_state(
    sfn: &Client,
    execution: &ExecutionArn,
) -> Result<HolderState, Error> {
    let call = sfn.describe_execution().execution_arn(execution.as_str());
    match call.send().await {
        Ok(output) if matches!(output.status(), Running | PendingRedrive) => {
            Ok(HolderState::Running)
        }
        Ok(output) => {
            let ended = output.stop_date();
            Ok(HolderState::Ended(ended.and_then(|at| {
                DateTime::from_timestamp(at.secs(), at.subsec_nanos())
            })))
        }
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_execution_does_not_exist()) =>
        {
            Ok(HolderState::Ended(None))
        }
        Err(error) => Err(Error::from_sdk("states:DescribeExecution", error)),
    }
}
