//! Preflight: what a release could stumble over, found before anything is touched. Each finding says what was found,
//! why it matters and what to do.

mod checks;
mod definition;
mod drift;
mod group;
mod service;

pub use checks::{CHECKS, Check};
pub use definition::{roles, same_but_slot};

use crate::facts::{Facts, Looked};
use crate::images::Known;
use crate::world::Found;
use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::config::Settings;
use shared::record::Record;
use shared::{Environment, Error, Plan};
use std::collections::HashMap;

/// What a finding does to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It stops the release.
    Refusal,
    Warning,
    /// It could not be looked up, or nobody allowed it.
    Unknown,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of its check: what the parameter RefuseOn lists.
    pub name: &'static str,
    pub severity: Severity,
    pub found: String,
    pub matters: &'static str,
    pub todo: &'static str,
}

impl Finding {
    fn new(check: &'static Check, found: String) -> Finding {
        Finding {
            name: check.name,
            severity: check.severity,
            found,
            matters: check.matters,
            todo: check.todo,
        }
    }

    fn unknown(check: &'static Check, reason: &str) -> Finding {
        Finding {
            severity: Severity::Unknown,
            ..Finding::new(check, format!("could not be looked up: {reason}"))
        }
    }

    pub fn tell(&self) -> String {
        format!(
            "{}: {}. {} {}",
            self.name, self.found, self.matters, self.todo
        )
    }
}

/// What the configuration says beside what AWS shows.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Names of checks whose warnings are to stop a release.
    pub refuse_on: Vec<String>,
    /// The roles that the deploy function may pass.
    pub task_roles: Vec<String>,
    pub container: String,
}

impl Rules {
    /// Reads `REFUSE_ON`, `TASK_ROLE_ARNS` and `CONTAINER_NAME`.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Rules, Error> {
        let refuse_on = settings.list_or_none("REFUSE_ON")?;
        if let Some(unknown) = refuse_on.iter().find(|it| Check::named(it).is_none()) {
            let known: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            return Err(Error::InvalidConfiguration(format!(
                "variable REFUSE_ON: expected names of checks ({}), found {unknown}. \
                 Set the stack's parameter RefuseOn.",
                known.join(", ")
            )));
        }
        Ok(Rules {
            refuse_on,
            task_roles: settings.list_or_none("TASK_ROLE_ARNS")?,
            container: settings.required("CONTAINER_NAME")?,
        })
    }
}

/// What every check may look at.
pub struct Seen<'a> {
    pub found: &'a Found,
    /// By digest: what the repository knows of the images that run, and of a new one; one that is gone is absent.
    pub images: &'a Looked<HashMap<String, Known>>,
    pub record: &'a Record,
    pub now: DateTime<Utc>,
}

impl Seen<'_> {
    /// The environment that no rule forwards to, once that is known.
    fn idle(&self) -> Option<Environment> {
        self.found.active.as_ref().ok().map(|it| it.other())
    }
}

/// Everything that speaks against a release of `plan`, refusals first.
pub fn preflight(seen: &Seen<'_>, facts: &Facts, rules: &Rules, plan: &Plan) -> Vec<Finding> {
    let mut findings = drift(seen);
    findings.extend(group::findings(seen, facts, plan));
    findings.extend(service::findings(seen, facts, plan));
    findings.extend(definition::findings(facts, rules, plan));
    findings.extend(drift::image_findings(seen, facts, plan));
    for finding in &mut findings {
        // A sync is the remedy for most of them, so only what it does itself can keep it from its work.
        let remedied = plan.sync && finding.name != checks::ENDS_FLIP_BACK.name;
        let refuses = !remedied && rules.refuse_on.iter().any(|it| it == finding.name);
        if refuses && finding.severity == Severity::Warning {
            finding.severity = Severity::Refusal;
        }
    }
    findings.sort_by_key(|it| {
        (
            it.severity != Severity::Refusal,
            it.severity == Severity::Unknown,
        )
    });
    findings
}

/// How far the environments are from what the pipeline left behind.
pub fn drift(seen: &Seen<'_>) -> Vec<Finding> {
    drift::findings(seen)
}

/// The reasons of all that refuses, if anything does.
pub fn refusal(findings: &[Finding]) -> Option<String> {
    let refusing = findings
        .iter()
        .filter(|it| it.severity == Severity::Refusal);
    let reasons: Vec<String> = refusing.map(Finding::tell).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

#[cfg(test)]
#[path = "preflight_tests.rs"]
mod tests;
