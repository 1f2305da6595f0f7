//! The new revision: the live one with another image and another slot, and nothing else changed.

use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder as Registration;
use aws_sdk_ecs::types::{ContainerDefinition, KeyValuePair, Tag, TaskDefinition};
use shared::Environment;

/// Tells the tasks which environment they run in, for their logs and metrics; never for their behaviour.
pub const SLOT_VARIABLE: &str = "DEPLOYMENT_SLOT";

/// What to register so that `container` runs `image` in `slot`, from the revision that runs now.
///
/// Everything that RegisterTaskDefinition takes is carried over. What DescribeTaskDefinition shows besides
/// (ARN, revision, status, required attributes, compatibilities, registration) is ECS's own, and is not taken.
pub fn wanted(
    live: &TaskDefinition,
    tags: &[Tag],
    container: &str,
    image: &str,
    slot: Environment,
) -> Result<Registration, String> {
    let mut containers = live.container_definitions().to_vec();
    let names: Vec<_> = containers
        .iter()
        .filter_map(|it| it.name().map(str::to_owned))
        .collect();
    let released = containers
        .iter_mut()
        .find(|it| it.name() == Some(container))
        .ok_or_else(|| {
            format!(
                "expected a container {container} in {}, found {names:?}",
                live.task_definition_arn().unwrap_or("it")
            )
        })?;
    retarget(released, image, slot);
    Ok(carried_over(live, containers, tags))
}

fn retarget(container: &mut ContainerDefinition, image: &str, slot: Environment) {
    container.image = Some(image.to_owned());
    let variables = container.environment.get_or_insert_default();
    match variables
        .iter_mut()
        .find(|variable| variable.name() == Some(SLOT_VARIABLE))
    {
        Some(variable) => variable.value = Some(slot.name().to_owned()),
        None => variables.push(
            KeyValuePair::builder()
                .name(SLOT_VARIABLE)
                .value(slot.name())
                .build(),
        ),
    }
}

// AWS retired inference accelerators, but a revision that has them keeps them.
#[allow(deprecated)]
fn carried_over(
    live: &TaskDefinition,
    containers: Vec<ContainerDefinition>,
    tags: &[Tag],
) -> Registration {
    let live = live.clone();
    Registration::default()
        .set_family(live.family)
        .set_task_role_arn(live.task_role_arn)
        .set_execution_role_arn(live.execution_role_arn)
        .set_network_mode(live.network_mode)
        .set_container_definitions(Some(containers))
        .set_volumes(live.volumes)
        .set_placement_constraints(live.placement_constraints)
        .set_requires_compatibilities(live.requires_compatibilities)
        .set_cpu(live.cpu)
        .set_memory(live.memory)
        // ECS refuses an empty list of tags.
        .set_tags((!tags.is_empty()).then(|| tags.to_vec()))
        .set_pid_mode(live.pid_mode)
        .set_ipc_mode(live.ipc_mode)
        .set_proxy_configuration(live.proxy_configuration)
        .set_inference_accelerators(live.inference_accelerators)
        .set_ephemeral_storage(live.ephemeral_storage)
        .set_runtime_platform(live.runtime_platform)
        .set_enable_fault_injection(live.enable_fault_injection)
}

/// Whether a registered revision is what we would register.
pub fn is_registered(newest: &TaskDefinition, tags: &[Tag], wanted: &Registration) -> bool {
    carried_over(newest, newest.container_definitions().to_vec(), tags) == *wanted
}

#[cfg(test)]
#[allow(deprecated)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{
        Compatibility, EphemeralStorage, InferenceAccelerator, IpcMode, NetworkMode, PidMode,
        ProxyConfiguration, RuntimePlatform, TaskDefinitionPlacementConstraint, Volume,
    };

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
        wanted(
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
        let blue = wanted(&live, &[], "api", "shop@sha256:newer", Environment::Blue)
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
            wanted(&full(), &[], "web", "shop@sha256:new", Environment::Green).expect_err("no web");
        assert!(
            error.contains("container web") && error.contains(r#"["proxy", "api"]"#),
            "{error}"
        );
    }
}
