//! Looks at the rollout once.

use crate::answer::{Answer, CheckStatus};
use crate::decide::{RolloutStatus, rollout_status};
use crate::rollout::{Expected, read_rollout};
use shared::{EnvironmentSnapshot, Error};

/// Says whether the deployment on `idle` is steady, and why not.
pub(crate) async fn check(
    ecs: &aws_sdk_ecs::Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    idle: &EnvironmentSnapshot,
    expected: &Expected<'_>,
) -> Result<Answer, Error> {
    let rollout = read_rollout(ecs, elb, idle).await?;
    let (status, reason, targets) = match rollout_status(&rollout, expected) {
        RolloutStatus::Steady(targets) => {
            let reason = format!("{} tasks run the image and are healthy", targets.len());
            (CheckStatus::Steady, reason, targets)
        }
        RolloutStatus::Waiting(reason) => (CheckStatus::Waiting, reason, Vec::new()),
        RolloutStatus::Failed(reason) => (CheckStatus::Failed, reason, Vec::new()),
    };
    Ok(Answer::Checked {
        status,
        reason,
        targets,
    })
}
