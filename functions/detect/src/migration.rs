//! Migrations: judges the SQL of a step before anything runs, and says how its one-off task is run.

use crate::request::Step;
use crate::world::FoundSide;
use aws_sdk_ecs::types::Service;
use migrations::{Dialect, lint};
use serde_json::{Value, json};
use shared::config::Settings;
use shared::{Error, Migration, excerpt};

/// Characters of a task's group (ECS API reference, RunTask: 255), without the prefix.
const GROUP: usize = 240;

/// What the stack says about migrations.
#[derive(Clone, Debug)]
pub struct Policy {
    pub dialect: Dialect,
    /// Runs with every release that brings no migration of its own.
    pub standing: Option<Step>,
    /// Releases that must have ended stable, one after the other, before a contract step.
    pub stable_releases: u32,
}

impl Policy {
    /// Reads `MIGRATION_COMMAND`, `SQL_DIALECT` and `STABLE_RELEASES`.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Policy, Error> {
        let words = "a JSON list of words, such as [\"bin/migrate\", \"up\"]";
        let command = settings.parsed_or_none("MIGRATION_COMMAND", words)?;
        let standing = command.map(|command: Value| {
            let command = serde_json::from_value(command).map_err(|error| error.to_string());
            let step = command.and_then(|command| Step { command, sql: None }.usable());
            step.map_err(|reason| {
                Error::InvalidConfiguration(format!(
                    "variable MIGRATION_COMMAND: expected {words}: {}. Set the stack's parameter MigrationCommand.",
                    excerpt(&reason)
                ))
            })
        });
        let standing = standing.transpose()?;
        Ok(Policy {
            dialect: settings.parsed("SQL_DIALECT", "postgresql, mysql or sqlite")?,
            standing,
            stable_releases: settings.parsed("STABLE_RELEASES", "a whole number")?,
        })
    }

    /// What must not run in this step, with the reasons.
    pub fn refusal(&self, sql: Option<&str>, step: migrations::Step) -> Option<String> {
        let problems = lint(sql?, self.dialect, step);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        (!told.is_empty())
            .then(|| format!("the SQL must not run in this step: {}", told.join("; ")))
    }
}

/// The one-off task of a step, placed where the tasks of `side` are: there it reaches the database as they do.
pub fn task(step: &Step, side: &FoundSide, container: &str, name: &str) -> Migration {
    let cluster = side.name.cluster.clone();
    let group = group(name);
    let mut run_task = json!({
        "Cluster": cluster,
        "Group": group,
        "Overrides": {"ContainerOverrides": [{"Name": container, "Command": step.command}]},
    });
    let placement = side.service.as_ref().map(placement).unwrap_or_default();
    if let Some(run_task) = run_task.as_object_mut() {
        run_task.extend(placement);
    }
    Migration {
        command: step.command.clone(),
        container: container.to_owned(),
        cluster,
        group,
        run_task,
    }
}

/// Letters, digits, hyphens, slashes and underscores; the name of an execution may hold others.
fn group(name: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let name = name.chars().map(|it| if fits(it) { it } else { '-' });
    let name: String = name.take(GROUP).collect();
    format!("migration:{name}")
}

fn placement(service: &Service) -> serde_json::Map<String, Value> {
    let mut placement = serde_json::Map::new();
    let strategy = service.capacity_provider_strategy();
    if strategy
        .iter()
        .any(|it| it.capacity_provider() == "FARGATE_SPOT")
    {
        // A migration must not be interrupted half-way to save money.
        placement.insert("LaunchType".to_owned(), json!("FARGATE"));
    } else if !strategy.is_empty() {
        let strategy = strategy.iter().map(|it| {
            json!({"CapacityProvider": it.capacity_provider(), "Weight": it.weight(), "Base": it.base()})
        });
        placement.insert("CapacityProviderStrategy".to_owned(), strategy.collect());
    } else if let Some(launch) = service.launch_type() {
        placement.insert("LaunchType".to_owned(), json!(launch.as_str()));
    }
    if let Some(version) = service.platform_version() {
        placement.insert("PlatformVersion".to_owned(), json!(version));
    }
    let network = service
        .network_configuration()
        .and_then(|it| it.awsvpc_configuration());
    if let Some(network) = network {
        let mut vpc =
            json!({"Subnets": network.subnets(), "SecurityGroups": network.security_groups()});
        if let Some(public) = network.assign_public_ip() {
            vpc["AssignPublicIp"] = json!(public.as_str());
        }
        placement.insert(
            "NetworkConfiguration".to_owned(),
            json!({"AwsvpcConfiguration": vpc}),
        );
    }
    placement
}

#[cfg(test)]
#[path = "migration_tests.rs"]
mod tests;
