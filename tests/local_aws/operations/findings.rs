//! What a preflight finds on a stage where much is wrong, and what a release does about it.

use super::found::{findings, holds};
use crate::common::{execute, local, on_a_stage, preview, put, result};
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, DeploymentCircuitBreaker, DeploymentConfiguration,
    KeyValuePair, LogConfiguration, LogDriver, PortMapping, Secret,
};
use aws_sdk_elasticloadbalancingv2::types::{Matcher, TargetGroupAttribute};
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::json;
use shared::Environment::Green;
use std::sync::Arc;

/// A secret that nobody made, which detect may read.
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";

/// Green's target group and service as a hasty person would leave them.
async fn neglect(stage: &Stage) -> Result<()> {
    let (elb, groups) = (stage.aws.elb(), stage.target_groups()?);
    let call = elb.modify_target_group().target_group_arn(&groups.green);
    let call = call
        .health_check_path("/")
        .health_check_interval_seconds(60)
        .unhealthy_threshold_count(5);
    call.matcher(Matcher::builder().http_code("200-399").build())
        .send()
        .await?;
    let attribute = |key: &str, value: &str| {
        TargetGroupAttribute::builder()
            .key(key)
            .value(value)
            .build()
    };
    let call = elb
        .modify_target_group_attributes()
        .target_group_arn(&groups.green);
    let call = call.attributes(attribute("stickiness.enabled", "true"));
    call.attributes(attribute("deregistration_delay.timeout_seconds", "0"))
        .send()
        .await?;
    let breaker = DeploymentCircuitBreaker::builder()
        .enable(false)
        .rollback(false)
        .build();
    let configuration = DeploymentConfiguration::builder().deployment_circuit_breaker(breaker);
    let call = stage
        .aws
        .ecs()
        .update_service()
        .cluster("shop-env-green")
        .service("api");
    call.deployment_configuration(configuration.build())
        .send()
        .await?;
    stage.scale(Green, 1).await?;
    local()
        .proxy
        .scales_up_to(&stage.aws.account, "service/shop-env-green/api", 1);
    Ok(())
}

/// An alarm of the team's, in ALARM.
async fn alarm(stage: &Stage) -> Result<()> {
    let cloudwatch = stage.aws.cloudwatch();
    let call = cloudwatch
        .put_metric_alarm()
        .alarm_name("checkout")
        .namespace("Shop")
        .metric_name("Latency");
    let call = call
        .period(60)
        .statistic(Statistic::Maximum)
        .evaluation_periods(1)
        .threshold(1.0);
    call.comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .send()
        .await?;
    let call = cloudwatch
        .set_alarm_state()
        .alarm_name("checkout")
        .state_value(StateValue::Alarm);
    call.state_reason("too slow").send().await?;
    Ok(())
}

/// A revision of the team's own, for an image of another machine, which names what does not exist.
async fn revision(stage: &Stage) -> Result<String> {
    let digest = put(stage, "v1.1.0-arm64").await?;
    let host = format!("{}.dkr.ecr.eu-west-1.amazonaws.com", stage.aws.account);
    let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
    let logs = logs.options("awslogs-group", "nowhere").build()?;
    let container = ContainerDefinition::builder()
        .name("api")
        .image(format!("{host}/{REPOSITORY}@{digest}"));
    let container =
        container.environment(KeyValuePair::builder().name("COLOUR").value("blue").build());
    let port = PortMapping::builder().container_port(8080).build();
    let container = container.port_mappings(port);
    let container = container.secrets(Secret::builder().name("DB").value_from(SECRET).build()?);
    let call = stage
        .aws
        .ecs()
        .register_task_definition()
        .family("own")
        .requires_compatibilities(Compatibility::Fargate)
        .cpu("256")
        .memory("512");
    let output = call
        .container_definitions(container.log_configuration(logs).build())
        .send()
        .await?;
    let definition = output.task_definition.context("no revision")?;
    definition.task_definition_arn.context("no ARN")
}

/// Given a neglected environment, an alarm that is on, and a revision that cannot start
/// When its release is previewed, and then requested
/// Then the preview finds all of it, and the release is refused before anything is touched.
#[test]
fn everything_that_a_release_could_stumble_over_is_found_before_it() {
    let parameters = [
        ("AlarmNames", "checkout"),
        ("SecretArns", SECRET),
        ("RefuseOnWarnings", "health-path"),
    ];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        neglect(&stage).await?;
        alarm(&stage).await?;
        let request = json!({"taskDefinition": revision(&stage).await?});
        let before = stage.services().await?;
        let found = findings(&preview(&stage, request.clone()).await?);
        let expect = [
            ("alarm-on", "refusal"),
            ("no-log-group", "refusal"),
            ("no-secret", "refusal"),
            ("wrong-architecture", "refusal"),
            // A parameter makes a refusal of it.
            ("health-path", "refusal"),
            ("health-matcher", "warning"),
            ("slow-health-check", "warning"),
            ("target-stickiness", "warning"),
            ("deregistration-delay", "warning"),
            ("no-circuit-breaker", "warning"),
            ("low-desired-count", "warning"),
            ("low-scaling-ceiling", "warning"),
            ("slot-in-variable", "warning"),
            ("release-waits", "note"),
        ];
        holds(&found, &expect);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        let end = execute(&stage, request).await?;
        assert_eq!(result(&end), "ReleaseRefused", "{end:?}");
        for (name, _) in &expect[..5] {
            assert!(end.cause.contains(name), "{name}: {}", end.cause);
        }
        assert!(!end.states.iter().any(|it| it == "Register task definition"));
        assert_eq!(stage.services().await?, before);
        Ok(())
    });
}
