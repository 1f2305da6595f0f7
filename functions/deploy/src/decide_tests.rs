//! deploy's decisions: how many tasks, whether a deployment is there already, whether it is steady.

mod goes_on;
mod images;
mod sizes;

use crate::decide::{ServiceUpdate, rollout_status, service_update};
use crate::rollout::{Expected, Rollout};
use aws_sdk_ecs::types::{Container, Deployment, DeploymentRolloutState, Service, Task};
use fixtures::target_health;
use shared::Digest;
use shared::targets::TargetHealth;

pub fn deployment(id: &str, status: &str, state: DeploymentRolloutState) -> Deployment {
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
    TargetHealth {
        reason: "Elb.InitialHealthChecking".to_owned(),
        ..target_health("10.0.0.1", state)
    }
}

fn expected(digest: &Digest, desired: i32) -> Expected<'_> {
    Expected {
        deployment: "ours",
        task_definition: "td:2",
        digest,
        desired,
    }
}

fn steady() -> Rollout {
    Rollout {
        containers: ["api", "worker", "migrate"].map(str::to_owned).into(),
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

pub fn check(change: impl Fn(&mut Rollout), expect: &str) {
    check_desired(2, change, expect);
}

fn check_desired(desired: i32, change: impl Fn(&mut Rollout), expect: &str) {
    let mut rollout = steady();
    change(&mut rollout);
    let digest = "sha256:new".into();
    let status = rollout_status(&rollout, &expected(&digest, desired));
    let status = format!("{status:?}");
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
        |rollout| rollout.deployments = in_progress(),
        "Waiting(\"rollout IN_PROGRESS",
    );
    check(
        |rollout| rollout.running.truncate(1),
        "Waiting(\"1 of 2 tasks running",
    );
    check(|rollout| rollout.running.clear(), "0 of 2 tasks running");
    check(
        |rollout| rollout.running.push(task("td:1", "shop@sha256:old")),
        "1 tasks of another revision",
    );
    check(
        |rollout| rollout.targets.truncate(1),
        "targets healthy 1 of 1 registered, 2 wanted",
    );
    let initial = |rollout: &mut Rollout| rollout.targets[1] = target("initial");
    check(
        initial,
        "healthy 1 of 2 registered, 2 wanted; 10.0.0.1:8080 is initial Elb.InitialHealthChecking",
    );
}

#[test]
fn a_deployment_that_is_not_ours_any_more_has_failed() {
    check(
        |rollout| rollout.deployments.clear(),
        "Failed(\"our deployment is gone from the service, which now deploys nothing",
    );
    let replaced = |rollout: &mut Rollout| {
        let state = DeploymentRolloutState::InProgress;
        rollout.deployments = vec![
            deployment("ours", "ACTIVE", state.clone()),
            deployment("theirs", "PRIMARY", state),
        ];
    };
    check(
        replaced,
        "Failed(\"our deployment was replaced by a deployment of td:2",
    );
    check(
        |rollout| rollout.running[0] = task("td:2", "shop@sha256:x"),
        "runs sha256:x, expected sha256:new",
    );
    check(
        |rollout| rollout.deployments[0].rollout_state = None,
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
        assert_eq!(service_update(&idle, &active, "td:2"), expect)
    };
    check(
        service(0, 0),
        service(2, 3),
        ServiceUpdate::Needed { desired: 3 },
    );
    check(
        service(5, 5),
        service(2, 2),
        ServiceUpdate::Needed { desired: 5 },
    );
    let with = |state| {
        let ours = deployment("ours", "PRIMARY", state);
        Service::builder()
            .desired_count(2)
            .deployments(ours)
            .build()
    };
    let already = ServiceUpdate::Already {
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
        ServiceUpdate::Needed { desired: 3 },
    );
    check(
        with(DeploymentRolloutState::Failed),
        service(2, 2),
        ServiceUpdate::Needed { desired: 2 },
    );
}

#[test]
fn no_task_wanted_is_never_steady() {
    let service_of = |tasks: i32| {
        move |rollout: &mut Rollout| {
            rollout.deployments[0].desired_count = tasks;
            rollout.deployments[0].running_count = tasks;
            rollout.running.clear();
        }
    };
    check_desired(
        0,
        service_of(0),
        "Failed(\"0 tasks wanted, expected at least 1",
    );
    // COMPLETED, but nothing runs yet; a service scaled below what active runs; one scaled above it.
    check_desired(2, service_of(0), "Waiting(\"0 of 2 tasks running");
    check_desired(2, service_of(1), "Waiting(\"0 of 2 tasks running");
    check_desired(1, service_of(2), "Waiting(\"0 of 2 tasks running");
}

#[test]
fn a_count_that_does_not_fit_is_named() {
    check(
        |rollout| rollout.deployments[0].running_count = 1,
        "Waiting(\"1 of 2 tasks running",
    );
    check(
        |rollout| rollout.deployments[0].running_count = 3,
        "Waiting(\"3 of 2 tasks running",
    );
}

#[test]
fn a_listed_task_that_the_deployment_does_not_count_is_not_running() {
    let scaled_down = |rollout: &mut Rollout| {
        rollout.deployments[0].desired_count = 1;
        rollout.deployments[0].running_count = 1;
    };
    check(scaled_down, "Waiting(\"1 of 2 tasks running");
}

#[test]
fn one_unhealthy_target_beside_enough_healthy_ones_is_waited_for() {
    check(
        |rollout| rollout.targets.push(target("unhealthy")),
        "Waiting(\"targets healthy 2 of 3 registered, 2 wanted",
    );
}

#[test]
fn a_pending_task_of_ours_is_not_of_another_revision() {
    let mut pending = task("td:2", "shop@sha256:new");
    pending.last_status = Some("PENDING".to_owned());
    check(|rollout| rollout.running.push(pending.clone()), "Steady(");
    check(
        |rollout| rollout.running[0] = pending.clone(),
        "Waiting(\"1 of 2 tasks running",
    );
}
