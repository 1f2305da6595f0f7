//! Reads the health of a target group's targets, as the load balancer sees it.

use crate::Error;
pub use crate::plan::Target;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    TargetHealthDescription, TargetHealthStateEnum as State,
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
}

/// How many of them are healthy.
pub fn healthy(targets: &[TargetHealth]) -> usize {
    targets.iter().filter(|target| target.is_healthy()).count()
}

/// Reads every target of a group; the answer is not paged.
pub async fn target_health(
    client: &Client,
    target_group: &str,
) -> Result<Vec<TargetHealth>, Error> {
    let call = client
        .describe_target_health()
        .target_group_arn(target_group)
        .send();
    let output = call
        .await
        .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeTargetHealth", e))?;
    Ok(output
        .target_health_descriptions()
        .iter()
        .filter_map(read)
        .collect())
}

fn read(description: &TargetHealthDescription) -> Option<TargetHealth> {
    let target = description.target()?;
    let health = description.target_health()?;
    Some(TargetHealth {
        target: Target {
            id: target.id()?.to_owned(),
            port: target
                .port()
                .and_then(|port| u16::try_from(port).ok())
                .unwrap_or_default(),
        },
        state: health
            .state()
            .map(|state| state.as_str().to_owned())
            .unwrap_or_default(),
        reason: health
            .reason()
            .map(|reason| reason.as_str().to_owned())
            .unwrap_or_default(),
    })
}
