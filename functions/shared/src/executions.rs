//! Reads whether an execution of the state machine is still running.

use crate::{Error, ExecutionArn, Time};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::ExecutionStatus::{PendingRedrive, Running};

/// How far an execution is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutionState {
    Running,
    Ended {
        /// `ABORTED`, `TIMED_OUT`, ... as Step Functions writes it; none where it does not know the execution any more.
        status: Option<String>,
        at: Option<Time>,
    },
}

/// Reads the state of an execution. One that waits for a redrive counts as running.
///
/// # Errors
/// The named errors of `states:DescribeExecution`.
pub async fn execution_state(
    client: &Client,
    execution: &ExecutionArn,
) -> Result<ExecutionState, Error> {
    let call = client
        .describe_execution()
        .execution_arn(execution.as_str());
    let output = match call.send().await {
        Ok(output) => output,
        Err(error) => {
            let reason = error.as_service_error();
            if reason.is_some_and(|reason| reason.is_execution_does_not_exist()) {
                let (status, at) = (None, None);
                return Ok(ExecutionState::Ended { status, at });
            }
            return Err(Error::from_sdk("states:DescribeExecution", error));
        }
    };
    if matches!(output.status(), Running | PendingRedrive) {
        return Ok(ExecutionState::Running);
    }
    let ended = output.stop_date();
    Ok(ExecutionState::Ended {
        status: Some(output.status().as_str().to_owned()),
        at: ended.and_then(|at| Time::from_timestamp(at.secs(), at.subsec_nanos())),
    })
}
