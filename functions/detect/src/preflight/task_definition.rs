//! What the revision to be deployed names: roles, secrets, log groups, containers; and whether two revisions are alike.

use super::checks::{Check, IDLE_DRIFTED, NO_LOG_GROUP, NO_SECRET, ROLE_NOT_PASSABLE};
use super::evidence::{Evidence, Finding};
use super::{compatibility, containers, exposed, slots};
use crate::look::{Facts, NamedResource};
use aws_sdk_ecs::types::TaskDefinition;
use serde_json::Value;
use shared::ecs::RevisionContent;
use shared::{MigrationTask, ReleasePlan, SLOT_VARIABLE, pattern};

pub(super) fn findings(
    evidence: &Evidence<'_>,
    facts: &Facts,
    passable: &[String],
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let definition = match &facts.wanted {
        Ok(revision) => &revision.definition,
        Err(reason) => return vec![ROLE_NOT_PASSABLE.unknown(&reason.0)],
    };
    let mut findings = Vec::new();
    if let Err(reason) = &facts.idle {
        findings.push(IDLE_DRIFTED.unknown(&reason.0));
    }
    // Also of a revision of the team's own: nobody passes its roles then, but its tasks run with them.
    findings.extend(roles(definition, plan.migration.as_ref(), passable));
    findings.extend(compatibility::findings(evidence, definition, plan.to));
    findings.extend(containers::findings(evidence, definition, plan));
    findings.extend(slots::findings(definition));
    findings.extend(exposed::findings(definition));
    findings.extend(missing(NO_LOG_GROUP, &facts.log_groups));
    findings.extend(missing(NO_SECRET, &facts.secrets));
    findings
}

/// The roles that a revision, and the volumes of a migration's task, name and that are not the stack's to pass.
pub(crate) fn roles(
    definition: &TaskDefinition,
    migration: Option<&MigrationTask>,
    passable: &[String],
) -> Vec<Finding> {
    let named = [definition.task_role_arn(), definition.execution_role_arn()];
    // An empty name is none.
    let named = named.into_iter().flatten().filter(|role| !role.is_empty());
    let named = named.map(|role| ("the task definition".to_owned(), role));
    let volumes = migration.map(|it| it.run_task.volume_configurations.iter());
    let of_volumes = volumes.into_iter().flatten().filter_map(|volume| {
        let role = &volume.managed_ebs_volume.as_ref()?.role_arn;
        let who = format!("volume {} of the migration's task", volume.name);
        Some((who, role.as_str()))
    });
    let mut roles: Vec<(String, &str)> = named.chain(of_volumes).collect();
    roles.dedup();
    let others = roles.into_iter().filter(|(_, role)| {
        let by_name = format!(":role/{role}");
        let mut passable = passable.iter();
        !passable.any(|it| pattern::matches(it, role) || it.ends_with(&by_name))
    });
    others
        .map(|(who, role)| ROLE_NOT_PASSABLE.finding(format!("{who} names {role}")))
        .collect()
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

/// Whether two revisions differ in nothing but the slot they give their tasks, and in what ECS writes about them. What
/// the SDK does not know counts as well.
///
/// The image of the released `container`, and of those that move with it, is compared by what runs, not by how it is
/// written: so it has to be the same containers that move.
pub(crate) fn same_but_slot(
    one: &RevisionContent,
    other: &RevisionContent,
    container: &str,
) -> bool {
    without_slot(one, container) == without_slot(other, container)
}

fn without_slot(content: &RevisionContent, released: &str) -> RevisionContent {
    let moving = content.moving_containers(released);
    let mut without = content.clone();
    for container in without.containers_mut() {
        let name = container.get("name").and_then(Value::as_str);
        if name.is_some_and(|name| moving.contains(&name)) {
            container.remove("image");
        }
        let variables = container.remove("environment").unwrap_or_default();
        let variables = variables.as_array().into_iter().flatten();
        let others = variables.filter(|variable| variable["name"] != SLOT_VARIABLE);
        let others = others.cloned().collect();
        container.insert("environment".to_owned(), others);
    }
    without
}
