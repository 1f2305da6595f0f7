//! When an execution ends without its own end, and how.

use crate::common::{held, hold, let_go, local};
use anyhow::{Result, ensure};
use rehearsal::follow::Follow;
use rehearsal::stage::Stage;

/// Where an execution ends.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// As soon as it is in this state.
    In(&'static str),
    /// While this call of a function is on its way: the function, its how-manieth invocation (as
    /// [`rehearsal::proxy::Target`] counts them), and the how-manieth call of this operation in it.
    During(&'static str, usize, &'static str, usize),
}
use Moment::{During, In};

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Somebody stops it at the console.
    Aborted,
    /// The machine's time is over.
    TimedOut,
}

impl How {
    /// As Step Functions says it.
    pub fn status(self) -> &'static str {
        match self {
            How::Aborted => "ABORTED",
            How::TimedOut => "TIMED_OUT",
        }
    }
}

/// Every state of a release that does something, and every write.
pub const ALL_AT_ONCE: [Moment; 19] = [
    During("Detect", 0, "DescribeServices", 0),
    During("Detect", 0, "TransactWriteItems", 0),
    During("Detect", 0, "TransactWriteItems", 1),
    During("Deploy", 0, "RegisterTaskDefinition", 0),
    During("Deploy", 0, "UpdateService", 0),
    In("Wait for tasks"),
    During("Deploy", 1, "DescribeServices", 0),
    In("Smoke test idle environment"),
    During("Detect", 1, "TransactWriteItems", 0),
    In("Heed people"),
    During("EvaluateMetrics", 0, "DescribeAlarms", 0),
    During("Flip", 0, "TransactWriteItems", 0),
    During("Flip", 0, "ModifyRule", 0),
    During("Flip", 0, "ModifyRule", 1),
    During("Flip", 0, "TransactWriteItems", 1),
    In("Watch"),
    In("Heed people again"),
    In("Probe new environment"),
    During("EvaluateMetrics", 1, "DescribeTargetHealth", 0),
];

/// The same of a release that the verdict flips back.
pub const FLIPPED_BACK: [Moment; 2] = [
    During("Flip", 1, "ModifyRule", 0),
    During("Detect", 2, "TransactWriteItems", 0),
];

/// What a release in two steps does besides: at each of its steps every write, the wait and the verdict.
pub const IN_STEPS: [Moment; 14] = [
    During("EvaluateMetrics", 0, "GetMetricData", 0),
    During("Flip", 0, "TransactWriteItems", 0),
    During("Flip", 0, "ModifyRule", 0),
    During("Flip", 0, "ModifyRule", 1),
    During("Flip", 0, "TransactWriteItems", 1),
    In("Watch"),
    During("EvaluateMetrics", 2, "DescribeTargetHealth", 0),
    During("Detect", 3, "TransactWriteItems", 0),
    During("Flip", 1, "TransactWriteItems", 0),
    During("Flip", 1, "ModifyRule", 0),
    During("Flip", 1, "ModifyRule", 1),
    During("Flip", 1, "TransactWriteItems", 1),
    During("EvaluateMetrics", 4, "DescribeTargetHealth", 0),
    During("Detect", 4, "TransactWriteItems", 0),
];

impl Moment {
    /// Whether what is on its way then may still claim the record, after the event of the end and any look of the schedule:
    /// only the next request is sure to meet that.
    pub fn may_claim_later(self) -> bool {
        matches!(self, During("Detect", 0, ..))
    }

    /// Holds its call, from the beginning of a tape.
    pub fn prepare(self, stage: &Stage) {
        match self {
            In(_) => local().proxy.record(&stage.aws.account, None),
            During(function, invocation, operation, call) => {
                hold(stage, function, invocation, operation, call);
            }
        }
    }

    /// Waits for the moment, and ends the execution; its ARN. What was on its way then takes effect.
    pub async fn end(self, stage: &Stage, mut follow: Follow<'_>, how: How) -> Result<String> {
        match self {
            In(state) => follow.wait(state).await?,
            During(..) => held(stage).await?,
        }
        let execution = follow.execution().to_owned();
        match how {
            How::Aborted => {
                let call = stage.aws.sfn().stop_execution();
                call.execution_arn(&execution).send().await?;
            }
            How::TimedOut => stage.time_out(&execution).await?,
        }
        let end = follow.quiet_end().await?;
        ensure!(end.status.as_str() == how.status(), "{end:?}");
        let_go(stage);
        Ok(execution)
    }
}
