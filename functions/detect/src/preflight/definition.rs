//! What the revision to be deployed names: roles, variables, secrets, log groups.

use super::checks::{IDLE_DRIFTED, NO_LOG_GROUP, NO_SECRET, ROLE_NOT_PASSABLE, SLOT_IN_VARIABLE};
use super::{Finding, Rules};
use crate::facts::{Facts, Looked};
use aws_sdk_ecs::types::{ContainerDefinition, TaskDefinition};
use shared::{Environment, Plan, SLOT_VARIABLE};

pub fn findings(facts: &Facts, rules: &Rules, plan: &Plan) -> Vec<Finding> {
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
        findings.extend(roles(definition, &rules.task_roles));
    }
    findings.extend(slots(definition));
    findings.extend(missing(NO_LOG_GROUP, &facts.log_groups));
    findings.extend(missing(NO_SECRET, &facts.secrets));
    findings
}

/// The roles that a revision names and nobody here may pass.
pub fn roles(definition: &TaskDefinition, passable: &[String]) -> Vec<Finding> {
    let roles = [definition.task_role_arn(), definition.execution_role_arn()];
    let mut roles: Vec<&str> = roles.into_iter().flatten().collect();
    roles.dedup();
    let others = roles.into_iter().filter(|role| {
        let is = |it: &String| like(it, role) || it.ends_with(&format!(":role/{role}"));
        !passable.iter().any(is)
    });
    others
        .map(|role| {
            Finding::new(
                ROLE_NOT_PASSABLE,
                format!("the task definition names {role}"),
            )
        })
        .collect()
}

/// Whether a name fits a pattern of IAM's, in which a star stands for anything.
fn like(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let rest = name.strip_prefix(before);
    rest.is_some_and(|rest| {
        rest.char_indices().any(|(at, _)| like(after, &rest[at..])) || like(after, "")
    })
}

fn slots(definition: &TaskDefinition) -> Vec<Finding> {
    let slot = |value: &str| {
        Environment::BOTH
            .into_iter()
            .any(|it| value.eq_ignore_ascii_case(it.name()))
    };
    let containers = definition.container_definitions().iter();
    let variables = containers.flat_map(|container| {
        let variables = container.environment().iter();
        variables.map(|it| (container.name().unwrap_or_default(), it))
    });
    let suspicious = variables.filter(|(_, variable)| {
        variable.name() != Some(SLOT_VARIABLE) && variable.value().is_some_and(slot)
    });
    let found = suspicious.map(|(container, variable)| {
        let (name, value) = (variable.name(), variable.value());
        format!(
            "{} of container {container} is {}",
            name.unwrap_or_default(),
            value.unwrap_or_default()
        )
    });
    found.map(|it| Finding::new(SLOT_IN_VARIABLE, it)).collect()
}

/// What was looked for by name: there or not, or not to be known.
fn missing(check: &'static super::Check, looked: &[(String, Looked<bool>)]) -> Vec<Finding> {
    let found = looked.iter().filter_map(|(name, looked)| match looked {
        Ok(true) => None,
        Ok(false) => Some(Finding::new(check, format!("{name} does not exist"))),
        Err(reason) => Some(Finding::unknown(check, &format!("{name}: {reason}"))),
    });
    found.collect()
}

/// Whether two revisions differ in nothing but the slot they tell their tasks, and in what ECS writes about them.
///
/// The image of the released `container` is compared by what runs, not by how it is written.
pub fn same_but_slot(one: &TaskDefinition, other: &TaskDefinition, container: &str) -> bool {
    bare(one, container) == bare(other, container)
}

fn bare(definition: &TaskDefinition, released: &str) -> TaskDefinition {
    let mut bare = definition.clone();
    bare.task_definition_arn = None;
    bare.revision = 0;
    (bare.registered_at, bare.registered_by) = (None, None);
    bare.deregistered_at = None;
    (bare.status, bare.requires_attributes, bare.compatibilities) = (None, None, None);
    let mut containers = bare.container_definitions.take().unwrap_or_default();
    for container in &mut containers {
        if container.name() == Some(released) {
            container.image = None;
        }
        in_order(container);
    }
    containers.sort_by(|a, b| a.name().cmp(&b.name()));
    bare.container_definitions = Some(containers);
    bare
}

fn in_order(container: &mut ContainerDefinition) {
    let variables = container.environment.get_or_insert_default();
    variables.retain(|it| it.name() != Some(SLOT_VARIABLE));
    variables.sort_by(|a, b| a.name().cmp(&b.name()));
    container
        .secrets
        .get_or_insert_default()
        .sort_by(|a, b| a.name().cmp(b.name()));
}

#[cfg(test)]
mod tests {
    use super::like;

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
            assert_eq!(like(pattern, name), fits, "{pattern} {name}");
        }
    }
}
