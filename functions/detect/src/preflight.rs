//! Preflight: what a release could stumble over, found before anything is touched. Each finding says what was found,
//! why it matters and what to do. Everything here is pure.
//!
//! A new check needs a line in `checks`, and a finding in the file that has its facts.

mod balancer;
mod checks;
mod drift;
mod evidence;
mod image;
mod policy;
mod service;
mod task_definition;

pub use checks::{CHECKS, Check, Severity};
pub use evidence::Finding;
pub use policy::PreflightPolicy;

pub(crate) use drift::drift;
pub(crate) use evidence::Evidence;
pub(crate) use task_definition::{roles, same_but_slot};

use crate::look::Facts;
use shared::{Refusal, ReleasePlan};

/// Everything that speaks against a release of `plan`, refusals first, and last what could not be looked up.
pub(crate) fn preflight(
    evidence: &Evidence<'_>,
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let mut findings = drift(evidence);
    findings.extend(balancer::findings(evidence, facts, plan));
    findings.extend(service::findings(evidence, facts, plan));
    findings.extend(task_definition::findings(
        facts,
        &policy.passable_roles,
        plan,
    ));
    findings.extend(image::findings(evidence, facts, plan));
    for finding in &mut findings {
        if finding.severity == Severity::Warning && policy.refuses(finding.name, plan.sync) {
            finding.severity = Severity::Refusal;
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Refuses with the reasons of all findings that refuse.
pub(crate) fn may_pass(findings: &[Finding]) -> Result<(), Refusal> {
    let reasons = described(findings, Severity::Refusal);
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons.join("; ").into())
    }
}

/// The findings of one severity, for a person.
pub(crate) fn described(findings: &[Finding], severity: Severity) -> Vec<String> {
    let findings = findings.iter().filter(|it| it.severity == severity);
    findings.map(Finding::describe).collect()
}
