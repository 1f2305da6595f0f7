//! What a preflight finds on a stage where much is wrong, and what a release does about it.

use crate::world::{release, word};
use crate::{ask, plan, put};
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use aws_sdk_ecr::types::ImageIdentifier;
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, DeploymentCircuitBreaker, DeploymentConfiguration,
    KeyValuePair, LogConfiguration, LogDriver, Secret,
};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Matcher, TargetGroupAttribute,
};
use boundary_tests::{local, on_the_local_aws, stage_with};
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::{Value, json};
use shared::Environment::{Blue, Green};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A secret that nobody made, which detect may look for.
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";

/// The findings of a plan: their severities by their names.
fn findings(plan: &Value) -> BTreeMap<String, String> {
    let all = plan["findings"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|it| (text(&it["name"]), text(&it["severity"])))
        .collect()
}

fn holds(found: &BTreeMap<String, String>, expect: &[(&str, &str)]) {
    for (name, severity) in expect {
        assert_eq!(
            found.get(*name).map(String::as_str),
            Some(*severity),
            "{name}: {found:?}"
        );
    }
}

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
/// When its release is planned, and asked for
/// Then the plan finds all of it, and the release is refused before anything is touched.
#[test]
fn everything_that_a_release_could_stumble_over_is_found_before_it() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        neglect(&stage).await?;
        alarm(&stage).await?;
        let request = json!({"taskDefinition": revision(&stage).await?});
        let before = stage.services().await?;
        let found = findings(&plan(&stage, request.clone()).await?);
        let expect = [
            ("alarm-on", "refusal"),
            ("no-log-group", "refusal"),
            ("no-secret", "refusal"),
            ("wrong-architecture", "refusal"),
            // Its parameter makes a refusal of it.
            ("health-path", "refusal"),
            ("health-matcher", "warning"),
            ("slow-health-check", "warning"),
            ("target-stickiness", "warning"),
            ("deregistration-delay", "warning"),
            ("no-circuit-breaker", "warning"),
            ("low-desired-count", "warning"),
            ("low-scaling-ceiling", "warning"),
            ("slot-in-variable", "warning"),
        ];
        holds(&found, &expect);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        let end = ask(&stage, request).await?;
        assert_eq!(word(&end), "ReleaseRefused", "{end:?}");
        for (name, _) in &expect[..5] {
            assert!(end.cause.contains(name), "{name}: {}", end.cause);
        }
        assert!(!end.states.iter().any(|it| it == "Register task definition"));
        assert_eq!(stage.services().await?, before);
        Ok(())
    };
    let parameters = [
        ("AlarmNames", "checkout"),
        ("SecretArns", SECRET),
        ("RefuseOn", "health-path"),
    ];
    on_the_local_aws(async { story(stage_with(&parameters).await).await }).expect("a story");
}

/// Given a release that ended well
/// When the old side loses a task and its image, somebody deploys there, another role appears, and the rules are moved
/// by hand
/// Then each is found, and the drift is told to people.
#[test]
fn what_drifts_after_a_release_is_found() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let clean = ask(&stage, json!({"action": "report-drift"})).await?;
        assert_eq!(word(&clean), "nothing to release", "{clean:?}");
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let digest = put(&stage, "v1.0.0").await?;
        stage.scale(Blue, 1).await?;
        let gone = ImageIdentifier::builder().image_digest(digest).build();
        let call = stage
            .aws
            .ecr()
            .batch_delete_image()
            .repository_name(REPOSITORY);
        call.image_ids(gone).send().await?;
        put(&stage, "v1.2.0").await?;
        let request = json!({"tag": "v1.2.0"});
        let found = findings(&plan(&stage, request.clone()).await?);
        holds(
            &found,
            &[("lost-capacity", "warning"), ("image-gone", "warning")],
        );

        let own = another_role(&stage).await?;
        let call = stage
            .aws
            .ecs()
            .update_service()
            .cluster("shop-env-blue")
            .service("api");
        call.task_definition(own).send().await?;
        for rule in stage.rules() {
            let action = Action::builder().r#type(ActionTypeEnum::Forward);
            let action = action.target_group_arn(stage.target_groups()?.blue).build();
            stage
                .aws
                .elb()
                .modify_rule()
                .rule_arn(rule)
                .actions(action)
                .send()
                .await?;
        }
        let found = findings(&plan(&stage, request).await?);
        holds(
            &found,
            &[
                ("rule-moved", "warning"),
                ("role-not-passable", "refusal"),
                ("idle-drifted", "warning"),
            ],
        );
        let end = ask(&stage, json!({"action": "report-drift"})).await?;
        assert_eq!(word(&end), "drifted", "{end:?}");
        let drifted = "Environments have drifted";
        stage
            .inbox
            .wait(|it| it.subject.starts_with(drifted))
            .await?;
        Ok(())
    };
    on_the_local_aws(async { story(stage_with(&[]).await).await }).expect("a story");
}

/// Given a stack whose schedule syncs, and a release
/// When the schedule's time comes
/// Then what its rule gives to the machine is a sync, where something has drifted.
#[test]
fn the_schedule_asks_for_what_its_parameter_says() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let events = stage.aws.events();
        let rules = events.list_rules().send().await?;
        let mut rules = rules.rules().iter();
        let rule = rules.find(|it| it.schedule_expression() == Some("rate(1 day)"));
        let rule = rule.and_then(|it| it.name()).context("no rule")?;
        let targets = events.list_targets_by_rule().rule(rule).send().await?;
        let [target] = targets.targets() else {
            anyhow::bail!("expected one target: {targets:?}")
        };
        assert_eq!(target.arn(), stage.output("StateMachineArn")?);
        let input: Value = serde_json::from_str(target.input().context("no input")?)?;
        let end = ask(&stage, input.clone()).await?;
        assert_eq!(
            word(&end),
            "nothing to release",
            "nothing has drifted: {end:?}"
        );
        stage.scale(Blue, 1).await?;
        let end = ask(&stage, input).await?;
        assert_eq!(word(&end), "synced", "{end:?}");
        Ok(())
    };
    let daily = [("DriftSchedule", "rate(1 day)"), ("DriftAction", "sync")];
    on_the_local_aws(async { story(stage_with(&daily).await).await }).expect("a story");
}

/// The live revision with a role that nobody may pass.
async fn another_role(stage: &Stage) -> Result<String> {
    let [blue, _] = stage.services().await?;
    let ecs = stage.aws.ecs();
    let call = ecs
        .describe_task_definition()
        .task_definition(blue.task_definition);
    let live = call.send().await?.task_definition.context("no revision")?;
    let call = ecs.register_task_definition().set_family(live.family);
    let call = call
        .task_role_arn("arn:aws:iam::123456789012:role/other")
        .set_network_mode(live.network_mode);
    let call = call
        .set_requires_compatibilities(live.requires_compatibilities)
        .set_cpu(live.cpu)
        .set_memory(live.memory);
    let output = call
        .set_container_definitions(live.container_definitions)
        .send()
        .await?;
    let definition = output.task_definition.context("no revision")?;
    definition.task_definition_arn.context("no ARN")
}
