//! Reads the health of a target group's targets, as the load balancer sees it.

use crate::{Error, Target, excerpt};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    TargetHealthDescription, TargetHealthReasonEnum as Reason, TargetHealthStateEnum as State,
};

/// One registered target and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetHealth {
    pub target: Target,
    /// `healthy`, `initial`, `unhealthy`, `unused`, `draining`, ... as ELBv2 writes it.
    pub state: String,
    /// ELBv2's reason for a state other than healthy.
    pub reason: String,
}

impl TargetHealth {
    pub fn is_healthy(&self) -> bool {
        self.state == State::Healthy.as_str()
    }

    /// It is on its way out: a deployment's old task.
    pub fn is_draining(&self) -> bool {
        self.state == State::Draining.as_str()
    }

    /// Its first health checks are under way.
    pub fn is_initial(&self) -> bool {
        self.state == State::Initial.as_str()
    }

    pub fn is_unhealthy(&self) -> bool {
        self.state == State::Unhealthy.as_str()
    }

    /// Its group is on no rule, so the load balancer never checks it.
    pub fn is_not_in_use(&self) -> bool {
        self.state == State::Unused.as_str() && self.reason == Reason::NotInUse.as_str()
    }
}

/// How many of the targets are healthy.
pub fn healthy_count(targets: &[TargetHealth]) -> usize {
    targets.iter().filter(|target| target.is_healthy()).count()
}

/// Reads every target of a group; the answer is not paged.
///
/// # Errors
/// The named errors of `elasticloadbalancing:DescribeTargetHealth`.
pub async fn target_health(
    client: &Client,
    target_group: &str,
) -> Result<Vec<TargetHealth>, Error> {
    let output = client
        .describe_target_health()
        .target_group_arn(target_group)
        .send()
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeTargetHealth", e))?;
    Ok(output
        .target_health_descriptions()
        .iter()
        .map(read)
        .collect())
}

/// What ELBv2 leaves out stays empty: such a target is registered, and not healthy.
fn read(description: &TargetHealthDescription) -> TargetHealth {
    let (target, health) = (description.target(), description.target_health());
    let port = target.and_then(|it| it.port());
    let state = health.and_then(|it| it.state());
    let reason = health.and_then(|it| it.reason());
    TargetHealth {
        target: Target {
            id: target.and_then(|it| it.id()).unwrap_or_default().to_owned(),
            port: port
                .and_then(|it| u16::try_from(it).ok())
                .unwrap_or_default(),
        },
        state: state.map(|it| excerpt(it.as_str())).unwrap_or_default(),
        reason: reason.map(|it| excerpt(it.as_str())).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{TargetDescription, TargetHealth as Health};

    #[test]
    fn a_target_that_is_described_in_part_is_registered_and_not_healthy() {
        let target = TargetDescription::builder()
            .id("10.0.0.7")
            .port(8080)
            .build();
        let healthy_state = Health::builder().state(State::Healthy).build();
        let check = |target: Option<&TargetDescription>, health: Option<Health>, expect| {
            let description = TargetHealthDescription::builder();
            let description = description
                .set_target(target.cloned())
                .set_target_health(health);
            assert_eq!(read(&description.build()).is_healthy(), expect);
        };
        check(Some(&target), Some(healthy_state), true);
        check(Some(&target), Some(Health::builder().build()), false);
        check(Some(&target), None, false);
        check(None, None, false);
    }
}
