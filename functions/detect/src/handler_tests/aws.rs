//! The AWS that detect's tests meet: blue is active, and both environments are well.

use crate::look::Observer;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::operation::describe_images::DescribeImagesOutput;
use aws_sdk_ecr::operation::describe_repositories::DescribeRepositoriesOutput;
use aws_sdk_ecr::types::{ImageDetail, Repository};
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::types::{
    Container, DeploymentCircuitBreaker, DeploymentConfiguration, LoadBalancer, Service, Task,
    TaskDefinition,
};
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_group_attributes::DescribeTargetGroupAttributesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_groups::DescribeTargetGroupsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types as elb;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use aws_smithy_types::DateTime;
use fixtures::mock_client;
use shared::PerEnvironment;
use shared::alarms::{AlarmPolicy, OnAlarmBeforeFlip};
use shared::ecs::ServiceName;
use shared::routing::Routing;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A client that reaches nobody.
macro_rules! mute {
    ($sdk:ident) => {
        $sdk::Client::from_conf($sdk::Config::builder().behavior_version_latest().build())
    };
}
pub(super) use mute;

fn balancer() -> aws_sdk_elasticloadbalancingv2::Client {
    let action = elb::Action::builder()
        .r#type(elb::ActionTypeEnum::Forward)
        .target_group_arn("tg-blue")
        .build();
    let rule = elb::Rule::builder()
        .rule_arn("rule")
        .actions(action)
        .build();
    let group = elb::TargetGroup::builder()
        .load_balancer_arns("alb")
        .build();
    let target = elb::TargetDescription::builder().id("10.0.0.1").port(80);
    let health = elb::TargetHealth::builder().state(elb::TargetHealthStateEnum::Healthy);
    let target = elb::TargetHealthDescription::builder()
        .target(target.build())
        .target_health(health.build())
        .build();
    let rules = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules)
        .then_output(move || DescribeRulesOutput::builder().rules(rule.clone()).build());
    let groups = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_groups).then_output(
        move || {
            let output = DescribeTargetGroupsOutput::builder();
            output.target_groups(group.clone()).build()
        },
    );
    let targets = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .then_output(move || {
            let output = DescribeTargetHealthOutput::builder();
            output.target_health_descriptions(target.clone()).build()
        });
    let attributes =
        mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_group_attributes)
            .then_output(|| DescribeTargetGroupAttributesOutput::builder().build());
    mock_client!(
        aws_sdk_elasticloadbalancingv2,
        RuleMode::MatchAny,
        [&rules, &groups, &targets, &attributes]
    )
}

/// Blue runs the live image, green this one.
pub fn services(idle: &'static str) -> aws_sdk_ecs::Client {
    let services = mock!(aws_sdk_ecs::Client::describe_services).then_output(|| {
        let balanced = ["tg-blue", "tg-green"]
            .map(|group| LoadBalancer::builder().target_group_arn(group).build());
        let breaker = DeploymentCircuitBreaker::builder().enable(true);
        let breaker = breaker.rollback(false).build();
        let deployment = DeploymentConfiguration::builder().deployment_circuit_breaker(breaker);
        let service = Service::builder()
            .status("ACTIVE")
            .deployment_configuration(deployment.build())
            .set_load_balancers(Some(balanced.to_vec()));
        DescribeServicesOutput::builder()
            .services(service.build())
            .build()
    });
    let tasks = mock!(aws_sdk_ecs::Client::list_tasks)
        .then_output(|| ListTasksOutput::builder().task_arns("task").build());
    let (blue, green) = (running("blue", "sha256:live"), running("green", idle));
    mock_client!(
        aws_sdk_ecs,
        RuleMode::MatchAny,
        [&services, &tasks, &blue, &green, &revisions()]
    )
}

fn running(cluster: &'static str, digest: &'static str) -> Rule {
    mock!(aws_sdk_ecs::Client::describe_tasks)
        .match_requests(move |request| request.cluster() == Some(cluster))
        .then_output(move || {
            let container = Container::builder().name("api").image_digest(digest);
            let task = Task::builder().containers(container.build()).build();
            DescribeTasksOutput::builder().tasks(task).build()
        })
}

/// Each answer is another bare revision, so that no environment runs what the other does.
fn revisions() -> Rule {
    let count = AtomicUsize::new(0);
    mock!(aws_sdk_ecs::Client::describe_task_definition).then_output(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let definition = TaskDefinition::builder().family(format!("shop-{number}"));
        DescribeTaskDefinitionOutput::builder()
            .task_definition(definition.build())
            .build()
    })
}

/// Both environments run the live image. Autoscaling, alarms, log groups and secrets cannot be looked up: each of these
/// lookups gives a finding that says so.
pub fn observer(image: &Rule) -> Observer {
    let name = |cluster: &str| ServiceName {
        cluster: cluster.to_owned(),
        service: "api".to_owned(),
    };
    Observer {
        autoscaling: mute!(aws_sdk_applicationautoscaling),
        cloudwatch: mute!(aws_sdk_cloudwatch),
        ecr: registry(image),
        ecs: services("sha256:live"),
        elb: balancer(),
        logs: mute!(aws_sdk_cloudwatchlogs),
        secrets: mute!(aws_sdk_secretsmanager),
        alarms: AlarmPolicy {
            service: "shop".to_owned(),
            names: Vec::new(),
            on_alarm_before_flip: OnAlarmBeforeFlip::Refuse,
        },
        container: "api".to_owned(),
        repository: "shop".to_owned(),
        routing: Routing {
            rule_arns: vec!["rule".to_owned()],
            target_groups: PerEnvironment {
                blue: "tg-blue".to_owned(),
                green: "tg-green".to_owned(),
            },
        },
        secret_arns: Vec::new(),
        services: PerEnvironment {
            blue: name("blue"),
            green: name("green"),
        },
    }
}

pub fn image_found() -> Rule {
    mock!(aws_sdk_ecr::Client::describe_images).then_output(|| {
        let image = ImageDetail::builder().image_digest("sha256:new").build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

/// A registry whose images `image` describes.
fn registry(image: &Rule) -> aws_sdk_ecr::Client {
    let repository = mock!(aws_sdk_ecr::Client::describe_repositories).then_output(|| {
        let repository = Repository::builder().repository_uri("host/shop").build();
        DescribeRepositoriesOutput::builder()
            .repositories(repository)
            .build()
    });
    let manifest = mock!(aws_sdk_ecr::Client::batch_get_image)
        .then_output(|| BatchGetImageOutput::builder().build());
    mock_client!(
        aws_sdk_ecr,
        RuleMode::MatchAny,
        [image, &repository, &manifest]
    )
}

/// Every execution has this status.
pub fn executions(status: ExecutionStatus) -> aws_sdk_sfn::Client {
    let execution = mock!(aws_sdk_sfn::Client::describe_execution).then_output(move || {
        let output = DescribeExecutionOutput::builder()
            .execution_arn("x")
            .state_machine_arn("x")
            .name("x");
        output
            .status(status.clone())
            .start_date(DateTime::from_secs(0))
            .build()
            .expect("complete")
    });
    mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&execution])
}
