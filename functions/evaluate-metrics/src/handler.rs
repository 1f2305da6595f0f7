//! evaluate-metrics' way through AWS: the rules, the targets and the counts, then the verdict.

use crate::decide::{Decision, Judgement, Numbers, Verdict, judge, watched_seconds};
use crate::metrics::{Names, counts, dimension};
use crate::policy::Policy;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::lambda::read_input;
use shared::record::Time;
use shared::routing::{Routing, live_rules};
use shared::targets::{healthy, target_health};
use shared::{Error, Plan};
use tracing::info;

/// The function with its clients and configuration.
pub struct Evaluate {
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub routing: Routing,
    pub policy: Policy,
}

/// The task of the state machine.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub plan: Plan,
    pub flipped_at: Time,
}

/// The verdict with all the numbers behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub verdict: Verdict,
    pub decision: Decision,
    pub reason: String,
    pub numbers: Numbers,
}

impl Evaluate {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let task: Task = read_input(payload)?;
        let active = self
            .routing
            .active(&live_rules(&self.elb, &self.routing.rules).await?);
        let numbers = self.numbers(&task).await?;
        let Judgement {
            verdict,
            decision,
            reason,
        } = judge(&numbers, &active, task.plan.to, &self.policy);
        info!(release = %task.plan.release, ?verdict, ?decision, ?numbers, "{reason}");
        Ok(Answer {
            verdict,
            decision,
            reason,
            numbers,
        })
    }

    async fn numbers(&self, task: &Task) -> Result<Numbers, Error> {
        let target_group = &task.plan.idle.target_group;
        let targets = target_health(&self.elb, target_group).await?;
        let names = self.names(target_group).await?;
        let now = Utc::now();
        let counts = counts(&self.cloudwatch, &names, task.flipped_at, now).await?;
        Ok(Numbers {
            watched_seconds: watched_seconds(task.flipped_at, now),
            requests: counts.requests,
            target_5xx: counts.target_5xx,
            load_balancer_5xx: counts.load_balancer_5xx,
            registered_targets: targets.len(),
            healthy_targets: healthy(&targets),
            unhealthy_targets: targets
                .iter()
                .filter(|target| target.state == "unhealthy")
                .count(),
        })
    }

    /// A target group belongs to one load balancer, so the plan need not name it.
    async fn names(&self, target_group: &str) -> Result<Names, Error> {
        let call = self
            .elb
            .describe_target_groups()
            .target_group_arns(target_group)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeTargetGroups", e))?;
        let group = output
            .target_groups
            .and_then(|groups| groups.into_iter().next());
        let load_balancer = group.and_then(|group| {
            group
                .load_balancer_arns
                .unwrap_or_default()
                .into_iter()
                .next()
        });
        let load_balancer = load_balancer.ok_or_else(|| {
            Error::NotFound(format!(
                "target group {target_group} is on no load balancer, expected the service's one"
            ))
        })?;
        Ok(Names {
            target_group: dimension(target_group),
            load_balancer: dimension(&load_balancer),
        })
    }
}
