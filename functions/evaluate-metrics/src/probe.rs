//! The probe: the smoke checks, made again during the watch. What they found is joined with what the load balancer says
//! about the same targets.

use crate::snapshot::TargetSummary;
use serde::Deserialize;
use shared::CheckResult;
use shared::targets::{TargetHealth, healthy_count};
use std::collections::BTreeMap;

/// What smoke answered.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Probe {
    pub results: Vec<CheckResult>,
}

/// Joins both. A target that is still starting, draining or gone by now does not count, whatever the probe found there.
pub(crate) fn summarize(health: &[TargetHealth], probe: Option<&Probe>) -> TargetSummary {
    let in_service: Vec<_> = health
        .iter()
        .filter(|target| is_in_service(target))
        .collect();
    let mut failing = BTreeMap::new();
    for target in &in_service {
        if target.is_unhealthy() {
            let address = target.target.address();
            let failure = format!("{address} is unhealthy: {}", target.reason);
            failing.insert(address, failure);
        }
    }
    let is_known = |address: &str| in_service.iter().any(|it| it.target.address() == address);
    let results = probe.map_or(&[][..], |probe| &probe.results);
    let mut environment = None;
    for result in results
        .iter()
        .filter(|result| result.asked && !result.passed)
    {
        if is_known(&result.target) {
            let failure = failing.entry(result.target.clone());
            failure.or_insert_with(|| result.describe());
        } else if result.target.contains("://") {
            environment = Some(result.describe());
        }
    }
    TargetSummary {
        registered: in_service.len(),
        healthy: healthy_count(health),
        failing: failing.into_values().collect(),
        environment,
        probed: results.iter().any(|result| result.asked),
    }
}

/// Neither starting nor draining: to those the load balancer sends nothing.
fn is_in_service(target: &TargetHealth) -> bool {
    !target.is_draining() && !target.is_initial()
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
