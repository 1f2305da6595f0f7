//! deploy's preview: what the registration would change.

use super::family::{Family, revision};
use fixtures::assert_bounded;
use serde_json::{Value, json};

#[tokio::test]
async fn a_preview_names_what_the_registration_would_change() {
    let container = "containerDefinitions.api";
    let changed = |field: &str, before: &str, after: &str| {
        let field = format!("{container}.{field}");
        json!({"field": field, "change": "changed", "before": before, "after": after})
    };
    let changes = json!([
        changed("environment.DEPLOYMENT_SLOT.value", "blue", "green"),
        changed("image", "shop@sha256:old", "shop@sha256:new"),
    ]);
    for (newest, registers) in [
        (revision(1, "shop@sha256:old", "blue"), true),
        (revision(2, "shop@sha256:new", "green"), false),
    ] {
        let family = Family::new(revision(1, "shop@sha256:old", "blue"), newest);
        let answer = family.ask("preview").await.expect("a preview");
        let revision = json!({"replaces": "shop:1", "registers": registers, "changes": changes, "moreChanges": 0});
        let expect = json!({"taskDefinition": revision, "desired": {"before": 2, "after": 2}});
        assert_eq!(json!(answer), expect);
        assert_eq!(family.sent("RegisterTaskDefinition"), [Value::Null; 0]);
    }
}

#[tokio::test]
async fn a_preview_sees_members_that_the_sdk_does_not_know_and_shows_no_value_of_them() {
    let mut on_idle = revision(2, "shop@sha256:new", "green");
    on_idle["trustedExecutionConfiguration"] = json!({"mode": "enclave"});
    let mut live = revision(1, "shop@sha256:old", "blue");
    live["containerDefinitions"][0]["newer"] = json!({"on": true});
    let mut family = Family::new(live, on_idle);
    family.idle_runs = "shop:2";
    let answer = json!(family.ask("preview").await.expect("a preview"));
    let changes = json!([
        {"field": "containerDefinitions.api.newer.on", "change": "added"},
        {"field": "trustedExecutionConfiguration.mode", "change": "removed"},
    ]);
    let expect =
        json!({"replaces": "shop:2", "registers": true, "changes": changes, "moreChanges": 0});
    assert_eq!(answer["taskDefinition"], expect);
}

#[tokio::test]
async fn a_preview_of_many_new_variables_fits_and_still_shows_the_image() {
    let mut live = revision(1, "shop@sha256:old", "blue");
    let variables = live["containerDefinitions"][0]["environment"].as_array_mut();
    let variables = variables.expect("variables");
    let variable = |number: u32| json!({"name": format!("VARIABLE_{number:04}"), "value": "1"});
    variables.extend((0..1500).map(variable));
    let mut family = Family::new(live, revision(2, "shop@sha256:other", "green"));
    family.idle_runs = "shop:2";
    let answer = json!(family.ask("preview").await.expect("a preview"));
    assert_bounded(&answer);
    let changes = &answer["taskDefinition"]["changes"];
    assert!(changes.to_string().len() < 65 * 1024);
    let listed = changes.as_array().expect("changes");
    assert_eq!(listed[0]["field"], "containerDefinitions.api.image");
    // Each variable has a name and a value.
    let more = answer["taskDefinition"]["moreChanges"].as_u64();
    assert_eq!(more.map(|more| more + listed.len() as u64), Some(3001));
}
