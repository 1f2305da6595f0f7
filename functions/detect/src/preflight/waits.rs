//! How long idle's own settings make each release wait, by the numbers that AWS gives. None of them is wrong, so that it
//! is a note.

use super::checks::RELEASE_WAITS;
use super::evidence::{Evidence, Finding};
use crate::look::Facts;
use aws_sdk_ecs::types::Service;
use aws_sdk_elasticloadbalancingv2::types::TargetGroup;
use shared::ReleasePlan;

/// How ECS replaces the tasks of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Batches {
    /// So many, one after the other.
    Of(i64),
    /// It may stop no old task before a new one runs, and start no new one beside the old ones.
    NoRoom,
}

pub(super) fn findings(
    evidence: &Evidence<'_>,
    facts: &Facts,
    plan: &ReleasePlan,
) -> Option<Finding> {
    let idle = evidence.environment(plan.to);
    let (checks, healthy) = until_healthy(idle.group.as_ref()?)?;
    let mut parts = vec![format!("{}: {checks}", plan.to)];
    let (mut seconds, mut batches) = (Some(healthy), None);
    // Where idle runs nothing, nothing is replaced.
    if plan.idle.running > 0 {
        if let Some(delay) = delay(facts, plan) {
            parts.push(format!("old ones are deregistered for up to {delay} s"));
            seconds = Some(healthy.saturating_add(delay));
        }
        batches = idle
            .service
            .as_ref()
            .and_then(|it| replacement(it, tasks(plan)));
    }
    if let Some((words, replaced)) = batches {
        parts.push(words);
        seconds = match replaced {
            Batches::Of(batches) => seconds.map(|it| it.saturating_mul(batches)),
            Batches::NoRoom => None,
        };
    }
    let all = seconds.map_or(String::new(), |all| format!(": up to {all} s"));
    Some(RELEASE_WAITS.finding(parts.join("; ") + &all))
}

/// Tasks that the release deploys.
fn tasks(plan: &ReleasePlan) -> i64 {
    let active = plan.active.running.max(plan.active.desired);
    plan.idle.desired.max(active).into()
}

/// Idle's deregistration delay, in seconds.
fn delay(facts: &Facts, plan: &ReleasePlan) -> Option<i64> {
    let attributes = facts.attributes.get(plan.to).as_ref().ok()?;
    attributes.deregistration_seconds.map(i64::from)
}

/// The health checks after which a new task is healthy, in words and in seconds.
///
/// One is enough for a task that answers its first one; one that has been unhealthy must pass as many as the threshold
/// says (AWS: "Health checks for Application Load Balancer target groups").
fn until_healthy(group: &TargetGroup) -> Option<(String, i64)> {
    let interval = group.health_check_interval_seconds()?;
    let threshold = group.healthy_threshold_count()?;
    let seconds = i64::from(interval).saturating_mul(i64::from(threshold));
    let words =
        format!("new tasks are healthy after 1 to {threshold} checks, one each {interval} s");
    Some((words, seconds))
}

/// The percentages of a service, and how ECS replaces `tasks` with them: it rounds the least number of running tasks up
/// and the most down (ECS API reference, DeploymentConfiguration).
fn replacement(service: &Service, tasks: i64) -> Option<(String, Batches)> {
    let deployment = service.deployment_configuration()?;
    let (least, most) = (
        deployment.minimum_healthy_percent()?,
        deployment.maximum_percent()?,
    );
    let percent = |percent: i32| tasks.saturating_mul(i64::from(percent));
    let may_stop = tasks - percent(least).saturating_add(99) / 100;
    let may_start = percent(most) / 100 - tasks;
    let at_once = may_stop.max(0).saturating_add(may_start.max(0)).min(tasks);
    let words = format!("minimumHealthyPercent {least} and maximumPercent {most}");
    Some(match at_once {
        0 => {
            let words = format!("{words} leave ECS no room to replace one of {tasks} tasks");
            (words, Batches::NoRoom)
        }
        _ => {
            let batches = tasks.saturating_add(at_once - 1) / at_once;
            let words = format!("{words} let ECS replace {at_once} of {tasks} tasks at once");
            (words, Batches::Of(batches))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::DeploymentConfiguration;

    #[test]
    fn the_percentages_say_how_many_tasks_are_replaced_at_once() {
        for (least, most, tasks, expect) in [
            (100, 200, 4, Batches::Of(1)),
            (100, 200, 1, Batches::Of(1)),
            (50, 100, 4, Batches::Of(2)),
            (0, 100, 4, Batches::Of(1)),
            (75, 125, 4, Batches::Of(2)),
            (100, 150, 1000, Batches::Of(2)),
            (100, 110, 1000, Batches::Of(10)),
            // Three quarters of 3 are 3 tasks, and five quarters are 3 as well.
            (75, 125, 3, Batches::NoRoom),
            (100, 100, 2, Batches::NoRoom),
        ] {
            let deployment = DeploymentConfiguration::builder()
                .minimum_healthy_percent(least)
                .maximum_percent(most);
            let service = Service::builder().deployment_configuration(deployment.build());
            let found = replacement(&service.build(), tasks).map(|(_, batches)| batches);
            assert_eq!(found, Some(expect), "{least} {most} {tasks}");
        }
    }

    #[test]
    fn percentages_that_nobody_should_have_are_still_a_number() {
        let deployment = DeploymentConfiguration::builder()
            .minimum_healthy_percent(i32::MIN)
            .maximum_percent(i32::MAX);
        let service = Service::builder().deployment_configuration(deployment.build());
        for tasks in [0, 1, i64::from(i32::MAX)] {
            assert!(replacement(&service.clone().build(), tasks).is_some());
        }
    }
}
