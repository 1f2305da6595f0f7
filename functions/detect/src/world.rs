//! What detect sees of the world: the live rules, both services, their target groups and tasks.

use aws_sdk_ecs::types::Service;
use aws_sdk_elasticloadbalancingv2::types::TargetGroup;
use shared::config::Settings;
use shared::plan::running_digest;
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::{TargetHealth, target_health};
use shared::{Environment, Error, PerEnvironment};

/// The clients and names with which to look.
pub struct World {
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub routing: Routing,
    pub services: PerEnvironment<ServiceName>,
    pub container: String,
}

/// An ECS service by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    pub cluster: String,
    pub service: String,
}

/// Everything that the decision needs, as found at one moment.
#[derive(Clone, Debug)]
pub struct Found {
    /// The environment that gets all traffic, or why that cannot be said.
    pub active: Result<Environment, String>,
    pub rules: Vec<LiveRule>,
    pub sides: PerEnvironment<FoundSide>,
}

/// One environment as found.
#[derive(Clone, Debug)]
pub struct FoundSide {
    pub name: ServiceName,
    pub target_group: String,
    /// None: ECS does not know the service.
    pub service: Option<Service>,
    /// None: ELBv2 does not know the target group.
    pub group: Option<TargetGroup>,
    pub targets: Vec<TargetHealth>,
    /// Digests that the running tasks report for the released container, each once.
    pub digests: Vec<String>,
}

/// Reads `BLUE_SERVICE_ARN` and `GREEN_SERVICE_ARN`.
pub fn services<F: Fn(&str) -> Option<String>>(
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

impl World {
    /// Looks at everything once.
    pub async fn look(&self) -> Result<Found, Error> {
        let rules = live_rules(&self.elb, &self.routing.rules).await?;
        Ok(Found {
            active: self.routing.active(&rules),
            rules,
            sides: PerEnvironment {
                blue: self.side(Environment::Blue).await?,
                green: self.side(Environment::Green).await?,
            },
        })
    }

    async fn side(&self, environment: Environment) -> Result<FoundSide, Error> {
        let name = self.services.get(environment);
        let target_group = self.routing.target_groups.get(environment);
        Ok(FoundSide {
            name: name.clone(),
            target_group: target_group.clone(),
            service: self.service(name).await?,
            group: self.group(target_group).await?,
            targets: target_health(&self.elb, target_group).await?,
            digests: self.digests(name).await?,
        })
    }

    async fn service(&self, name: &ServiceName) -> Result<Option<Service>, Error> {
        let call = self
            .ecs
            .describe_services()
            .cluster(&name.cluster)
            .services(&name.service)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("ecs:DescribeServices", e))?;
        Ok(output
            .services
            .and_then(|services| services.into_iter().next()))
    }

    async fn group(&self, arn: &str) -> Result<Option<TargetGroup>, Error> {
        let call = self
            .elb
            .describe_target_groups()
            .target_group_arns(arn)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("elasticloadbalancing:DescribeTargetGroups", e))?;
        Ok(output
            .target_groups
            .and_then(|groups| groups.into_iter().next()))
    }

    /// A service's tasks share their images, so the first hundred (one page) tell enough.
    async fn digests(&self, name: &ServiceName) -> Result<Vec<String>, Error> {
        let list = self
            .ecs
            .list_tasks()
            .cluster(&name.cluster)
            .service_name(&name.service)
            .send();
        let arns = list
            .await
            .map_err(|e| Error::from_sdk("ecs:ListTasks", e))?
            .task_arns
            .unwrap_or_default();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let call = self
            .ecs
            .describe_tasks()
            .cluster(&name.cluster)
            .set_tasks(Some(arns))
            .send();
        let tasks = call
            .await
            .map_err(|e| Error::from_sdk("ecs:DescribeTasks", e))?
            .tasks
            .unwrap_or_default();
        let mut digests: Vec<String> = tasks
            .iter()
            .flat_map(|task| task.containers())
            .filter(|container| container.name() == Some(self.container.as_str()))
            .filter_map(|container| running_digest(container.image(), container.image_digest()))
            .collect();
        digests.sort();
        digests.dedup();
        Ok(digests)
    }
}
