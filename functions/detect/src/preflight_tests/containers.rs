//! The rows of the checks that read the wanted revision's containers: what the service expects of them, which image each
//! runs, and whether a name fits both environments.

use super::cases::Case;
use super::{check, world};
use crate::preflight::Severity::{Refusal, Warning};
use aws_sdk_ecs::types::{
    EfsVolumeConfiguration, EnvironmentFile, HostVolumeProperties, Secret, ServiceRegistry, Volume,
};

pub const CONTAINERS: &[Case] = &[
    (
        "container-mismatch",
        Refusal,
        "green's service api expects container app-v2:8080, the task definition has api:8080",
        |world| world.balancers()[0].container_name = Some("app-v2".to_owned()),
    ),
    (
        "container-mismatch",
        Refusal,
        "green's service api expects container api:9090, the task definition has api:8080",
        |world| world.balancers()[0].container_port = Some(9090),
    ),
    (
        "container-mismatch",
        Refusal,
        "green's service api expects container api:8101, the task definition has api:8000-8100",
        |world| {
            let mapping = &mut world.containers()[0].port_mappings;
            let mapping = &mut mapping.as_mut().expect("mappings")[0];
            mapping.container_port = None;
            mapping.container_port_range = Some("8000-8100".to_owned());
            world.balancers()[0].container_port = Some(8101);
        },
    ),
    (
        "container-mismatch",
        Refusal,
        "green's service api expects container envoy, the task definition has api:8080",
        |world| {
            let registry = ServiceRegistry::builder().container_name("envoy");
            world.service().service_registries = Some(vec![registry.build()]);
        },
    ),
    (
        "container-mismatch",
        Refusal,
        "blue's service api expects container app-v1:8080, the task definition has api:8080",
        |world| {
            let service = world.blue().service.as_mut().expect("a service");
            let balancers = service.load_balancers.get_or_insert_default();
            balancers[0].container_name = Some("app-v1".to_owned());
        },
    ),
    (
        "other-image",
        Warning,
        "container worker runs host/shop@sha256:old, another image than api",
        |world| {
            world.containers()[0].image = Some("host/shop:v1.0.0@sha256:live".to_owned());
            world.add_container("worker", "host/shop@sha256:old");
        },
    ),
    (
        "other-image",
        Warning,
        "container worker runs host/shop@sha256:old, api runs host/shop:v1.0.0: only the tag's digest says whether",
        |world| world.add_container("worker", "host/shop@sha256:old"),
    ),
    (
        "unpinned-image",
        Warning,
        "container agent runs vendor/agent:latest",
        |world| world.add_container("agent", "vendor/agent:latest"),
    ),
    (
        "unpinned-image",
        Warning,
        "container agent runs localhost:5000/agent",
        |world| world.add_container("agent", "localhost:5000/agent"),
    ),
    (
        "unpinned-image",
        Warning,
        "container worker runs host/shop:v1.1.0",
        |world| {
            world.own_revision();
            world.containers()[0].image = Some("host/shop:v1.1.0@sha256:new".to_owned());
            world.add_container("worker", "host/shop:v1.1.0");
        },
    ),
    (
        "secret-in-variable",
        Warning,
        "what looks like a secret is in variable DB_URL of container api, variable TOKEN of container api, \
         log option splunk-token of container api",
        |world| {
            world.set_variable("DB_URL", "postgres://ops:s3cret@db.internal/shop");
            world.set_variable("TOKEN", "a94a8fe5ccb19ba6");
            world.set_variable("TOKEN_TTL", "3600");
            world.set_log_option("splunk-token", "176FCEBF-4CF5-4EDF-91BC-703796522D20");
            world.set_log_option("splunk-url", "https://splunk.internal:8088");
        },
    ),
    (
        "secret-in-variable",
        Warning,
        "what looks like a secret is in label com.example.api-key of container api, the command of container api",
        |world| {
            let label = (
                "com.example.api-key".to_owned(),
                "a94a8fe5ccb19ba6".to_owned(),
            );
            let api = &mut world.containers()[0];
            api.docker_labels = Some([label].into());
            api.command = Some(vec!["--db-password".to_owned(), "x7Gh2kQ9".to_owned()]);
        },
    ),
    (
        "slot-in-variable",
        Warning,
        "green is named by variable STAGE of container api",
        |world| world.set_variable("STAGE", "Green"),
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by variable SERVICE_NAME of container api",
        |world| world.set_variable("SERVICE_NAME", "app-blue"),
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by family shop-blue",
        |world| world.wanted().family = Some("shop-blue".to_owned()),
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by log group /ecs/shop/blue of container api, log option awslogs-stream-prefix of container api",
        |world| {
            world.set_log_option("awslogs-group", "/ecs/shop/blue");
            world.set_log_option("awslogs-stream-prefix", "blue");
        },
    ),
    (
        "slot-in-variable",
        Warning,
        "green is named by container agent-green",
        |world| world.add_container("agent-green", "vendor/agent@sha256:a"),
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by secret DB of container api",
        |world| {
            let secret = Secret::builder()
                .name("DB")
                .value_from("arn:secret:prod/blue/db");
            let secret = secret.build().expect("complete");
            world.containers()[0].secrets = Some(vec![secret]);
        },
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by an environment file of container api, the command of container api",
        |world| {
            let file = EnvironmentFile::builder().value("arn:aws:s3:::shop/blue.env");
            let file = file.r#type("s3".into()).build().expect("complete");
            world.containers()[0].environment_files = Some(vec![file]);
            world.containers()[0].command = Some(vec!["--slot=blue".to_owned()]);
        },
    ),
    (
        "slot-in-variable",
        Warning,
        "blue is named by label host of container api, label tier of container api",
        |world| {
            let labels = [
                ("tier", "blue"),
                ("team", "bluebird"),
                ("host", "blue.shop.example"),
            ];
            let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
            world.containers()[0].docker_labels = Some(labels.into());
        },
    ),
    (
        "slot-in-variable",
        Warning,
        "green is named by volume green-data, the host's path of volume cache, the root directory of volume files",
        |world| {
            let cache = HostVolumeProperties::builder().source_path("/var/green/cache");
            let files = EfsVolumeConfiguration::builder().file_system_id("fs-1");
            let files = files.root_directory("/green").build().expect("complete");
            world.wanted().volumes = Some(vec![
                Volume::builder().name("green-data").build(),
                Volume::builder().name("cache").host(cache.build()).build(),
                Volume::builder()
                    .name("files")
                    .efs_volume_configuration(files)
                    .build(),
            ]);
        },
    ),
];

