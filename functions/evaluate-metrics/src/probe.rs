//! The probe: the smoke checks, made again on the targets that are live. What it found is read together with what the
//! load balancer says of the same targets.

use crate::seen::Targets;
use serde::Deserialize;
use shared::targets::{TargetHealth, healthy};
use std::collections::BTreeMap;

/// What smoke answered; none where it could not be asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Probe {
    pub results: Vec<Result>,
}

/// One check on one target.
#[derive(Clone, Debug, Deserialize)]
pub struct Result {
    pub check: String,
    /// `HOST:PORT`, or the environment's base URL.
    pub target: String,
    pub passed: bool,
    /// False where the time was over: that is no failure.
    pub asked: bool,
    pub expected: String,
    pub found: String,
}

impl Result {
    fn failure(&self) -> Option<String> {
        let Result {
            check,
            target,
            expected,
            found,
            ..
        } = self;
        (self.asked && !self.passed)
            .then(|| format!("{check} on {target}: expected {expected}, found {found}"))
    }
}

/// Joins both. A target that is still starting, draining or gone by now does not count, whatever the probe found there.
pub fn targets(health: &[TargetHealth], probe: Option<&Probe>) -> Targets {
    let staying: Vec<_> = health.iter().filter(|it| counts(it)).collect();
    let names: Vec<_> = staying.iter().map(|it| it.target.name()).collect();
    let mut failing = BTreeMap::new();
    for (it, name) in staying
        .iter()
        .zip(&names)
        .filter(|(it, _)| it.state == "unhealthy")
    {
        failing.insert(name, format!("{name} is unhealthy: {}", it.reason));
    }
    let results = probe.map(|it| it.results.as_slice()).unwrap_or_default();
    let mut environment = None;
    for (result, failure) in results.iter().filter_map(|it| Some((it, it.failure()?))) {
        match names.iter().find(|name| **name == result.target) {
            Some(name) => _ = failing.entry(name).or_insert(failure),
            None if result.target.contains("://") => environment = Some(failure),
            None => {}
        }
    }
    Targets {
        registered: staying.len(),
        healthy: healthy(health),
        failing: failing.into_values().collect(),
        environment,
        probed: results.iter().any(|it| it.asked),
    }
}

/// Neither on its way out nor on its way in: the load balancer sends nothing to those.
fn counts(it: &TargetHealth) -> bool {
    !it.is_draining() && it.state != "initial"
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
