//! What a person would look up next: why tasks stopped, what the service said last, which targets are not healthy.

use crate::rollout::{Expected, Rollout};
use aws_sdk_ecs::types::{Container, Task};
use shared::targets::TargetHealth;
use shared::{excerpt, listed};
use std::collections::BTreeSet;

/// Messages of a kind that a reason quotes: as many as a person reads.
const QUOTED: usize = 3;

/// The reason of a failure, then why tasks of ours stopped, then the service's last messages.
pub(crate) fn explain_failure(rollout: &Rollout, expected: &Expected<'_>, reason: &str) -> String {
    let events = rollout.events.iter();
    let events = events.map(|event| format!("event: {}", excerpt(event)));
    let mut parts = vec![excerpt(reason)];
    parts.extend(stop_reasons(rollout, expected).into_iter().take(QUOTED));
    parts.extend(events.take(QUOTED));
    listed(parts, "; ")
}

/// Why tasks of ours stopped, each reason once.
pub(crate) fn stop_reasons(rollout: &Rollout, expected: &Expected<'_>) -> BTreeSet<String> {
    let ours = rollout.stopped.iter().filter(|task| expected.is_ours(task));
    ours.map(stop_reason).collect()
}

fn stop_reason(task: &Task) -> String {
    let reason = excerpt(task.stopped_reason().unwrap_or("no reason given"));
    let ends = task.containers().iter().filter_map(end);
    let ends = listed(ends, ", ");
    let separator = if ends.is_empty() { "" } else { ", " };
    excerpt(&format!("stopped task: {reason}{separator}{ends}"))
}

/// How a container ended; none where ECS says nothing about it.
fn end(container: &Container) -> Option<String> {
    let name = container.name().unwrap_or("a container");
    let code = container.exit_code();
    let exited = code.map(|code| format!("{name} exited with {code}"));
    match (exited, container.reason()) {
        (exited, None) => exited,
        (None, Some(reason)) => Some(format!("{name} did not run ({})", excerpt(reason))),
        (Some(exited), Some(reason)) => Some(format!("{exited} ({})", excerpt(reason))),
    }
}

/// The targets that are not healthy, with the load balancer's reasons.
pub(crate) fn unhealthy_targets(targets: &[TargetHealth]) -> String {
    let unhealthy = targets.iter().filter(|health| !health.is_healthy());
    let texts = unhealthy.take(QUOTED).map(|health| {
        let (target, state, reason) = (&health.target, &health.state, &health.reason);
        format!("{} is {state} {reason}", target.address())
    });
    let texts = listed(texts, "; ");
    let separator = if texts.is_empty() { "" } else { "; " };
    format!("{separator}{texts}")
}

#[cfg(test)]
mod tests {
    use crate::decide_tests::{check, deployment};
    use crate::rollout::Rollout;
    use aws_sdk_ecs::types::{Container, DeploymentRolloutState, Task};

    #[test]
    fn a_failed_deployment_says_why_its_tasks_stopped() {
        let container = Container::builder()
            .name("api")
            .exit_code(1)
            .reason("no database")
            .build();
        let stopped = Task::builder()
            .task_definition_arn("td:2")
            .stopped_reason("Essential container exited")
            .containers(container)
            .build();
        let failed = |rollout: &mut Rollout| {
            rollout.deployments =
                vec![deployment("ours", "ACTIVE", DeploymentRolloutState::Failed)];
            rollout.stopped = vec![stopped.clone(), stopped.clone()];
            rollout.events = vec!["(service api) deployment failed".to_owned()];
        };
        check(
            failed,
            "stopped task: Essential container exited, api exited with 1 (no database); event: (service",
        );
    }

    #[test]
    fn a_crash_loop_says_why_while_it_is_waited_for() {
        let stopped = |revision: &str| {
            let task = Task::builder().task_definition_arn(revision);
            task.stopped_reason("Essential container exited").build()
        };
        let looping = |revision: &'static str| {
            move |rollout: &mut Rollout| {
                rollout.running.clear();
                rollout.stopped = vec![stopped(revision)];
            }
        };
        check(
            looping("td:2"),
            "Waiting(\"0 of 2 tasks running; stopped task: Essential container exited\")",
        );
        check(looping("td:1"), "Waiting(\"0 of 2 tasks running\")");
    }
}
