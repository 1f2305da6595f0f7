//! How many tasks the idle service needs, whether our deployment is there already, and whether it is steady.

use crate::explain::{explain_failure, stop_reasons, unhealthy_targets};
use crate::rollout::{Expected, Rollout};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, Task};
use shared::ecs::running_digest;
use shared::targets::healthy_count;
use shared::{Refusal, Target, Time};

/// What the update of the idle service has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceUpdate {
    /// Our revision is being deployed, or is there, with enough tasks.
    Already {
        deployment: String,
        desired: i32,
    },
    Needed {
        desired: i32,
    },
}

/// Decides the update to the revision.
pub fn service_update(idle: &Service, active: &Service, task_definition: &str) -> ServiceUpdate {
    let desired = desired_tasks(idle, active);
    let ours = primary(idle.deployments()).filter(|deployment| {
        deployment.task_definition() == Some(task_definition)
            && deployment.rollout_state() != Some(&DeploymentRolloutState::Failed)
            && deployment.desired_count() >= desired
    });
    match ours.and_then(|deployment| deployment.id()) {
        Some(id) => ServiceUpdate::Already {
            deployment: id.to_owned(),
            desired,
        },
        None => ServiceUpdate::Needed { desired },
    }
}

/// As many tasks as active runs or wants now, so that idle can carry all of its traffic; never fewer than idle wants.
pub(crate) fn desired_tasks(idle: &Service, active: &Service) -> i32 {
    let needed = active.running_count().max(active.desired_count());
    idle.desired_count().max(needed)
}

/// Whether the idle service lost tasks of our deployment. What somebody else deploys there is left alone.
pub(crate) fn lacks_tasks(idle: &Service, deployment: &str, desired: i32) -> bool {
    let ours = primary(idle.deployments()).is_some_and(|it| it.id() == Some(deployment));
    ours && idle.desired_count() < desired
}

/// The deployment that ECS works on.
pub(crate) fn primary(deployments: &[Deployment]) -> Option<&Deployment> {
    let mut deployments = deployments.iter();
    deployments.find(|deployment| deployment.status() == Some("PRIMARY"))
}

/// In seconds; most rollouts are over by then. ECS counts no failed task any more once one has run (ECS API reference,
/// Deployment), so of a rollout that lacks tasks for longer than this, the stopped ones are looked at too.
const SLOW_SECONDS: i64 = 180;

/// How far a rollout is by what the service says of its deployments, as long as ECS is at work on it and nothing speaks of
/// trouble. None: tasks and targets decide.
pub(crate) fn rollout_goes_on(
    deployments: &[Deployment],
    expected: &Expected<'_>,
    now: Time,
) -> Option<String> {
    let ours = our_deployment(deployments, expected).ok()?;
    let wanted = wanted_tasks(ours, expected);
    let is_slow = ours.created_at().is_some_and(|began| {
        let seconds = now.timestamp().saturating_sub(began.secs());
        seconds > SLOW_SECONDS && ours.running_count() < wanted
    });
    if ours.rollout_state() == Some(&DeploymentRolloutState::Completed)
        || ours.failed_tasks() > 0
        || is_slow
    {
        return None;
    }
    let others = deployments.iter().filter(|it| it.id() != ours.id());
    let others = others.filter_map(|it| usize::try_from(it.running_count()).ok());
    let refusal = all_counts_fit(ours, wanted, others.sum()).err();
    refusal.map(Refusal::into_reason)
}

/// How far the rollout is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutStatus {
    /// Everything that runs is ours, and the load balancer finds all of it healthy.
    Steady(Vec<Target>),
    Waiting(String),
    /// Waiting does not mend it.
    Failed(String),
    /// It is steady, and the scan of its image does not let it in.
    Refused(String),
}

/// Decides from one snapshot. That ECS calls the deployment completed is one condition of several: a service can be
/// COMPLETED before a task runs, and is stable again after ECS has rolled it back to the previous code.
pub fn rollout_status(rollout: &Rollout, expected: &Expected<'_>) -> RolloutStatus {
    let deployment = match our_deployment(&rollout.deployments, expected) {
        Ok(deployment) => deployment,
        Err(refusal) => {
            let reason = explain_failure(rollout, expected, refusal.as_str());
            return RolloutStatus::Failed(reason);
        }
    };
    if let Err(refusal) = runs_expected_image(rollout, expected) {
        return RolloutStatus::Failed(refusal.into_reason());
    }
    let wanted = wanted_tasks(deployment, expected);
    let complete = all_tasks_run(rollout, deployment, expected, wanted)
        .and_then(|()| all_targets_healthy(rollout, wanted));
    match complete {
        Ok(()) => {
            let targets = rollout.targets.iter().map(|health| health.target.clone());
            RolloutStatus::Steady(targets.collect())
        }
        Err(refusal) => RolloutStatus::Waiting(refusal.into_reason()),
    }
}

