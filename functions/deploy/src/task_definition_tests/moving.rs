//! Every container that runs the released container's image gets the new one, and the slot.

use crate::task_definition::with_image;
use serde_json::{Value, json};
use shared::Environment;
use shared::ecs::RevisionContent;

const NEW: &str = "shop@sha256:new";

/// A container with the value of its DEPLOYMENT_SLOT, if it has one.
type Container<'a> = (&'a str, &'a str, Option<&'a str>);

fn definition((name, image, slot): Container<'_>) -> Value {
    let slot = slot.map(|slot| json!([{"name": "DEPLOYMENT_SLOT", "value": slot}]));
    json!({"name": name, "image": image, "environment": slot})
}

fn content(containers: &[Container<'_>]) -> RevisionContent {
    let containers: Vec<_> = containers.iter().map(|it| definition(*it)).collect();
    let definition = json!({ "containerDefinitions": containers });
    RevisionContent::of_answer(&json!({ "taskDefinition": definition }))
}

/// A release of `api` to green makes `expect` of `live`.
fn check(live: &[Container<'_>], expect: &[Container<'_>]) {
    let wanted = with_image(&content(live), "api", NEW, Environment::Green);
    let wanted = wanted.expect("api is there");
    assert_eq!(wanted.as_json(), content(expect).as_json());
}

#[test]
fn a_worker_and_an_init_container_of_the_same_image_get_the_new_one() {
    check(
        &[
            ("api", "shop:v1.0.0", None),
            ("worker", "shop:v1.0.0", None),
            ("migrate", "shop:v1.0.0", None),
            ("agent", "vendor/agent:latest", None),
        ],
        &[
            ("api", NEW, Some("green")),
            ("worker", NEW, Some("green")),
            ("migrate", NEW, Some("green")),
            ("agent", "vendor/agent:latest", None),
        ],
    );
}

#[test]
fn the_next_release_finds_them_again_by_the_digest() {
    check(
        &[
            ("migrate", "shop@sha256:old", Some("blue")),
            ("api", "shop@sha256:old", Some("blue")),
            ("worker", "shop@sha256:old", Some("blue")),
        ],
        &[
            ("migrate", NEW, Some("green")),
            ("api", NEW, Some("green")),
            ("worker", NEW, Some("green")),
        ],
    );
}

#[test]
fn another_build_of_the_repository_stays_as_it_is() {
    check(
        &[
            ("api", "shop@sha256:old", Some("blue")),
            ("worker", "shop:v1.0.0", None),
            ("proxy", "shop@sha256:proxy", None),
        ],
        &[
            ("api", NEW, Some("green")),
            ("worker", "shop:v1.0.0", None),
            ("proxy", "shop@sha256:proxy", None),
        ],
    );
}

#[test]
fn a_sidecar_that_asks_for_the_slot_gets_the_right_one() {
    check(
        &[
            ("api", "shop:v1.0.0", None),
            ("log-router", "fluent-bit:2", Some("blue")),
        ],
        &[
            ("api", NEW, Some("green")),
            ("log-router", "fluent-bit:2", Some("green")),
        ],
    );
}
