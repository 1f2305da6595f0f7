//! What decides whether a deployment is steady: what ECS and the load balancer say of the idle service, and what the
//! release expects.

use crate::hidden::Hidden;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{Deployment, DesiredStatus, Service, Task};
use shared::ecs::{
    TasksOf, describe_task_definition, describe_tasks, list_tasks, moving_containers,
};
use shared::targets::{TargetHealth, target_health};
use shared::{Digest, Error, ReleasePlan};

/// A snapshot of the idle service.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// The containers that run the release's image.
    pub containers: Vec<String>,
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
    pub digest: &'a Digest,
    /// Tasks that the update wanted.
    pub desired: i32,
}

impl Rollout {
    /// Takes out what a revision hides: ECS quotes a command that it cannot run and a parameter that it cannot read.
    pub(crate) fn hide(&mut self, hidden: &Hidden) {
        for event in &mut self.events {
            *event = hidden.mask(event);
        }
        for deployment in &mut self.deployments {
            hidden.mask_reason(&mut deployment.rollout_state_reason);
        }
        for task in &mut self.stopped {
            hidden.mask_task(task);
        }
    }
}

impl Expected<'_> {
    /// Whether a task runs our revision.
    pub(crate) fn is_ours(&self, task: &Task) -> bool {
        task.task_definition_arn() == Some(self.task_definition)
    }
}

/// The containers that run the release's image: those that the registration has moved.
///
/// They are told by the revision that the new one was made of, so that one that was left behind is noticed. A revision
/// of the team's own is deployed as it is, and only the released container is known to be pinned there.
async fn released_containers(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<Vec<String>, Error> {
    if plan.task_definition.is_some() {
        return Ok(vec![container.to_owned()]);
    }
    let active = describe_task_definition(ecs, &plan.active.task_definition).await?;
    let moving = moving_containers(&active, container);
    Ok(moving.into_iter().map(str::to_owned).collect())
}

/// Reads all that decides whether the deployment on idle is steady. The service was read before, so that its counts are
/// never newer than what its tasks show.
pub(crate) async fn read_rollout(
    ecs: &Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    plan: &ReleasePlan,
    container: &str,
    service: Service,
) -> Result<Rollout, Error> {
    let idle = &plan.idle;
    let tasks = async |status| {
        let tasks = TasksOf::Service(&idle.service);
        let arns = list_tasks(ecs, &idle.cluster, tasks, status).await?;
        describe_tasks(ecs, &idle.cluster, &arns).await
    };
    // On the heap: together they would be more than a small stack holds.
    let (running, stopped, targets, containers) = tokio::try_join!(
        Box::pin(tasks(DesiredStatus::Running)),
        Box::pin(tasks(DesiredStatus::Stopped)),
        Box::pin(target_health(elb, &idle.target_group)),
        Box::pin(released_containers(ecs, plan, container)),
    )?;
    let events = service.events().iter().filter_map(|event| event.message());
    // A draining target belongs to a task that is on its way out; it says nothing about the new ones.
    let targets = targets.into_iter().filter(|target| !target.is_draining());
    Ok(Rollout {
        containers,
        events: events.map(str::to_owned).collect(),
        running,
        stopped,
        targets: targets.collect(),
        deployments: service.deployments.unwrap_or_default(),
    })
}
