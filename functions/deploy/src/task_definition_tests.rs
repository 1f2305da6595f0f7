//! The new revision loses nothing of the live one, and is recognised when it is there already.
// A revision that has inference accelerators keeps them, though AWS retired them.
#![allow(deprecated)]

mod moving;

use crate::task_definition::{is_registered, with_image};
use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder as Registration;
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, EphemeralStorage, InferenceAccelerator, IpcMode,
    KeyValuePair, NetworkMode, PidMode, ProxyConfiguration, RuntimePlatform, Secret, Tag,
    TaskDefinition, TaskDefinitionPlacementConstraint, Volume,
};
use shared::Environment;
use shared::SLOT_VARIABLE;

/// A revision with every field set that RegisterTaskDefinition takes.
fn full() -> TaskDefinition {
    let sidecar = ContainerDefinition::builder()
        .name("proxy")
        .image("proxy:1")
        .build();
    let api = ContainerDefinition::builder()
        .name("api")
        .image("shop@sha256:old")
        .cpu(256)
        .user("app")
        .build();
    TaskDefinition::builder()
        .family("shop")
        .task_role_arn("arn:task")
        .execution_role_arn("arn:execution")
        .network_mode(NetworkMode::Awsvpc)
        .container_definitions(sidecar)
        .container_definitions(api)
        .volumes(Volume::builder().name("cache").build())
        .placement_constraints(
            TaskDefinitionPlacementConstraint::builder()
                .expression("az")
                .build(),
        )
        .requires_compatibilities(Compatibility::Fargate)
        .cpu("256")
        .memory("512")
        .pid_mode(PidMode::Task)
        .ipc_mode(IpcMode::Task)
        .proxy_configuration(
            ProxyConfiguration::builder()
                .container_name("proxy")
                .build()
                .expect("complete"),
        )
        .inference_accelerators(
            InferenceAccelerator::builder()
                .device_name("d")
                .device_type("t")
                .build()
                .expect("complete"),
        )
        .ephemeral_storage(EphemeralStorage::builder().size_in_gib(30).build())
        .runtime_platform(RuntimePlatform::builder().build())
        .enable_fault_injection(true)
        .revision(7)
        .build()
}

fn tags() -> Vec<Tag> {
    vec![Tag::builder().key("team").value("shop").build()]
}

fn green() -> Registration {
    with_image(
        &full(),
        &tags(),
        "api",
        "shop@sha256:new",
        Environment::Green,
    )
    .expect("api is there")
}

#[test]
fn no_field_that_registration_takes_is_lost() {
    let input = green().build().expect("complete");
    // Debug shows every field of the SDK's input, also one that a newer SDK adds.
    let text = format!("{input:#?}");
    let fields = text
        .lines()
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    let lost: Vec<_> = fields.filter(|line| line.ends_with(": None,")).collect();
    assert_eq!(lost, Vec::<&str>::new());
    assert!(
        text.contains("    enable_fault_injection: Some("),
        "the shape is read as expected"
    );
}

#[test]
fn only_the_image_and_the_slot_of_the_named_container_change() {
    let mut containers = green()
        .get_container_definitions()
        .clone()
        .expect("containers");
    let slot = KeyValuePair::builder()
        .name(SLOT_VARIABLE)
        .value("green")
        .build();
    assert_eq!(containers[1].environment(), [slot]);
    containers[1].environment = None;
    containers[1].image = Some("shop@sha256:old".to_owned());
    assert_eq!(containers, full().container_definitions());
}

#[test]
fn a_slot_that_is_set_is_replaced() {
    let mut live = full();
    live.container_definitions = green().get_container_definitions().clone();
    let blue = with_image(&live, &[], "api", "shop@sha256:newer", Environment::Blue)
        .expect("api is there");
    let containers = blue
        .get_container_definitions()
        .clone()
        .expect("containers");
    let slot = KeyValuePair::builder()
        .name(SLOT_VARIABLE)
        .value("blue")
        .build();
    assert_eq!(
        (containers[1].environment(), blue.get_tags()),
        ([slot].as_slice(), &None)
    );
}

#[test]
fn a_revision_that_is_registered_is_recognised() {
    let newest = TaskDefinition::builder()
        .set_container_definitions(green().get_container_definitions().clone());
    assert!(
        !is_registered(&newest.build(), &tags(), &green()),
        "the other fields differ"
    );
    let mut newest = full();
    newest.container_definitions = green().get_container_definitions().clone();
    assert!(is_registered(&newest, &tags(), &green()));
    assert!(!is_registered(&newest, &[], &green()), "the tags differ");
}

#[test]
fn a_container_that_is_not_there_is_named_with_those_that_are() {
    let error =
        with_image(&full(), &[], "web", "shop@sha256:new", Environment::Green).expect_err("no web");
    assert!(
        error.as_str().contains("container web") && error.as_str().contains(r#"["proxy", "api"]"#),
        "{error}"
    );
}

#[test]
fn another_order_of_the_same_things_is_the_same_revision() {
    let variable = |name: &str| KeyValuePair::builder().name(name).value("1").build();
    let secret = |name: &str| {
        let secret = Secret::builder().name(name).value_from("arn:secret");
        secret.build().expect("complete")
    };
    let tag = |key: &str| Tag::builder().key(key).value("1").build();
    let mut live = full();
    let api = &mut live.container_definitions.as_mut().expect("containers")[1];
    api.environment = Some(vec![variable("Z"), variable("A")]);
    api.secrets = Some(vec![secret("Z"), secret("A")]);
    let wanted = |live, tags: &[Tag]| {
        with_image(live, tags, "api", "shop@sha256:new", Environment::Green).expect("api is there")
    };
    let registered = wanted(&live, &[tag("z"), tag("a")]);
    let mut newest = live.clone();
    let mut containers = registered.get_container_definitions().clone();
    let list = containers.as_mut().expect("containers");
    list[1].environment.as_mut().expect("variables").reverse();
    list[1].secrets.as_mut().expect("secrets").reverse();
    list.reverse();
    newest.container_definitions = containers;
    assert!(is_registered(&newest, &[tag("a"), tag("z")], &registered));
    let api = &mut newest.container_definitions.as_mut().expect("containers")[0];
    api.environment.as_mut().expect("variables").pop();
    assert!(!is_registered(&newest, &[tag("a"), tag("z")], &registered));
}

#[test]
fn tags_that_aws_reserves_are_not_sent() {
    let tag = |key: &str| Tag::builder().key(key).value("1").build();
    let found = [tag("aws:stack"), tag("AWS:owner"), tag("awsome"), tag("é")];
    let check = |tags: &[Tag], expect: Option<Vec<Tag>>| {
        let wanted = with_image(&full(), tags, "api", "shop@sha256:new", Environment::Green);
        assert_eq!(wanted.expect("api is there").get_tags(), &expect);
    };
    check(&found, Some(found[2..].to_vec()));
    check(&found[..2], None);
}
