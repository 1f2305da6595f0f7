//! Says how far the rollout is.

use crate::answer::Answer;
use crate::decide::{RolloutStatus, rollout_status};
use crate::hidden::Hidden;
use crate::rollout::{Expected, Rollout, read_rollout};
use aws_sdk_ecs::Client;
use shared::ecs::describe_tagged_revision;
use shared::{EnvironmentSnapshot, Error};

/// Looks at the rollout on `idle` once.
pub(crate) async fn check(
    ecs: &Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    idle: &EnvironmentSnapshot,
    expected: &Expected<'_>,
) -> Result<Answer, Error> {
    let mut rollout = read_rollout(ecs, elb, idle).await?;
    if quotes(&rollout, expected) {
        let revision = describe_tagged_revision(ecs, expected.task_definition).await?;
        rollout.hide(&Hidden::of(&revision.content));
    }
    Ok(rollout_status(&rollout, expected).into())
}

/// Whether the answer quotes ECS: why tasks stopped, or what the service said of its failure.
fn quotes(rollout: &Rollout, expected: &Expected<'_>) -> bool {
    let mut stopped = rollout.stopped.iter();
    let failed = matches!(rollout_status(rollout, expected), RolloutStatus::Failed(_));
    failed || stopped.any(|task| expected.is_ours(task))
}
