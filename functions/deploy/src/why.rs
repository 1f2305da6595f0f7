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
