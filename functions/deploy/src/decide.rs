//! How many tasks the idle side needs, whether a deployment is there already, and whether it is steady.

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
    let Some(ours) = found
        .deployments
        .iter()
        .find(|it| it.id() == Some(expected.deployment))
    else {
        return failed(found, expected, "our deployment is gone from the service");
    };
    if ours.rollout_state() == Some(&DeploymentRolloutState::Failed) {
        return failed(
            found,
            expected,
            ours.rollout_state_reason()
                .unwrap_or("the deployment failed"),
        );
    }
    if ours.status() != Some("PRIMARY") {
        let by = primary(&found.deployments)
            .and_then(|it| it.task_definition())
            .unwrap_or("another one");
        return failed(
            found,
            expected,
            &format!("our deployment was replaced by a deployment of {by}"),
        );
    }
    if ours.rollout_state().is_none() {
        let reason =
            "the deployment has no rollout state: the service needs the deployment controller ECS";
        return failed(found, expected, reason);
    }
    match strangers(found, expected).or_else(|| not_yet(found, ours, expected)) {
        Some(status) => status,
        None => Status::Steady(found.targets.iter().map(|it| it.target.clone()).collect()),
    }
}

/// A task of ours that runs another image is an error that waiting does not mend.
fn strangers(found: &Rollout, expected: &Expected<'_>) -> Option<Status> {
    let containers = ours(found, expected).flat_map(|task| task.containers());
    let digests = containers
        .filter(|container| container.name() == Some(expected.container))
        .filter_map(|container| running_digest(container.image(), container.image_digest()));
    digests
        .into_iter()
        .find(|digest| digest != expected.digest)
        .map(|digest| {
            Status::Failed(format!(
                "container {} runs {digest}, expected {}",
                expected.container, expected.digest
            ))
        })
}

fn ours<'a>(found: &'a Rollout, expected: &Expected<'_>) -> impl Iterator<Item = &'a Task> {
    let arn = expected.task_definition.to_owned();
    found.running.iter().filter(move |task| {
        task.task_definition_arn() == Some(arn.as_str()) && task.last_status() == Some("RUNNING")
    })
}

fn not_yet(found: &Rollout, deployment: &Deployment, expected: &Expected<'_>) -> Option<Status> {
    let desired = expected.desired.max(deployment.desired_count());
    let wanted = usize::try_from(desired).unwrap_or_default();
    let (running, all) = (ours(found, expected).count(), found.running.len());
    let (healthy, registered) = (healthy(&found.targets), found.targets.len());
    let reason = if running < wanted || deployment.running_count() != deployment.desired_count() {
        format!("{running} of {desired} tasks running")
    } else if all > running {
        format!("{} tasks of another revision still running", all - running)
    } else if deployment.rollout_state() != Some(&DeploymentRolloutState::Completed) {
        format!(
            "rollout {}",
            deployment
                .rollout_state()
                .map_or("unknown", |state| state.as_str())
        )
    } else if healthy < registered || healthy < wanted {
        format!(
            "targets healthy {healthy} of {registered} registered, {wanted} wanted{}",
            states(&found.targets)
        )
    } else {
        return None;
    };
    Some(Status::Waiting(reason))
}

fn states(targets: &[TargetHealth]) -> String {
    let sick = targets.iter().filter(|target| !target.is_healthy());
    sick.map(|it| {
        format!(
            "; {}:{} is {} {}",
            it.target.id, it.target.port, it.state, it.reason
        )
    })
    .collect()
}

/// The reason with what a person would look up next: why tasks stopped, and the service's last words.
fn failed(found: &Rollout, expected: &Expected<'_>, reason: &str) -> Status {
    let of_ours = found
        .stopped
        .iter()
        .filter(|it| it.task_definition_arn() == Some(expected.task_definition));
    let mut stopped: Vec<String> = of_ours.map(why_stopped).collect();
    stopped.sort();
    stopped.dedup();
    let mut parts = vec![reason.to_owned()];
    parts.extend(
        stopped
            .into_iter()
            .take(3)
            .map(|it| format!("stopped task: {it}")),
    );
    parts.extend(found.events.iter().take(3).map(|it| format!("event: {it}")));
    Status::Failed(parts.join("; "))
}