#[test]
fn what_a_variable_holds_is_never_shown() {
    let world = world(|it| it.set_variable("DB_URL", "postgres://ops:s3cret@blue.db"));
    let findings = world.findings();
    let found: Vec<_> = findings.iter().map(|it| it.found.as_str()).collect();
    let place = "variable DB_URL of container api";
    let slot = format!("blue is named by {place}");
    let secret = format!("what looks like a secret is in {place}");
    assert_eq!(found, [slot, secret]);
    assert!(!format!("{findings:?}").contains("s3cret"));
}

#[test]
fn names_of_both_environments_are_two_findings() {
    let world = world(|it| {
        it.set_variable("SELF", "app-blue");
        it.set_variable("PEER", "app-green");
    });
    let found: Vec<_> = world.findings().into_iter().map(|it| it.found).collect();
    let named = |slot: &str, variable: &str| {
        format!("{slot} is named by variable {variable} of container api")
    };
    assert_eq!(found, [named("blue", "SELF"), named("green", "PEER")]);
}

#[test]
fn an_old_image_by_its_tag_is_left_alone_and_may_differ() {
    let world = world(|it| it.add_container("worker", "host/shop:v0.9.0"));
    let found: Vec<_> = world.findings().into_iter().map(|it| it.name).collect();
    assert_eq!(found, ["other-image", "unpinned-image"]);
}

#[test]
fn the_released_container_need_not_be_pinned() {
    let untagged = |it: &mut super::World| {
        it.containers()[0].image = Some("host/shop".to_owned());
        it.add_container("agent", "vendor/agent:1");
    };
    check(untagged, "unpinned-image", Warning, "container agent");
}