/// Our deployment while it can still become steady, or why it cannot.
fn our_deployment<'a>(
    deployments: &'a [Deployment],
    expected: &Expected<'_>,
) -> Result<&'a Deployment, Refusal> {
    let primary = primary(deployments).and_then(|primary| primary.task_definition());
    let deploying = primary.unwrap_or("nothing");
    let mut deployments = deployments.iter();
    let ours = deployments
        .find(|deployment| deployment.id() == Some(expected.deployment))
        .ok_or_else(|| {
            format!("our deployment is gone from the service, which now deploys {deploying}")
        })?;
    let state = ours.rollout_state();
    let refusal = if state == Some(&DeploymentRolloutState::Failed) {
        let reason = ours.rollout_state_reason();
        reason.unwrap_or("the deployment failed").into()
    } else if ours.status() != Some("PRIMARY") {
        format!("our deployment was replaced by a deployment of {deploying}").into()
    } else if state.is_none() {
        "the deployment has no rollout state: the service needs the deployment controller ECS"
            .into()
    } else if wanted_tasks(ours, expected) < 1 {
        "0 tasks wanted, expected at least 1: neither environment wants any".into()
    } else {
        return Ok(ours);
    };
    Err(refusal)
}

/// Autoscaling may have raised what the service wants; what it lowered does not carry active's traffic.
fn wanted_tasks(deployment: &Deployment, expected: &Expected<'_>) -> i32 {
    expected.desired.max(deployment.desired_count())
}

/// A task of ours that runs another image is an error that waiting does not mend. A container that has ended counts
/// too, as init containers do; one that reports no digest yet does not.
fn runs_expected_image(rollout: &Rollout, expected: &Expected<'_>) -> Result<(), Refusal> {
    let wanted = expected.digest;
    let containers = our_tasks(rollout, expected).flat_map(|task| task.containers());
    for container in containers {
        let name = container.name().unwrap_or_default();
        let digest = running_digest(container.image(), container.image_digest());
        let released = rollout.containers.iter().any(|it| it == name);
        if let Some(other) = digest.filter(|digest| released && digest != wanted) {
            return Err(format!("container {name} runs {other}, expected {wanted}").into());
        }
    }
    Ok(())
}

/// The tasks of our revision that have started.
fn our_tasks<'a>(
    rollout: &'a Rollout,
    expected: &'a Expected<'_>,
) -> impl Iterator<Item = &'a Task> {
    let tasks = rollout.running.iter();
    tasks.filter(|task| expected.is_ours(task) && task.last_status() == Some("RUNNING"))
}

fn all_tasks_run(
    rollout: &Rollout,
    deployment: &Deployment,
    expected: &Expected<'_>,
    wanted: i32,
) -> Result<(), Refusal> {
    // The tasks and the deployment's own count are read one after the other: the lower one is sure.
    let counted = deployment.running_count();
    let listed = i32::try_from(our_tasks(rollout, expected).count()).unwrap_or(i32::MAX);
    let running = listed.min(counted);
    let tasks = rollout.running.iter();
    let others = tasks.filter(|task| !expected.is_ours(task)).count();
    if running < wanted {
        let mut parts = vec![format!("{running} of {wanted} tasks running")];
        parts.extend(stop_reasons(rollout, expected).into_iter().next());
        return Err(parts.join("; ").into());
    }
    all_counts_fit(deployment, wanted, others)
}

/// Whether the rollout is completed, and ECS counts as many tasks as it wants while none of `others` runs any more.
fn all_counts_fit(deployment: &Deployment, wanted: i32, others: usize) -> Result<(), Refusal> {
    let (counted, state) = (deployment.running_count(), deployment.rollout_state());
    let refusal = if counted < wanted || counted != deployment.desired_count() {
        format!("{counted} of {wanted} tasks running")
    } else if others > 0 {
        format!("{others} tasks of another revision still running")
    } else if state != Some(&DeploymentRolloutState::Completed) {
        let state = state.map_or("unknown", |state| state.as_str());
        format!("rollout {state}")
    } else {
        return Ok(());
    };
    Err(refusal.into())
}

fn all_targets_healthy(rollout: &Rollout, wanted: i32) -> Result<(), Refusal> {
    let wanted = usize::try_from(wanted).unwrap_or_default();
    let (healthy, registered) = (healthy_count(&rollout.targets), rollout.targets.len());
    if healthy >= registered && healthy >= wanted {
        return Ok(());
    }
    let unhealthy = unhealthy_targets(&rollout.targets);
    let refusal =
        format!("targets healthy {healthy} of {registered} registered, {wanted} wanted{unhealthy}");
    Err(refusal.into())
}
