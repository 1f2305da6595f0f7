//! Observes both environments: the live rules, the services, their target groups and tasks.

use aws_sdk_ecs::types::{DesiredStatus, Service};
use aws_sdk_elasticloadbalancingv2::types::TargetGroup;
use shared::config::Settings;
use shared::ecs::{
    ServiceName, TasksOf, describe_service, describe_tasks, list_tasks, running_digest,
};
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::{TargetHealth, target_health};
use shared::{Digest, Environment, Error, PerEnvironment, Refusal};

/// The clients and names with which both environments are observed.
pub(crate) struct EnvironmentReader {
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub routing: Routing,
    pub services: PerEnvironment<ServiceName>,
    /// The container that is released.
    pub container: String,
}

/// Both environments as they were observed at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// The environment that gets all traffic, or why that cannot be said.
    pub active: Result<Environment, Refusal>,
    pub rules: Vec<LiveRule>,
    pub environments: PerEnvironment<EnvironmentObservation>,
}

/// One environment as it was observed.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentObservation {
    pub name: ServiceName,
    /// ARN of its target group.
    pub target_group: String,
    /// None: ECS does not know the service.
    pub service: Option<Service>,
    /// None: ELBv2 does not know the target group.
    pub group: Option<TargetGroup>,
    pub targets: Vec<TargetHealth>,
    /// Digests that the running tasks report for the released container, each once.
    pub digests: Vec<Digest>,
}

impl Snapshot {
    /// Digests that run in either environment.
    pub(crate) fn digests(&self) -> impl Iterator<Item = &Digest> {
        let digests = Environment::BOTH.map(|it| &self.environments.get(it).digests);
        digests.into_iter().flatten()
    }
}

/// Reads `BLUE_SERVICE_ARN` and `GREEN_SERVICE_ARN`.
///
/// # Errors
/// `InvalidConfiguration` where one is missing, or is not the ARN of a service with its cluster.
pub fn service_names<F: Fn(&str) -> Option<String>>(
    settings: &Settings<F>,
) -> Result<PerEnvironment<ServiceName>, Error> {
    let arns = settings.per_environment("SERVICE_ARN")?;
    Ok(PerEnvironment {
        blue: service_name(&arns.blue)?,
        green: service_name(&arns.green)?,
    })
}

fn service_name(arn: &str) -> Result<ServiceName, Error> {
    let names = arn
        .split_once(":service/")
        .and_then(|(_, names)| names.split_once('/'));
    let (cluster, service) = names.ok_or_else(|| {
        Error::InvalidConfiguration(format!(
            "expected the ARN of a service with its cluster (arn:...:service/CLUSTER/SERVICE), found {arn}. \
             Set the stack's parameters BlueServiceArn and GreenServiceArn."
        ))
    })?;
    Ok(ServiceName {
        cluster: cluster.to_owned(),
        service: service.to_owned(),
    })
}

/// Observes everything once.
pub(crate) async fn observe(reader: &EnvironmentReader) -> Result<Snapshot, Error> {
    let rules = live_rules(&reader.elb, &reader.routing.rule_arns).await?;
    Ok(Snapshot {
        active: reader.routing.active_environment(&rules),
        rules,
        environments: PerEnvironment {
            blue: observe_one(reader, Environment::Blue).await?,
            green: observe_one(reader, Environment::Green).await?,
        },
    })
}

async fn observe_one(
    reader: &EnvironmentReader,
    environment: Environment,
) -> Result<EnvironmentObservation, Error> {
    let name = reader.services.get(environment);
    let target_group = reader.routing.target_groups.get(environment);
    Ok(EnvironmentObservation {
        name: name.clone(),
        target_group: target_group.clone(),
        service: describe_service(&reader.ecs, name).await?,
        group: group(&reader.elb, target_group).await?,
        targets: target_health(&reader.elb, target_group).await?,
        digests: digests(reader, name).await?,
    })
}

async fn group(
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    arn: &str,
) -> Result<Option<TargetGroup>, Error> {
    let output = elb
        .describe_target_groups()
        .target_group_arns(arn)
        .send()
        .await
        .map_err(|error| Error::from_sdk("elasticloadbalancing:DescribeTargetGroups", error))?;
    Ok(output.target_groups.unwrap_or_default().into_iter().next())
}

async fn digests(reader: &EnvironmentReader, name: &ServiceName) -> Result<Vec<Digest>, Error> {
    let (ecs, cluster) = (&reader.ecs, &name.cluster);
    let of_service = TasksOf::Service(&name.service);
    let arns = list_tasks(ecs, cluster, of_service, DesiredStatus::Running).await?;
    let tasks = describe_tasks(ecs, cluster, &arns).await?;
    let mut digests: Vec<Digest> = tasks
        .iter()
        .flat_map(|task| task.containers())
        .filter(|container| container.name() == Some(reader.container.as_str()))
        .filter_map(|container| running_digest(container.image(), container.image_digest()))
        .collect();
    digests.sort();
    digests.dedup();
    Ok(digests)
}

#[cfg(test)]
#[path = "environments_tests.rs"]
mod tests;
