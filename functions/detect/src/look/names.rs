//! The names that a revision gives to things that must exist before its tasks can start.

use aws_sdk_ecs::types::{ContainerDefinition, LogDriver};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LogGroup {
    pub name: String,
    /// Where it is, if not in the Region of the tasks.
    pub other_region: Option<String>,
}

/// The CloudWatch log groups that ECS expects to be there; one that it makes itself is none of them.
pub(super) fn log_groups(containers: &[ContainerDefinition], region: &str) -> BTreeSet<LogGroup> {
    let groups = containers.iter().filter_map(|container| {
        let logs = container.log_configuration();
        let logs = logs.filter(|logs| *logs.log_driver() == LogDriver::Awslogs)?;
        let option = |name: &str| logs.options().and_then(|options| options.get(name));
        let made_by_ecs = option("awslogs-create-group").is_some_and(|value| value == "true");
        let name = option("awslogs-group").filter(|_| !made_by_ecs)?.clone();
        let other_region = option("awslogs-region").filter(|it| *it != region);
        Some(LogGroup {
            name,
            other_region: other_region.cloned(),
        })
    });
    groups.collect()
}

/// Where a secret of a container comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Secret {
    /// The ARN of a secret in Secrets Manager, without the key, stage and version that may follow it.
    Managed(String),
    /// The ARN of a parameter of Systems Manager. Anything else may be the secret itself, put into the wrong field: that is
    /// named by its variable.
    Other(String),
}

/// Every secret that the containers and their log drivers read, each once.
pub(super) fn secrets(containers: &[ContainerDefinition]) -> BTreeSet<Secret> {
    let secrets = containers.iter().flat_map(|container| {
        let logs = container.log_configuration();
        let of_logs = logs.map(|logs| logs.secret_options()).unwrap_or_default();
        container.secrets().iter().chain(of_logs)
    });
    secrets
        .map(|it| secret(it.name(), it.value_from()))
        .collect()
}

fn secret(variable: &str, value_from: &str) -> Secret {
    let parts: Vec<&str> = value_from.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "secretsmanager", _, _, "secret", _, ..] => {
            Secret::Managed(parts[..7].join(":"))
        }
        ["arn", _, "ssm", ..] => Secret::Other(value_from.to_owned()),
        _ => Secret::Other(format!("secret {variable}")),
    }
}

/// The Region of an ARN: `arn:PARTITION:SERVICE:REGION:...`
pub(super) fn region_of(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
