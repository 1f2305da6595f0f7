//! What is compared between two revisions, and the roles that a revision with a migration needs.

use super::world::World;
use crate::preflight::{roles, same_but_slot};
use aws_sdk_ecs::types::TaskDefinition;
use serde_json::{Value, json};
use shared::MigrationTask;
use shared::ecs::RevisionContent;
use shared::run_task::RunTask;

/// A revision whose containers have these images; each has the slot.
fn revision(slot: &str, containers: &[(&str, &str)]) -> Value {
    let container = |(name, image): &(&str, &str)| {
        let variable = json!({"name": "DEPLOYMENT_SLOT", "value": slot});
        json!({"name": name, "image": image, "environment": [variable]})
    };
    let containers: Vec<_> = containers.iter().map(container).collect();
    json!({"family": "shop", "containerDefinitions": containers})
}

fn are_alike(one: &Value, other: &Value) -> bool {
    let content = |it: &Value| RevisionContent::of_answer(&json!({ "taskDefinition": it }));
    same_but_slot(&content(one), &content(other), "api")
}

#[test]
fn the_images_of_all_that_move_are_compared_by_what_runs() {
    let pinned = [("api", "shop@sha256:a"), ("worker", "shop@sha256:a")];
    let tagged = [("api", "shop:v1"), ("worker", "shop:v1")];
    let behind = [("api", "shop@sha256:a"), ("worker", "shop@sha256:b")];
    let by_tag = [("api", "shop@sha256:a"), ("worker", "shop:v1")];
    for (live, idle, same) in [
        (pinned, pinned, true),
        (pinned, tagged, true),
        (tagged, pinned, true),
        (behind, behind, true),
        (by_tag, by_tag, true),
        (pinned, behind, false),
        (behind, pinned, false),
        (tagged, by_tag, false),
    ] {
        let (one, other) = (revision("blue", &live), revision("green", &idle));
        assert_eq!(are_alike(&one, &other), same, "{live:?} {idle:?}");
    }
}

#[test]
fn another_sidecar_is_another_revision() {
    let with = |agent| revision("blue", &[("api", "shop:v1"), ("agent", agent)]);
    let (one, other) = (with("vendor/agent:1"), with("vendor/agent:2"));
    assert!(!are_alike(&one, &other));
}

#[test]
fn a_member_that_the_sdk_does_not_know_is_compared() {
    let live = revision("blue", &[("api", "shop:v1")]);
    let mut idle = revision("green", &[("api", "shop:v1")]);
    idle["revision"] = json!(6);
    idle["volumes"] = json!([]);
    idle["containerDefinitions"][0]["environment"] = json!([]);
    assert!(are_alike(&live, &idle));
    for (path, value) in [
        ("/trustedExecutionConfiguration", json!({"mode": "enclave"})),
        ("/containerDefinitions/0/newer", json!(false)),
    ] {
        let mut other = idle.clone();
        let (parent, name) = path.rsplit_once('/').expect("a path");
        other.pointer_mut(parent).expect("a parent")[name] = value;
        assert!(!are_alike(&live, &other), "{path}");
    }
}

/// A migration whose task gets these volumes.
fn migration(volumes: Value) -> MigrationTask {
    let volumes = serde_json::from_value(volumes).expect("volumes");
    MigrationTask {
        command: vec!["bin/migrate".to_owned()],
        container: "api".to_owned(),
        cluster: "green".to_owned(),
        group: "migration:r1".to_owned(),
        run_task: RunTask {
            volume_configurations: volumes,
            ..RunTask::default()
        },
    }
}

#[test]
fn the_role_of_a_migrations_volume_must_be_passable_too() {
    let (task, volumes) = (
        "arn:aws:iam::1:role/task",
        "arn:aws:iam::1:role/ecs-volumes",
    );
    let definition = TaskDefinition::builder()
        .task_role_arn(task)
        .execution_role_arn(task)
        .build();
    let check = |migration: Option<&MigrationTask>, passable: &[&str], expect: &[&str]| {
        let passable: Vec<_> = passable.iter().map(|it| (*it).to_owned()).collect();
        let findings = roles(&definition, migration, &passable);
        let found: Vec<_> = findings.iter().map(|it| it.found.as_str()).collect();
        assert_eq!(found, expect, "{passable:?}");
    };
    let scratch = json!({"Name": "scratch", "ManagedEBSVolume": {
        "RoleArn": volumes, "TerminationPolicy": {"DeleteOnTermination": true}}});
    let scratch = migration(json!([{"Name": "bare"}, scratch]));
    let missing = "volume scratch of the migration's task names arn:aws:iam::1:role/ecs-volumes";
    check(Some(&scratch), &[task, volumes], &[]);
    check(Some(&scratch), &["arn:aws:iam::1:role/*"], &[]);
    check(Some(&scratch), &[task], &[missing]);
    check(
        Some(&scratch),
        &[volumes],
        &["the task definition names arn:aws:iam::1:role/task"],
    );
    check(Some(&migration(json!([{"Name": "bare"}]))), &[task], &[]);
    check(None, &[task], &[]);
}

#[test]
fn what_moves_is_pinned_by_the_release_except_in_a_revision_of_the_team() {
    let mut world = World::healthy();
    world.containers()[0].image = Some("host/shop:v1@sha256:new".to_owned());
    world.add_container("worker", "host/shop:v1");
    assert_eq!(world.findings(), []);
    world.plan.task_definition = Some("shop:9".to_owned());
    let found: Vec<_> = world.findings().into_iter().map(|it| it.found).collect();
    assert_eq!(found, ["container worker runs host/shop:v1"]);
}
