//! What decides whether a deployment is steady: what ECS and the load balancer say of the idle service, and what the
//! release expects.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{Deployment, DesiredStatus, Service, Task};
use shared::ecs::{ServiceName, TasksOf, describe_service, describe_tasks, list_tasks};
use shared::targets::{TargetHealth, target_health};
use shared::{Digest, EnvironmentSnapshot, Error};

/// A snapshot of the idle service.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    pub deployments: Vec<Deployment>,
    /// Messages of the service, newest first.
    pub events: Vec<String>,
    /// Tasks that ECS wants to run; some may still be starting.
    pub running: Vec<Task>,
    pub stopped: Vec<Task>,
    /// Registered targets without those that are draining.
    pub targets: Vec<TargetHealth>,
}

/// What the release waits for.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// The id of our deployment.
    pub deployment: &'a str,
    /// ARN of our revision.
    pub task_definition: &'a str,
    /// The container whose image is released.
    pub container: &'a str,
    pub digest: &'a Digest,
    /// Tasks that the update wanted.
    pub desired: i32,
}

impl Expected<'_> {
    /// Whether a task runs our revision.
    pub(crate) fn is_ours(&self, task: &Task) -> bool {
        task.task_definition_arn() == Some(self.task_definition)
    }
}

/// Reads the service of an environment; `NotFound` where ECS does not know it.
pub(crate) async fn read_service(
    ecs: &Client,
    environment: &EnvironmentSnapshot,
) -> Result<Service, Error> {
    let name = ServiceName::from(environment);
    let found = describe_service(ecs, &name).await?;
    let ServiceName { cluster, service } = name;
    let missing = format!("cluster {cluster} has no service {service} any more");
    found.ok_or(Error::NotFound(missing))
}

/// Reads all that decides whether the deployment on `idle` is steady.
pub(crate) async fn read_rollout(
    ecs: &Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    idle: &EnvironmentSnapshot,
) -> Result<Rollout, Error> {
    let service = read_service(ecs, idle).await?;
    let tasks = async |status| {
        let tasks = TasksOf::Service(&idle.service);
        let arns = list_tasks(ecs, &idle.cluster, tasks, status).await?;
        describe_tasks(ecs, &idle.cluster, &arns).await
    };
    let events = service.events().iter().filter_map(|event| event.message());
    Ok(Rollout {
        events: events.map(str::to_owned).collect(),
        deployments: service.deployments.unwrap_or_default(),
        running: tasks(DesiredStatus::Running).await?,
        stopped: tasks(DesiredStatus::Stopped).await?,
        // A draining target belongs to a task that is on its way out; it says nothing about the new ones.
        targets: target_health(elb, &idle.target_group)
            .await?
            .into_iter()
            .filter(|target| !target.is_draining())
            .collect(),
    })
}
