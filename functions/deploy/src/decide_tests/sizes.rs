//! Answers fit, however many tasks, events and targets there are, and whatever others wrote.

use super::{deployment, expected, steady};
use crate::answer::Answer;
use crate::decide::rollout_status;
use crate::rollout::Rollout;
use aws_sdk_ecs::types::{Container, DeploymentRolloutState, Task};
use fixtures::{assert_bounded, target_health};
use serde_json::{Value, json};
use shared::Target;
use shared::targets::TargetHealth;

fn answer(rollout: &Rollout, desired: i32) -> Value {
    let digest = "sha256:new".into();
    let status = rollout_status(rollout, &expected(&digest, desired));
    let answer = json!(Answer::from(status));
    assert_bounded(&answer);
    answer
}

/// What nobody should have to read.
fn hostile(text: &str) -> String {
    format!("{}\n\u{1b}[2J\u{202e}{}", text, "ä".repeat(5000))
}

fn stopped() -> Task {
    let container = |number: u32| {
        let container = Container::builder().name(hostile(&format!("c{number}")));
        container.exit_code(1).reason(hostile("no space")).build()
    };
    Task::builder()
        .task_definition_arn("td:2")
        .stopped_reason(hostile("Essential container exited"))
        .set_containers(Some((0..1000).map(container).collect()))
        .build()
}

#[test]
fn a_failure_with_thousands_of_events_and_containers_is_read_in_a_minute() {
    let mut failed = deployment("ours", "PRIMARY", DeploymentRolloutState::Failed);
    failed.rollout_state_reason = Some(hostile("ECS deployment circuit breaker"));
    let rollout = Rollout {
        deployments: vec![failed],
        stopped: vec![stopped(); 3],
        events: vec![hostile("unable to place a task"); 1000],
        ..steady()
    };
    let answer = answer(&rollout, 2);
    let reason = answer["reason"].as_str().unwrap_or_default();
    for part in [
        "ECS deployment circuit",
        "stopped task: Essential",
        "event: unable",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn five_thousand_failing_targets_are_counted() {
    let unhealthy = |number: u32| TargetHealth {
        reason: hostile("Target.Timeout"),
        ..target_health(&format!("fd00::{number:x}"), &hostile("unhealthy"))
    };
    let rollout = Rollout {
        targets: (0..5000).map(unhealthy).collect(),
        ..steady()
    };
    let answer = answer(&rollout, 2);
    let reason = answer["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("targets healthy 0 of 5000 registered, 2 wanted; [fd00::]:"));
}

#[test]
fn of_five_thousand_healthy_targets_as_many_are_listed_as_fit() {
    let id = |number: u32| format!("2001:db8:aaaa:bbbb:cccc:dddd:eeee:{number:04x}");
    let targets = (0..5000).map(|number| target_health(&id(number), "healthy"));
    let rollout = Rollout {
        targets: targets.collect(),
        ..steady()
    };
    let answer = answer(&rollout, 2);
    let listed: Vec<Target> = serde_json::from_value(answer["targets"].clone()).expect("targets");
    assert_eq!((listed.len(), &answer["registered"]), (2000, &json!(5000)));
    let reason =
        "5000 tasks run the image and are healthy; 2000 of them are listed, and smoke asks those";
    assert_eq!(answer["reason"], reason);
}
