//! What the ECS services can carry: healthy targets, circuit breaker, tasks, and the ceiling of autoscaling.

use super::checks::{
    LOW_DESIRED_COUNT, LOW_SCALING_CEILING, NO_CIRCUIT_BREAKER, NO_HEALTHY_TARGET,
};
use super::evidence::{Evidence, Finding};
use crate::look::Facts;
use shared::ReleasePlan;
use shared::targets::healthy_count;

pub(super) fn findings(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Vec<Finding> {
    let (from, to, idle) = (plan.from, plan.to, &plan.idle);
    let needed = plan.active.running.max(plan.active.desired);
    let mut findings = Vec::new();
    let targets = &evidence.environment(from).targets;
    if healthy_count(targets) == 0 {
        let registered = targets.len();
        let found = format!("active {from} has no healthy target (registered: {registered})");
        findings.push(NO_HEALTHY_TARGET.finding(found));
    }
    let service = evidence.environment(to).service.as_ref();
    let breaker = service
        .and_then(|service| service.deployment_configuration())
        .and_then(|deployment| deployment.deployment_circuit_breaker());
    if !breaker.is_some_and(|breaker| breaker.enable()) {
        let found = format!("{to}'s service {} has none", idle.service);
        findings.push(NO_CIRCUIT_BREAKER.finding(found));
    }
    if idle.desired < needed {
        let found = format!("{to} wants {} tasks < {needed} of {from}", idle.desired);
        findings.push(LOW_DESIRED_COUNT.finding(found));
    }
    match facts.ceilings.get(to) {
        Ok(Some(ceiling)) if *ceiling < needed => {
            findings.push(LOW_SCALING_CEILING.finding(format!(
                "{to}'s autoscaling stops at {ceiling} tasks < {needed} of {from}"
            )));
        }
        Ok(_) => {}
        Err(reason) => findings.push(LOW_SCALING_CEILING.unknown(&reason.0)),
    }
    findings
}
