//! Says how far the rollout is.

use crate::decide::{RolloutStatus, rollout_goes_on, rollout_status};
use crate::hidden::Hidden;
use crate::rollout::{Expected, Rollout, read_rollout};
use aws_sdk_ecs::Client;
use shared::ecs::{describe_tagged_revision, read_service};
use shared::{Error, ReleasePlan, Time};

/// Looks at the rollout on idle once. As long as ECS is at work on it, the service alone says how far it is: many checks
/// of many releases share the account's calls.
pub(crate) async fn check(
    ecs: &Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    plan: &ReleasePlan,
    container: &str,
    expected: &Expected<'_>,
    now: Time,
) -> Result<RolloutStatus, Error> {
    let service = read_service(ecs, &plan.idle).await?;
    if let Some(reason) = rollout_goes_on(service.deployments(), expected, now) {
        return Ok(RolloutStatus::Waiting(reason));
    }
    let mut rollout = read_rollout(ecs, elb, plan, container, service).await?;
    if quotes(&rollout, expected) {
        let revision = describe_tagged_revision(ecs, expected.task_definition).await?;
        rollout.hide(&Hidden::of(&revision.content));
    }
    Ok(rollout_status(&rollout, expected))
}

/// Whether the answer quotes ECS: why tasks stopped, or what the service said of its failure.
fn quotes(rollout: &Rollout, expected: &Expected<'_>) -> bool {
    let mut stopped = rollout.stopped.iter();
    let failed = matches!(rollout_status(rollout, expected), RolloutStatus::Failed(_));
    failed || stopped.any(|task| expected.is_ours(task))
}
