//! What a person would look up next: why tasks stopped, what the service said last, which targets are sick.

use crate::decide::{Expected, Rollout};
use aws_sdk_ecs::types::Task;
use shared::targets::TargetHealth;

/// As many messages of a kind as a cause can hold and a person reads.
const SHOWN: usize = 3;

/// The reason of a failure, then why tasks of ours stopped, then the service's last words.
pub fn failure(found: &Rollout, expected: &Expected<'_>, reason: &str) -> String {
    let stopped = stopped(found, expected).into_iter().take(SHOWN);
    let events = found.events.iter().take(SHOWN);
    let mut parts = vec![reason.to_owned()];
    parts.extend(stopped);
    parts.extend(events.map(|it| format!("event: {it}")));
    parts.join("; ")
}

/// Why tasks of our revision stopped, each reason once.
pub fn stopped(found: &Rollout, expected: &Expected<'_>) -> Vec<String> {
    let revision = Some(expected.task_definition);
    let ours = found.stopped.iter();
    let ours = ours.filter(|it| it.task_definition_arn() == revision);
    let mut reasons: Vec<String> = ours.map(why_stopped).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn why_stopped(task: &Task) -> String {
    let reason = task.stopped_reason().unwrap_or("no reason given");
    let mut why = format!("stopped task: {reason}");
    for container in task.containers() {
        if let Some(code) = container.exit_code() {
            let name = container.name().unwrap_or("a container");
            why.push_str(&format!(", {name} exited with {code}"));
        }
        if let Some(reason) = container.reason() {
            why.push_str(&format!(" ({reason})"));
        }
    }
    why
}

/// The targets that are not healthy, with the load balancer's reasons.
pub fn states(targets: &[TargetHealth]) -> String {
    let sick = targets.iter().filter(|it| !it.is_healthy()).take(SHOWN);
    sick.map(|it| {
        let (target, state, reason) = (&it.target, &it.state, &it.reason);
        format!("; {}:{} is {state} {reason}", target.id, target.port)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::decide::Rollout;
    use crate::decide_tests::{check, deployment};
    use aws_sdk_ecs::types::{Container, DeploymentRolloutState, Task};

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
    fn a_crash_loop_tells_why_while_it_is_waited_for() {
        let stopped = |revision: &str| {
            let task = Task::builder().task_definition_arn(revision);
            task.stopped_reason("Essential container exited").build()
        };
        let looping = |revision: &'static str| {
            move |found: &mut Rollout| {
                found.running.clear();
                found.stopped = vec![stopped(revision)];
            }
        };
        check(
            looping("td:2"),
            "Waiting(\"0 of 2 tasks running; stopped task: Essential container exited\")",
        );
        check(looping("td:1"), "Waiting(\"0 of 2 tasks running\")");
    }
}
