//! The probe: the smoke checks, made again during the watch. What they found is joined with what the load balancer says
//! about the same targets.

use crate::targets::TargetSummary;
use serde::Deserialize;
use shared::targets::{TargetHealth, healthy_count};
use shared::{CheckResult, CheckedTargets, excerpt, listed};
use std::collections::BTreeSet;

/// Failures that a summary has texts of: those of a thousand targets are too long for an answer.
const DESCRIBED: usize = 10;

/// What smoke answered.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Probe {
    #[serde(default)]
    pub targets: CheckedTargets,
    /// Not all of them, where they are many.
    pub results: Vec<CheckResult>,
}

/// Joins both; a target is known by its address. One that is still starting, draining or gone by now does not count,
/// whatever the probe found there.
pub fn summarize(health: &[TargetHealth], probe: &Probe) -> TargetSummary {
    let [passing, failing] =
        [&probe.targets.passing, &probe.targets.failing].map(BTreeSet::from_iter);
    // To the others the load balancer sends nothing.
    let in_service = health
        .iter()
        .filter(|target| !target.is_draining() && !target.is_initial());
    let in_service: Vec<_> = in_service
        .map(|target| (target, target.target.address()))
        .collect();
    let is_probed = |address: &String| passing.contains(address) || failing.contains(address);
    let only_by_load_balancer = !in_service.iter().any(|(_, address)| is_probed(address));
    let asked = in_service.iter().filter(|(target, address)| {
        only_by_load_balancer || target.is_unhealthy() || is_probed(address)
    });
    let fails = asked
        .clone()
        .filter(|(target, address)| target.is_unhealthy() || failing.contains(address));
    let failures = fails
        .clone()
        .take(DESCRIBED)
        .map(|(target, address)| describe(target, address, probe));
    let environment = probe
        .targets
        .failing
        .iter()
        .find(|name| name.contains("://"));
    TargetSummary {
        registered: in_service.len(),
        healthy: healthy_count(health),
        asked: asked.count(),
        failing: fails.count(),
        unhealthy: in_service
            .iter()
            .filter(|(target, _)| target.is_unhealthy())
            .count(),
        failures: failures.collect(),
        environment: environment.map(|url| describe_check(url, probe)),
        probed: !passing.is_empty() || !failing.is_empty(),
    }
}

fn describe(target: &TargetHealth, address: &str, probe: &Probe) -> String {
    if target.is_unhealthy() {
        return excerpt(&format!("{address} is unhealthy: {}", target.reason));
    }
    describe_check(address, probe)
}

/// The check that failed there, as far as it is among the results.
fn describe_check(name: &str, probe: &Probe) -> String {
    let mut results = probe.results.iter();
    let failed = results.find(|it| it.target == name && it.asked && !it.passed);
    let described = failed.map_or_else(|| format!("{name} fails"), CheckResult::describe);
    listed([described], "; ")
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
