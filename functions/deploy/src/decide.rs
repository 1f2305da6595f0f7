//! How many tasks the idle side needs, whether a deployment is there already, and whether it is steady.

use crate::why::{failure, states, stopped};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, Task};
use shared::plan::running_digest;
use shared::targets::{Target, TargetHealth, healthy};

/// What the update of the idle service has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// Our revision is being deployed, or is there, with enough tasks.
    Already {
        deployment: String,
        desired: i32,
    },
    Needed {
        desired: i32,
    },
}

/// Decides the update. Capacity is what active runs now, so that idle can carry all of its traffic.
pub fn update(idle: &Service, active: &Service, task_definition: &str) -> Update {
    let needed = active.running_count().max(active.desired_count());
    let desired = idle.desired_count().max(needed);
    let ours = primary(idle.deployments()).filter(|it| {
        it.task_definition() == Some(task_definition)
            && it.rollout_state() != Some(&DeploymentRolloutState::Failed)
            && it.desired_count() >= desired
    });
    match ours.and_then(|deployment| deployment.id()) {
        Some(id) => Update::Already {
            deployment: id.to_owned(),
            desired,
        },
        None => Update::Needed { desired },
    }
}

/// The deployment that ECS works on.
pub fn primary(deployments: &[Deployment]) -> Option<&Deployment> {
    deployments
        .iter()
        .find(|deployment| deployment.status() == Some("PRIMARY"))
}

/// What is known of the idle service.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    pub deployments: Vec<Deployment>,
    /// Messages of the service, newest first.
    pub events: Vec<String>,
    pub running: Vec<Task>,
    pub stopped: Vec<Task>,
    pub targets: Vec<TargetHealth>,
}

/// What we wait for.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    pub deployment: &'a str,
    pub task_definition: &'a str,
    pub container: &'a str,
    pub digest: &'a str,
    pub desired: i32,
}

/// How far the deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything that runs is ours, and the load balancer finds all of it healthy.
    Steady(Vec<Target>),
    Waiting(String),
    Failed(String),
}

/// Decides from what was found at one moment. ECS's word for the deployment is one condition of several:
/// a service can say COMPLETED before a task runs, and is stable again after it went back to the old code.
pub fn status(found: &Rollout, expected: &Expected<'_>) -> Status {
    let deployment = match standing(found, expected) {
        Ok(deployment) => deployment,
        Err(reason) => return Status::Failed(failure(found, expected, &reason)),
    };
    if let Some(reason) = stranger(found, expected) {
        return Status::Failed(reason);
    }
    match not_running(found, deployment, expected)
        .or_else(|| not_healthy(found, deployment, expected))
    {
        Some(reason) => Status::Waiting(reason),
        None => Status::Steady(found.targets.iter().map(|it| it.target.clone()).collect()),
    }
}

/// Our deployment while it can still become steady, or why it cannot.
fn standing<'a>(found: &'a Rollout, expected: &Expected<'_>) -> Result<&'a Deployment, String> {
    let now = deployed_now(found);
    let mut deployments = found.deployments.iter();
    let Some(ours) = deployments.find(|it| it.id() == Some(expected.deployment)) else {
        return Err(format!(
            "our deployment is gone from the service, which now deploys {now}"
        ));
    };
    let state = ours.rollout_state();
    if state == Some(&DeploymentRolloutState::Failed) {
        let reason = ours.rollout_state_reason();
        Err(reason.unwrap_or("the deployment failed").to_owned())
    } else if ours.status() != Some("PRIMARY") {
        Err(format!(
            "our deployment was replaced by a deployment of {now}"
        ))
    } else if state.is_none() {
        Err(
            "the deployment has no rollout state: the service needs the deployment controller ECS"
                .to_owned(),
        )
    } else if wanted(ours, expected) < 1 {
        Err(
            "0 tasks wanted, expected at least 1: neither environment is meant to run any"
                .to_owned(),
        )
    } else {
        Ok(ours)
    }
}

fn deployed_now(found: &Rollout) -> &str {
    let primary = primary(&found.deployments).and_then(|it| it.task_definition());
    primary.unwrap_or("nothing")
}

/// Autoscaling may have raised what the service wants; what it lowered does not carry active's traffic.
fn wanted(deployment: &Deployment, expected: &Expected<'_>) -> i32 {
    expected.desired.max(deployment.desired_count())
}

/// A task of ours that runs another image is an error that waiting does not mend.
fn stranger(found: &Rollout, expected: &Expected<'_>) -> Option<String> {
    let containers = ours(found, expected).flat_map(|task| task.containers());
    let mut digests = containers
        .filter(|container| container.name() == Some(expected.container))
        .filter_map(|container| running_digest(container.image(), container.image_digest()));
    let (container, wanted) = (expected.container, expected.digest);
    digests
        .find(|digest| digest != wanted)
        .map(|digest| format!("container {container} runs {digest}, expected {wanted}"))
}

fn ours<'a>(found: &'a Rollout, expected: &Expected<'a>) -> impl Iterator<Item = &'a Task> {
    let revision = Some(expected.task_definition);
    let tasks = found.running.iter();
    tasks.filter(move |it| {
        it.task_definition_arn() == revision && it.last_status() == Some("RUNNING")
    })
}

fn not_running(
    found: &Rollout,
    deployment: &Deployment,
    expected: &Expected<'_>,
) -> Option<String> {
    let wanted = wanted(deployment, expected);
    // The tasks and the deployment's own count are read one after the other: the lower one is sure.
    let counted = deployment.running_count();
    let tasks = i32::try_from(ours(found, expected).count()).unwrap_or(i32::MAX);
    let running = tasks.min(counted);
    let others = others(found, expected);
    let state = deployment.rollout_state();
    if running < wanted {
        let why = stopped(found, expected).into_iter().next();
        let why = why.map(|it| format!("; {it}")).unwrap_or_default();
        Some(format!("{running} of {wanted} tasks running{why}"))
    } else if counted != deployment.desired_count() {
        Some(format!("{counted} of {wanted} tasks running"))
    } else if others > 0 {
        Some(format!("{others} tasks of another revision still running"))
    } else if state != Some(&DeploymentRolloutState::Completed) {
        let state = state.map_or("unknown", |it| it.as_str());
        Some(format!("rollout {state}"))
    } else {
        None
    }
}

/// How many tasks of other revisions the service still has.
fn others(found: &Rollout, expected: &Expected<'_>) -> usize {
    let revision = Some(expected.task_definition);
    let tasks = found.running.iter();
    tasks
        .filter(|it| it.task_definition_arn() != revision)
        .count()
}

fn not_healthy(
    found: &Rollout,
    deployment: &Deployment,
    expected: &Expected<'_>,
) -> Option<String> {
    let wanted = usize::try_from(wanted(deployment, expected)).unwrap_or_default();
    let (healthy, registered) = (healthy(&found.targets), found.targets.len());
    (healthy < registered || healthy < wanted).then(|| {
        let states = states(&found.targets);
        format!("targets healthy {healthy} of {registered} registered, {wanted} wanted{states}")
    })
}
