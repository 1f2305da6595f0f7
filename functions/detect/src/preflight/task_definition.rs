//! What the revision to be deployed names: roles, variables, secrets, log groups.

use super::checks::{
    Check, IDLE_DRIFTED, NO_LOG_GROUP, NO_SECRET, ROLE_NOT_PASSABLE, SLOT_IN_VARIABLE,
};
use super::finding::Finding;
use super::policy::PreflightPolicy;
use crate::look::{Facts, NamedResource};
use aws_sdk_ecs::types::TaskDefinition;
use shared::{Environment, ReleasePlan, SLOT_VARIABLE};

pub(super) fn findings(
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let definition = match &facts.wanted {
        Ok(definition) => definition,
        Err(reason) => return vec![Finding::unknown(ROLE_NOT_PASSABLE, reason)],
    };
    let mut findings = Vec::new();
    if let Err(reason) = &facts.idle {
        findings.push(Finding::unknown(IDLE_DRIFTED, reason));
    }
    // A revision of the team's own is deployed as it is, so no role is passed; unless a task of it runs a migration.
    if plan.task_definition.is_none() || plan.migration.is_some() {
        findings.extend(roles(definition, &policy.passable_roles));
    }
    findings.extend(slots(definition));
    findings.extend(missing(NO_LOG_GROUP, &facts.log_groups));
    findings.extend(missing(NO_SECRET, &facts.secrets));
    findings
}

/// The roles that a revision names and nobody here may pass.
pub(crate) fn roles(definition: &TaskDefinition, passable: &[String]) -> Vec<Finding> {
    let roles = [definition.task_role_arn(), definition.execution_role_arn()];
    let mut roles: Vec<&str> = roles.into_iter().flatten().collect();
    roles.dedup();
    let others = roles.into_iter().filter(|role| {
        let by_name = format!(":role/{role}");
        let mut passable = passable.iter();
        !passable.any(|it| matches_pattern(it, role) || it.ends_with(&by_name))
    });
    others
        .map(|role| {
            let found = format!("the task definition names {role}");
            Finding::new(ROLE_NOT_PASSABLE, found)
        })
        .collect()
}

/// Whether a name fits a pattern of IAM's, in which a star stands for anything.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let rest = name.strip_prefix(before);
    rest.is_some_and(|rest| {
        let mut ends = rest.char_indices().map(|(at, _)| &rest[at..]);
        ends.any(|end| matches_pattern(after, end)) || matches_pattern(after, "")
    })
}

fn slots(definition: &TaskDefinition) -> Vec<Finding> {
    let is_slot = |value: &str| {
        let mut names = Environment::BOTH.into_iter();
        names.any(|it| value.eq_ignore_ascii_case(it.name()))
    };
    let mut findings = Vec::new();
    for container in definition.container_definitions() {
        let variables = container.environment().iter();
        let suspicious = variables.filter(|variable| {
            variable.name() != Some(SLOT_VARIABLE) && variable.value().is_some_and(is_slot)
        });
        findings.extend(suspicious.map(|variable| {
            let found = format!(
                "{} of container {} is {}",
                variable.name().unwrap_or_default(),
                container.name().unwrap_or_default(),
                variable.value().unwrap_or_default()
            );
            Finding::new(SLOT_IN_VARIABLE, found)
        }));
    }
    findings
}

/// What is named and does not exist, or is not known to.
fn missing(check: &'static Check, resources: &[NamedResource]) -> Vec<Finding> {
    let findings = resources.iter().filter_map(|it| match &it.exists {
        Ok(true) => None,
        Ok(false) => Some(Finding::new(check, format!("{} does not exist", it.name))),
        Err(reason) => {
            let reason = format!("{}: {}", it.name, reason.0);
            Some(Finding::unknown(check, &reason.into()))
        }
    });
    findings.collect()
}

#[cfg(test)]
#[path = "task_definition_tests.rs"]
mod tests;
