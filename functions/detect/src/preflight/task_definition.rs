//! What the revision to be deployed names: roles, variables, secrets, log groups; and whether two revisions are alike.

use super::checks::{
    Check, IDLE_DRIFTED, NO_LOG_GROUP, NO_SECRET, ROLE_NOT_PASSABLE, SLOT_IN_VARIABLE,
};
use super::evidence::Finding;
use crate::look::{Facts, NamedResource};
use aws_sdk_ecs::types::TaskDefinition;
use shared::ecs::sort_containers;
use shared::{Environment, ReleasePlan, SLOT_VARIABLE};

pub(super) fn findings(facts: &Facts, passable: &[String], plan: &ReleasePlan) -> Vec<Finding> {
    let definition = match &facts.wanted {
        Ok(definition) => definition,
        Err(reason) => return vec![ROLE_NOT_PASSABLE.unknown(&reason.0)],
    };
    let mut findings = Vec::new();
    if let Err(reason) = &facts.idle {
        findings.push(IDLE_DRIFTED.unknown(&reason.0));
    }
    // A revision of the team's own is deployed as it is, so no role is passed; unless a task of it runs a migration.
    if plan.task_definition.is_none() || plan.migration.is_some() {
        findings.extend(roles(definition, passable));
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
        .map(|role| ROLE_NOT_PASSABLE.finding(format!("the task definition names {role}")))
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
            SLOT_IN_VARIABLE.finding(format!(
                "{} of container {} is {}",
                variable.name().unwrap_or_default(),
                container.name().unwrap_or_default(),
                variable.value().unwrap_or_default()
            ))
        }));
    }
    findings
}

/// What is named and does not exist, or is not known to.
fn missing(check: &'static Check, resources: &[NamedResource]) -> Vec<Finding> {
    let findings = resources.iter().filter_map(|it| match &it.exists {
        Ok(true) => None,
        Ok(false) => Some(check.finding(format!("{} does not exist", it.name))),
        Err(reason) => Some(check.unknown(&format!("{}: {}", it.name, reason.0))),
    });
    findings.collect()
}

/// Whether two revisions differ in nothing but the slot they give their tasks, and in what ECS writes about them.
///
/// The image of the released `container` is compared by what runs, not by how it is written.
pub(crate) fn same_but_slot(one: &TaskDefinition, other: &TaskDefinition, container: &str) -> bool {
    normalized(one, container) == normalized(other, container)
}

fn normalized(definition: &TaskDefinition, released: &str) -> TaskDefinition {
    let mut normalized = definition.clone();
    normalized.task_definition_arn = None;
    normalized.revision = 0;
    (normalized.registered_at, normalized.registered_by) = (None, None);
    normalized.deregistered_at = None;
    normalized.status = None;
    (normalized.requires_attributes, normalized.compatibilities) = (None, None);
    let containers = normalized.container_definitions.get_or_insert_default();
    for container in containers.iter_mut() {
        if container.name() == Some(released) {
            container.image = None;
        }
        let variables = container.environment.get_or_insert_default();
        variables.retain(|variable| variable.name() != Some(SLOT_VARIABLE));
    }
    sort_containers(containers);
    normalized
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fits) in [
            ("role/a", "role/a", true),
            ("role/a", "role/ab", false),
            ("role/shop-*", "role/shop-api", true),
            ("role/shop-*", "role/shop-", true),
            ("role/shop-*-task", "role/shop-api-task", true),
            ("role/shop-*-task", "role/shop-api-role", false),
            ("*", "", true),
            ("role/*", "user/a", false),
        ] {
            assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
        }
    }
}
