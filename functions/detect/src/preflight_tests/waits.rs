//! What a preview says of the time that idle's own settings take.

use super::cases::Case;
use super::world::World;
use super::{check, world};
use crate::preflight::Severity::Note;
use crate::preflight::{CHECKS, may_pass, warnings};

/// Green's health check, with AWS's defaults.
fn defaults(world: &mut World) {
    world.group().health_check_interval_seconds = Some(30);
    world.group().healthy_threshold_count = Some(5);
}

fn percents(world: &mut World, least: i32, most: i32) {
    world.deployment().minimum_healthy_percent = Some(least);
    world.deployment().maximum_percent = Some(most);
}

pub const WAITS: &[Case] = &[
    (
        "release-waits",
        Note,
        "green: new tasks are healthy after 1 to 5 checks, one each 30 s; old ones are deregistered for up to 30 s: up to \
         180 s",
        defaults,
    ),
    (
        "release-waits",
        Note,
        "minimumHealthyPercent 50 and maximumPercent 100 let ECS replace 1 of 2 tasks at once: up to 360 s",
        |world| {
            defaults(world);
            percents(world, 50, 100);
        },
    ),
    (
        "release-waits",
        Note,
        "minimumHealthyPercent 100 and maximumPercent 100 leave ECS no room to replace one of 2 tasks",
        |world| {
            defaults(world);
            percents(world, 100, 100);
        },
    ),
    (
        "release-waits",
        Note,
        "green: new tasks are healthy after 1 to 5 checks, one each 30 s: up to 150 s",
        |world| {
            defaults(world);
            percents(world, 50, 100);
            world.plan.idle.running = 0;
        },
    ),
];

#[test]
fn a_note_refuses_nothing_and_warns_of_nothing() {
    let findings = world(|it| {
        defaults(it);
        it.policy.refuse_on_warnings = CHECKS.iter().map(|it| it.name.to_owned()).collect();
    });
    let findings = findings.findings();
    assert_eq!(findings.len(), 1);
    assert_eq!(may_pass(&findings), Ok(()));
    assert_eq!(warnings(&findings), Vec::<String>::new());
}

#[test]
fn what_aws_does_not_say_is_left_out() {
    let unknown = |it: &mut World| {
        defaults(it);
        it.attributes().deregistration_seconds = None;
    };
    check(unknown, "release-waits", Note, "one each 30 s: up to 150 s");
    let absent = world(|it| {
        defaults(it);
        it.group().health_check_interval_seconds = None;
    });
    assert_eq!(absent.findings(), []);
}
