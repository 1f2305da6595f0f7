//! What a person would look up next: why tasks stopped, what the service said last, which targets are not healthy.

use crate::rollout::{Expected, Rollout};
use aws_sdk_ecs::types::Task;
use shared::targets::TargetHealth;
use std::collections::BTreeSet;

/// Messages of a kind that a reason quotes: as many as a person reads.
const QUOTED: usize = 3;

/// The reason of a failure, then why tasks of ours stopped, then the service's last messages.
pub(crate) fn explain_failure(rollout: &Rollout, expected: &Expected<'_>, reason: &str) -> String {
    let events = rollout.events.iter().map(|event| format!("event: {event}"));
    let mut parts = vec![reason.to_owned()];
    parts.extend(stop_reasons(rollout, expected).into_iter().take(QUOTED));
    parts.extend(events.take(QUOTED));
    parts.join("; ")
}

/// Why tasks of ours stopped, each reason once.
pub(crate) fn stop_reasons(rollout: &Rollout, expected: &Expected<'_>) -> BTreeSet<String> {
    let ours = rollout.stopped.iter().filter(|task| expected.is_ours(task));
    ours.map(stop_reason).collect()
}

fn stop_reason(task: &Task) -> String {
    let reason = task.stopped_reason().unwrap_or("no reason given");
    let mut text = format!("stopped task: {reason}");
    for container in task.containers() {
        if let Some(code) = container.exit_code() {
            let name = container.name().unwrap_or("a container");
            text.push_str(&format!(", {name} exited with {code}"));
        }
        if let Some(reason) = container.reason() {
            text.push_str(&format!(" ({reason})"));
        }
    }
    text
}

/// The targets that are not healthy, with the load balancer's reasons.
pub(crate) fn unhealthy_targets(targets: &[TargetHealth]) -> String {
    let unhealthy = targets.iter().filter(|health| !health.is_healthy());
    let texts = unhealthy.take(QUOTED).map(|health| {
        let (target, state, reason) = (&health.target, &health.state, &health.reason);
        format!("; {}:{} is {state} {reason}", target.id, target.port)
    });
    texts.collect()
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
