//! Observes both environments: the live rules, the services, their target groups and tasks.

use super::observer::Observer;
use aws_sdk_ecs::types::{DesiredStatus, Service};
use aws_sdk_elasticloadbalancingv2::types::TargetGroup;
use shared::config::Settings;
use shared::ecs::{self, ServiceName, TasksOf};
use shared::routing::{LiveRule, live_rules};
use shared::targets::{TargetHealth, target_health};
use shared::{Digest, Environment, Error, PerEnvironment, Refusal};
use std::collections::BTreeSet;

/// Both environments as they were observed at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// The environment that gets all traffic, or why that cannot be said.
    pub active: Result<Environment, Refusal>,
    pub rules: Vec<LiveRule>,
    pub environments: PerEnvironment<EnvironmentObservation>,
}

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

impl EnvironmentObservation {
    /// The digest that all tasks run; none where they run several, or where there is no task.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        match self.digests.as_slice() {
            [digest] => Some(digest),
            _ => None,
        }
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
    let names = arn.split_once(":service/");
    let names = names.and_then(|(_, names)| names.split_once('/'));
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

/// Observes everything side by side: nothing here needs another answer, but for the tasks of a service, which are listed
/// before they are described.
///
/// # Errors
/// The named errors of all these calls, and `NotFound` where a rule or a target group does not exist.
pub(crate) async fn observe(observer: &Observer) -> Result<Snapshot, Error> {
    // On the heap: whoever observes would carry the state of all these calls on its own stack.
    let (rules, groups, blue, green) = tokio::try_join!(
        Box::pin(live_rules(&observer.elb, &observer.routing.rule_arns)),
        Box::pin(groups(observer)),
        Box::pin(observe_one(observer, Environment::Blue)),
        Box::pin(observe_one(observer, Environment::Green)),
    )?;
    let with_group = |it: EnvironmentObservation| {
        let is_its = |group: &&TargetGroup| group.target_group_arn() == Some(&it.target_group);
        EnvironmentObservation {
            group: groups.iter().find(is_its).cloned(),
            ..it
        }
    };
    Ok(Snapshot {
        active: observer.routing.active_environment(&rules),
        rules,
        environments: PerEnvironment {
            blue: with_group(blue),
            green: with_group(green),
        },
    })
}

/// An environment without its target group, which one call reads for both.
async fn observe_one(
    observer: &Observer,
    environment: Environment,
) -> Result<EnvironmentObservation, Error> {
    let name = observer.services.get(environment);
    let target_group = observer.routing.target_groups.get(environment);
    let (service, targets, digests) = tokio::try_join!(
        ecs::describe_service(&observer.ecs, name),
        target_health(&observer.elb, target_group),
        digests(observer, name),
    )?;
    Ok(EnvironmentObservation {
        name: name.clone(),
        target_group: target_group.clone(),
        service,
        group: None,
        targets,
        digests,
    })
}

async fn groups(observer: &Observer) -> Result<Vec<TargetGroup>, Error> {
    let arns = Environment::BOTH.map(|it| observer.routing.target_groups.get(it).clone());
    // A parameter may name one group for both; a finding says so.
    let once = BTreeSet::from(arns).into_iter().collect();
    let call = observer.elb.describe_target_groups();
    let answer = call.set_target_group_arns(Some(once)).send().await;
    let output = answer
        .map_err(|error| Error::from_sdk("elasticloadbalancing:DescribeTargetGroups", error))?;
    Ok(output.target_groups.unwrap_or_default())
}

async fn digests(observer: &Observer, name: &ServiceName) -> Result<Vec<Digest>, Error> {
    let (client, cluster) = (&observer.ecs, &name.cluster);
    let of_service = TasksOf::Service(&name.service);
    let arns = ecs::list_tasks(client, cluster, of_service, DesiredStatus::Running).await?;
    let tasks = ecs::describe_tasks(client, cluster, &arns).await?;
    let mut digests: Vec<Digest> = tasks
        .iter()
        .flat_map(|task| task.containers())
        .filter(|container| container.name() == Some(observer.container.as_str()))
        .filter_map(|container| ecs::running_digest(container.image(), container.image_digest()))
        .collect();
    digests.sort();
    digests.dedup();
    Ok(digests)
}

#[cfg(test)]
mod tests {
    //! An environment of which only the names are known, for the tests of this crate.

    use super::*;

    impl EnvironmentObservation {
        /// `blue` or `green` of the service `api`, with no service, group, target or task.
        pub(crate) fn test(environment: &str) -> EnvironmentObservation {
            EnvironmentObservation {
                name: ServiceName {
                    cluster: format!("shop-{environment}"),
                    service: "api".to_owned(),
                },
                target_group: format!("tg-{environment}"),
                service: None,
                group: None,
                targets: Vec::new(),
                digests: Vec::new(),
            }
        }
    }
}
