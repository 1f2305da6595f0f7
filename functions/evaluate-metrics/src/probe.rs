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
    // To the others the load balancer sends nothing.
    let in_service = |target: &&TargetHealth| !target.is_draining() && !target.is_initial();
    let in_service: Vec<_> = health.iter().filter(in_service).collect();
    let unhealthy = in_service.iter().filter(|target| target.is_unhealthy());
    let mut failing: BTreeMap<_, _> = unhealthy
        .map(|TargetHealth { target, reason, .. }| {
            let address = target.address();
            (address.clone(), format!("{address} is unhealthy: {reason}"))
        })
        .collect();
    let is_known = |address: &str| in_service.iter().any(|it| it.target.address() == address);
    let results = probe.map_or(&[][..], |probe| &probe.results);
    let mut environment = None;
    let failed = results
        .iter()
        .filter(|result| result.asked && !result.passed);
    for result in failed {
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

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
