//! Migrations: judges the SQL of a step before anything runs, and says how its one-off task is run.

mod volumes;

use super::commands::{CommandsFrom, WORDS, standing};
use crate::look::EnvironmentObservation;
use crate::preflight::problems;
use crate::request::MigrationStep;
use aws_sdk_ecs::types::{LaunchType, Service};
use migrations::{Dialect, Report, Severity, Step, review};
use shared::config::Settings;
use shared::run_task::{self, CapacityProvider, NetworkConfiguration, RunTask};
use shared::{Error, MigrationTask, Refusal, ReleaseId, listed};

/// Characters of a task's group (ECS API reference, RunTask: 255), without the prefix.
const GROUP: usize = 240;

/// What the stack says about migrations.
#[derive(Clone, Debug)]
pub struct MigrationPolicy {
    /// How the SQL of a request is read.
    pub dialect: Dialect,
    pub commands_from: CommandsFrom,
    /// Runs with every release that brings no migration of its own; default: none.
    pub standing: Option<MigrationStep>,
    /// Runs in a contract step that brings no command of its own; default: none.
    pub contract: Option<MigrationStep>,
    /// Releases that must have ended stable, one after the other, before a contract step.
    pub stable_releases_before_contract: u32,
}

impl MigrationPolicy {
    /// Reads `COMMANDS_FROM`, `MIGRATION_COMMAND`, `CONTRACT_COMMAND`, `SQL_DIALECT` and
    /// `STABLE_RELEASES_BEFORE_CONTRACT`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or wrong, or the stack has a command that nobody may run.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<MigrationPolicy, Error> {
        let commands_from = settings.named("COMMANDS_FROM", "nobody, stack or request")?;
        let migration = settings.parsed_or_none("MIGRATION_COMMAND", WORDS)?;
        let contract = settings.parsed_or_none("CONTRACT_COMMAND", WORDS)?;
        let has_one = migration.is_some() || contract.is_some();
        if has_one && commands_from == CommandsFrom::Nobody {
            return Err(Error::InvalidConfiguration(
                "variable COMMANDS_FROM: nobody lets no command run, found one in MIGRATION_COMMAND or CONTRACT_COMMAND. \
                 Empty the stack's parameters MigrationCommand and ContractCommand, or set CommandsFrom to stack."
                    .to_owned(),
            ));
        }
        Ok(MigrationPolicy {
            commands_from,
            standing: standing(migration, "MigrationCommand")?,
            contract: standing(contract, "ContractCommand")?,
            stable_releases_before_contract: settings
                .parsed("STABLE_RELEASES_BEFORE_CONTRACT", "a whole number")?,
            dialect: settings.parsed("SQL_DIALECT", "postgresql, mysql or sqlite")?,
        })
    }

    /// The command of a contract step: the request's own, if it may run, or else the stack's; and what the linter says of
    /// its SQL.
    pub(super) fn contract_step<'a>(
        &'a self,
        own: Option<&'a MigrationStep>,
    ) -> Result<(&'a MigrationStep, Report), Refusal> {
        let sql = self.judge(own, Step::Contract)?;
        let step = own.or(self.contract.as_ref());
        let step = step.ok_or_else(|| self.commands_from.no_contract())?;
        Ok((step, sql))
    }

    /// Refuses a request's command where it may bring none, and its SQL where that must not run in such a step, with the
    /// reasons. Says what else the linter says of the SQL.
    pub(super) fn judge(&self, own: Option<&MigrationStep>, kind: Step) -> Result<Report, Refusal> {
        let Some(own) = own else {
            return Ok(Report::default());
        };
        self.commands_from.allow_own()?;
        let sql = own.sql.as_deref();
        let report = sql.map_or_else(Report::default, |sql| review(sql, self.dialect, kind));
        if report.count(Severity::Danger) == 0 {
            return Ok(report);
        }
        let dangers = listed(problems(&report, Severity::Danger), "; ");
        Err(format!("the SQL must not run in this step: {dangers}").into())
    }
}

/// The one-off task of a step, placed where the tasks of this environment are: there it reaches the database as they do.
pub(super) fn migration_task(
    step: &MigrationStep,
    environment: &EnvironmentObservation,
    container: &str,
    release: &ReleaseId,
) -> MigrationTask {
    let cluster = environment.name.cluster.clone();
    let group = group(release);
    let command = run_task::ContainerOverride {
        name: container.to_owned(),
        command: step.command.clone(),
    };
    let service = environment.service.as_ref();
    MigrationTask {
        command: step.command.clone(),
        container: container.to_owned(),
        run_task: RunTask {
            cluster: cluster.clone(),
            group: group.clone(),
            overrides: run_task::Overrides {
                container_overrides: vec![command],
            },
            ..service.map(placement).unwrap_or_default()
        },
        cluster,
        group,
    }
}

/// Letters, digits, hyphens, slashes and underscores; the name of an execution may hold others.
fn group(release: &ReleaseId) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let mut name = release.as_str().replace(|it| !fits(it), "-");
    name.truncate(GROUP);
    format!("migration:{name}")
}

/// Where the tasks of a service run, and with which volumes.
fn placement(service: &Service) -> RunTask {
    let (launch_type, capacity_provider_strategy) = capacity(service);
    RunTask {
        launch_type,
        capacity_provider_strategy,
        platform_version: service.platform_version().map(str::to_owned),
        network_configuration: network(service),
        volume_configurations: volumes::configurations(service),
        ..RunTask::default()
    }
}

/// The launch type, or the strategy that takes its place.
fn capacity(service: &Service) -> (Option<String>, Vec<CapacityProvider>) {
    let strategy = service.capacity_provider_strategy();
    let mut providers = strategy.iter().map(|it| it.capacity_provider());
    if providers.any(|it| it == "FARGATE_SPOT") {
        // A migration must not be interrupted half-way to save money.
        return (Some(LaunchType::Fargate.to_string()), Vec::new());
    }
    let launch_type = service.launch_type().filter(|_| strategy.is_empty());
    let providers = strategy.iter().map(|provider| CapacityProvider {
        capacity_provider: provider.capacity_provider().to_owned(),
        weight: provider.weight(),
        base: provider.base(),
    });
    (launch_type.map(ToString::to_string), providers.collect())
}

fn network(service: &Service) -> Option<NetworkConfiguration> {
    let vpc = service.network_configuration()?.awsvpc_configuration()?;
    Some(NetworkConfiguration {
        awsvpc_configuration: run_task::AwsvpcConfiguration {
            subnets: vpc.subnets().to_vec(),
            security_groups: vpc.security_groups().to_vec(),
            assign_public_ip: vpc.assign_public_ip().map(ToString::to_string),
        },
    })
}

#[cfg(test)]
#[path = "migration_tests.rs"]
mod tests;
