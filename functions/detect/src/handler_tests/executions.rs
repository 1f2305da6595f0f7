//! The executions that detect's tests meet.

use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::operation::stop_execution::StopExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use aws_smithy_mocks::{RuleMode, mock};
use aws_smithy_types::DateTime;
use fixtures::mock_client;

/// Every execution has this status, and can be stopped.
pub fn executions(status: ExecutionStatus) -> aws_sdk_sfn::Client {
    let execution = mock!(aws_sdk_sfn::Client::describe_execution).then_output(move || {
        let output = DescribeExecutionOutput::builder()
            .execution_arn("x")
            .state_machine_arn("x")
            .name("x");
        output
            .status(status.clone())
            .start_date(DateTime::from_secs(0))
            .build()
            .expect("complete")
    });
    let stop = mock!(aws_sdk_sfn::Client::stop_execution)
        .match_requests(|request| {
            request.error() == Some("StopRequested") && request.cause().is_some()
        })
        .then_output(|| {
            let output = StopExecutionOutput::builder().stop_date(DateTime::from_secs(0));
            output.build().expect("complete")
        });
    mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&execution, &stop])
}
