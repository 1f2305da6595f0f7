//! Preflight: what a release could stumble over, found before anything is touched. Each finding says what was found,
//! why it matters and what to do. Everything here is pure.
//!
//! A new check needs a line in `checks`, and a finding in the file that has its facts.

mod attachment;
mod balancer;
mod checks;
mod compatibility;
mod containers;
mod drift;
mod evidence;
mod exposed;
mod image;
mod policy;
mod reach;
mod registration;
mod registry;
mod rollback_alarm;
mod rules;
mod service;
mod shown;
mod slots;
mod sql;
mod steps;
mod strategy;
mod task_definition;
mod twice;
mod waits;

pub use checks::{CHECKS, Check, Severity};
pub use evidence::Finding;
pub use policy::PreflightPolicy;

pub(crate) use drift::drift;
pub(crate) use evidence::{Evidence, describe};
pub(crate) use registry::{pending_scan, waits_for_signature};
pub(crate) use shown::shown;
pub(crate) use sql::problems;
pub(crate) use task_definition::{roles, same_but_slot};

use crate::look::Facts;
use migrations::Report;
use shared::{Refusal, ReleasePlan, within};

/// Characters that all refusing checks together may say in full.
pub(crate) const REASON: usize = 6000;

/// The same for all warnings of a plan.
const WARNINGS: usize = 16_000;

/// Everything that speaks against a release of `plan`, refusals first, and last what could not be looked up.
pub(crate) fn preflight(
    evidence: &Evidence<'_>,
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let mut findings = wiring(evidence, facts, policy, plan);
    findings.extend(drift(evidence));
    findings.extend(steps::findings(evidence));
    findings.extend(balancer::findings(evidence, facts, plan));
    findings.extend(service::findings(evidence, facts, plan));
    let passable = &policy.passable_roles;
    findings.extend(task_definition::findings(evidence, facts, passable, plan));
    findings.extend(image::findings(evidence, facts, plan));
    findings.extend(registry::findings(evidence, facts, plan));
    findings.extend(waits::findings(evidence, facts, plan));
    findings.extend(sql::findings(evidence.sql));
    policy.refuse_warnings(&mut findings, plan.sync);
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// What is found in the SQL of a contract step, which has no plan.
pub(crate) fn of_contract(sql: &Report, policy: &PreflightPolicy) -> Vec<Finding> {
    let mut findings = sql::findings(sql);
    policy.refuse_warnings(&mut findings, false);
    findings
}

/// How rules, target groups and services belong together: what is wrong here breaks a promise in every release.
fn wiring(
    evidence: &Evidence<'_>,
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let findings = [
        twice::findings(evidence, policy),
        registration::findings(evidence),
        strategy::findings(evidence),
        rules::findings(evidence, facts, policy, plan),
        attachment::findings(evidence, facts, policy, plan),
        reach::findings(evidence, policy),
    ];
    findings.into_iter().flatten().collect()
}

/// Refuses with the reasons of all findings that refuse.
pub(crate) fn may_pass(findings: &[Finding]) -> Result<(), Refusal> {
    let reasons = texts(findings, Severity::Refusal, REASON);
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons.join(" ").into())
    }
}

/// The warnings, for a person: so many that a plan can carry them through all of a release.
pub(crate) fn warnings(findings: &[Finding]) -> Vec<String> {
    texts(findings, Severity::Warning, WARNINGS)
}

fn texts(findings: &[Finding], severity: Severity, room: usize) -> Vec<String> {
    let findings = findings.iter().filter(|it| it.severity == severity);
    within(room, describe(findings))
}
