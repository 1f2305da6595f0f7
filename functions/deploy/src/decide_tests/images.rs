//! Which image each container of our tasks has to run.

use super::{check, task};
use crate::rollout::Rollout;
use aws_sdk_ecs::types::Container;

/// Our first task also runs a container of this name and image, and ECS reports this status and digest for it.
fn also_runs(
    name: &'static str,
    image: &'static str,
    status: &'static str,
    digest: Option<&'static str>,
) -> impl Fn(&mut Rollout) {
    move |rollout| {
        let container = Container::builder().name(name).image(image);
        let container = container.last_status(status);
        let container = container.set_image_digest(digest.map(str::to_owned));
        let containers = rollout.running[0].containers.get_or_insert_default();
        containers.push(container.build());
    }
}

#[test]
fn a_container_that_was_left_behind_is_named() {
    for (name, image, digest, found) in [
        ("worker", "shop@sha256:old", None, "sha256:old"),
        ("worker", "shop:v1.0.0", Some("sha256:old"), "sha256:old"),
        (
            "migrate",
            "shop@sha256:old",
            Some("sha256:old"),
            "sha256:old",
        ),
    ] {
        let expect = format!("Failed(\"container {name} runs {found}, expected sha256:new\")");
        check(also_runs(name, image, "RUNNING", digest), &expect);
    }
}

#[test]
fn an_init_container_that_has_ended_counts_by_its_digest() {
    let ended = |image, digest| also_runs("migrate", image, "STOPPED", digest);
    check(ended("shop@sha256:new", None), "Steady(");
    check(ended("shop:v1.1.0", Some("sha256:new")), "Steady(");
    check(
        ended("shop:v1.0.0", Some("sha256:old")),
        "Failed(\"container migrate runs sha256:old, expected sha256:new\")",
    );
}

#[test]
fn what_reports_no_digest_yet_and_what_does_not_move_say_nothing() {
    check(
        also_runs("worker", "shop:v1.1.0", "PENDING", None),
        "Steady(",
    );
    let agent = also_runs("agent", "vendor/agent@sha256:x", "RUNNING", None);
    check(agent, "Steady(");
}

#[test]
fn tasks_of_another_revision_may_run_any_image() {
    check(
        |rollout| rollout.running.push(task("td:1", "shop@sha256:old")),
        "Waiting(\"1 tasks of another revision still running\")",
    );
}
