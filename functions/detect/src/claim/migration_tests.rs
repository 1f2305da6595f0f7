//! The tests of `migration.rs`.

#[path = "migration_tests/policies.rs"]
mod policies;
#[path = "migration_tests/sql.rs"]
mod sql;

use super::*;
use aws_sdk_ecs::types::builders::ServiceBuilder;
use aws_sdk_ecs::types::{
    AssignPublicIp, AwsVpcConfiguration, CapacityProviderStrategyItem, LaunchType,
    NetworkConfiguration as ServiceNetwork,
};
use serde_json::{Value, json};

fn step(words: &[&str]) -> MigrationStep {
    MigrationStep {
        command: words.iter().map(|it| (*it).to_owned()).collect(),
        sql: None,
    }
}

fn placed(service: Option<ServiceBuilder>, name: &str) -> MigrationTask {
    let environment = EnvironmentObservation {
        service: service.map(ServiceBuilder::build),
        ..EnvironmentObservation::test("green")
    };
    migration_task(
        &step(&["bin/migrate", "up"]),
        &environment,
        "api",
        &ReleaseId::from(name),
    )
}

/// A task has these parameters beside those that are always there.
fn runs(service: Option<ServiceBuilder>, more: Value) {
    let mut expect = json!({
        "Cluster": "shop-green",
        "Group": "migration:r1",
        "Overrides": {"ContainerOverrides": [{"Name": "api", "Command": ["bin/migrate", "up"]}]},
    });
    let (expect_fields, more) = (expect.as_object_mut(), more.as_object().cloned());
    let expect_fields = expect_fields.expect("an object");
    expect_fields.extend(more.expect("an object"));
    assert_eq!(json!(placed(service, "r1").run_task), expect);
}

fn network(public: Option<AssignPublicIp>) -> ServiceNetwork {
    let vpc = AwsVpcConfiguration::builder()
        .subnets("subnet-1")
        .subnets("subnet-2")
        .security_groups("sg-1")
        .set_assign_public_ip(public);
    let vpc = vpc.build().expect("complete");
    ServiceNetwork::builder().awsvpc_configuration(vpc).build()
}

fn policy(command: &str, dialect: &str, stable: &str) -> Result<MigrationPolicy, Error> {
    policy_with(&[
        ("MIGRATION_COMMAND", command),
        ("SQL_DIALECT", dialect),
        ("STABLE_RELEASES_BEFORE_CONTRACT", stable),
    ])
}

/// The policy of these variables, and where they say nothing, of a stack whose requests bring commands.
fn policy_with(values: &[(&str, &str)]) -> Result<MigrationPolicy, Error> {
    let usual = [
        ("COMMANDS_FROM", "request"),
        ("SQL_DIALECT", "mysql"),
        ("STABLE_RELEASES_BEFORE_CONTRACT", "2"),
    ];
    MigrationPolicy::read(&Settings(|name: &str| {
        let mut values = values.iter().chain(&usual);
        let value = values.find(|(known, _)| *known == name);
        value.map(|(_, value)| (*value).to_owned())
    }))
}

#[test]
fn a_task_on_fargate_runs_in_the_services_subnets_and_version() {
    let service = Service::builder()
        .launch_type(LaunchType::Fargate)
        .platform_version("1.4.0")
        .network_configuration(network(None));
    runs(
        Some(service),
        json!({
            "LaunchType": "FARGATE",
            "PlatformVersion": "1.4.0",
            "NetworkConfiguration": {"AwsvpcConfiguration": {
                "Subnets": ["subnet-1", "subnet-2"], "SecurityGroups": ["sg-1"],
            }},
        }),
    );
}

#[test]
fn a_capacity_provider_strategy_takes_the_place_of_the_launch_type() {
    let service = |provider: &str| {
        let item = CapacityProviderStrategyItem::builder().capacity_provider(provider);
        let item = item.weight(3).base(1).build().expect("complete");
        let service = Service::builder().launch_type(LaunchType::Ec2);
        Some(service.capacity_provider_strategy(item))
    };
    let strategy = json!([{"CapacityProvider": "large", "Weight": 3, "Base": 1}]);
    runs(
        service("large"),
        json!({"CapacityProviderStrategy": strategy}),
    );
    runs(service("FARGATE_SPOT"), json!({"LaunchType": "FARGATE"}));
}

#[test]
fn a_task_gets_a_public_address_as_the_services_tasks_do() {
    for (public, word) in [
        (AssignPublicIp::Enabled, "ENABLED"),
        (AssignPublicIp::Disabled, "DISABLED"),
    ] {
        let service = Service::builder().network_configuration(network(Some(public)));
        let vpc = json!({
            "Subnets": ["subnet-1", "subnet-2"], "SecurityGroups": ["sg-1"], "AssignPublicIp": word,
        });
        runs(
            Some(service),
            json!({"NetworkConfiguration": {"AwsvpcConfiguration": vpc}}),
        );
    }
}

#[test]
fn a_service_without_a_network_configuration_places_its_task_without_one() {
    let service = Service::builder().launch_type(LaunchType::Ec2);
    runs(Some(service), json!({"LaunchType": "EC2"}));
    runs(Some(Service::builder()), json!({}));
    runs(None, json!({}));
}

#[test]
fn a_task_is_found_again_by_what_ecs_takes_of_the_executions_name() {
    for (name, expect) in [
        ("r1", "r1"),
        ("Nightly_2026-11-23", "Nightly_2026-11-23"),
        ("a.b c/d:e+f", "a-b-c-d-e-f"),
        ("größer", "gr--er"),
        (&"x".repeat(300), &"x".repeat(GROUP)),
    ] {
        let migration = placed(None, name);
        let expect = format!("migration:{expect}");
        assert_eq!(migration.group, expect);
        assert_eq!(migration.run_task.group, expect);
    }
}

#[test]
fn a_migration_says_beside_its_parameters_what_it_runs_and_where() {
    let migration = placed(None, "r1");
    assert_eq!(migration.command, ["bin/migrate", "up"]);
    assert_eq!(
        (migration.container.as_str(), migration.cluster.as_str()),
        ("api", "shop-green")
    );
}