fn why_stopped(task: &Task) -> String {
    let mut why = task
        .stopped_reason()
        .unwrap_or("no reason given")
        .to_owned();
    for container in task.containers() {
        if let Some(code) = container.exit_code() {
            why.push_str(&format!(
                ", {} exited with {code}",
                container.name().unwrap_or("a container")
            ));
        }
        if let Some(reason) = container.reason() {
            why.push_str(&format!(" ({reason})"));
        }
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::Container;

    fn deployment(id: &str, status: &str, state: DeploymentRolloutState) -> Deployment {
        let deployment = Deployment::builder()
            .id(id)
            .status(status)
            .task_definition("td:2")
            .rollout_state(state);
        deployment.desired_count(2).running_count(2).build()
    }

    fn task(revision: &str, image: &str) -> Task {
        let container = Container::builder().name("api").image(image).build();
        Task::builder()
            .task_definition_arn(revision)
            .last_status("RUNNING")
            .containers(container)
            .build()
    }

    fn target(state: &str) -> TargetHealth {
        let target = Target {
            id: "10.0.0.1".to_owned(),
            port: 8080,
        };
        TargetHealth {
            target,
            state: state.to_owned(),
            reason: "Elb.InitialHealthChecking".to_owned(),
        }
    }

    fn steady() -> Rollout {
        Rollout {
            deployments: vec![deployment(
                "ours",
                "PRIMARY",
                DeploymentRolloutState::Completed,
            )],
            running: vec![
                task("td:2", "shop@sha256:new"),
                task("td:2", "shop@sha256:new"),
            ],
            targets: vec![target("healthy"), target("healthy")],
            ..Rollout::default()
        }
    }

    fn check(change: impl Fn(&mut Rollout), expect: &str) {
        let mut found = steady();
        change(&mut found);
        let expected = Expected {
            deployment: "ours",
            task_definition: "td:2",
            container: "api",
            digest: "sha256:new",
            desired: 2,
        };
        let status = format!("{:?}", status(&found, &expected));
        assert!(status.contains(expect), "expected {expect}, found {status}");
    }

    #[test]
    fn steady_is_ours_complete_and_healthy() {
        check(|_| {}, "Steady([Target");
    }

    #[test]
    fn whatever_is_missing_is_waited_for_by_its_numbers() {
        let in_progress = || {
            vec![deployment(
                "ours",
                "PRIMARY",
                DeploymentRolloutState::InProgress,
            )]
        };
        check(
            |found| found.deployments = in_progress(),
            "Waiting(\"rollout IN_PROGRESS",
        );
        check(
            |found| found.running.truncate(1),
            "Waiting(\"1 of 2 tasks running",
        );
        check(|found| found.running.clear(), "0 of 2 tasks running");
        check(
            |found| found.running.push(task("td:1", "shop@sha256:old")),
            "1 tasks of another revision",
        );
        check(
            |found| found.targets.truncate(1),
            "targets healthy 1 of 1 registered, 2 wanted",
        );
        let initial = |found: &mut Rollout| found.targets[1] = target("initial");
        check(
            initial,
            "healthy 1 of 2 registered, 2 wanted; 10.0.0.1:8080 is initial Elb.InitialHealthChecking",
        );
    }

    #[test]
    fn a_failed_deployment_tells_why_its_tasks_stopped() {
        let container = Container::builder()
            .name("api")
            .exit_code(1)
            .reason("no database")
            .build();
        let stopped = Task::builder()
            .task_definition_arn("td:2")
            .stopped_reason("Essential container exited");
        let stopped = stopped.containers(container).build();
        let failed = |found: &mut Rollout| {
            found.deployments = vec![deployment("ours", "ACTIVE", DeploymentRolloutState::Failed)];
            found.stopped = vec![stopped.clone(), stopped.clone()];
            found.events = vec!["(service api) deployment failed".to_owned()];
        };
        check(
            failed,
            "stopped task: Essential container exited, api exited with 1 (no database); event: (service",
        );
    }

    #[test]
    fn a_deployment_that_is_not_ours_any_more_has_failed() {
        check(
            |found| found.deployments.clear(),
            "Failed(\"our deployment is gone",
        );
        let replaced = |found: &mut Rollout| {
            let state = DeploymentRolloutState::InProgress;
            found.deployments = vec![
                deployment("ours", "ACTIVE", state.clone()),
                deployment("theirs", "PRIMARY", state),
            ];
        };
        check(
            replaced,
            "Failed(\"our deployment was replaced by a deployment of td:2",
        );
        check(
            |found| found.running[0] = task("td:2", "shop@sha256:x"),
            "runs sha256:x, expected sha256:new",
        );
        check(
            |found| found.deployments[0].rollout_state = None,
            "needs the deployment controller ECS",
        );
    }

    #[test]
    fn idle_is_scaled_to_what_active_runs_and_never_down() {
        let service = |desired, running| {
            Service::builder()
                .desired_count(desired)
                .running_count(running)
                .build()
        };
        let check = |idle: Service, active: Service, expect| {
            assert_eq!(update(&idle, &active, "td:2"), expect)
        };
        check(service(0, 0), service(2, 3), Update::Needed { desired: 3 });
        check(service(5, 5), service(2, 2), Update::Needed { desired: 5 });
        let with = |state| {
            let ours = deployment("ours", "PRIMARY", state);
            Service::builder()
                .desired_count(2)
                .deployments(ours)
                .build()
        };
        let already = Update::Already {
            deployment: "ours".to_owned(),
            desired: 2,
        };
        check(
            with(DeploymentRolloutState::Completed),
            service(2, 2),
            already,
        );
        check(
            with(DeploymentRolloutState::Completed),
            service(3, 2),
            Update::Needed { desired: 3 },
        );
        check(
            with(DeploymentRolloutState::Failed),
            service(2, 2),
            Update::Needed { desired: 2 },
        );
    }
}
