//! The AWS that detect's tests meet: blue is active, and both environments are well.

use super::registry::registry;
use crate::look::{Clients, ImagePolicy, Observer};
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::types::{
    Container, DeploymentCircuitBreaker, DeploymentConfiguration, LoadBalancer, Service, Task,
};
use aws_sdk_elasticloadbalancingv2::operation::describe_listeners::DescribeListenersOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_group_attributes::DescribeTargetGroupAttributesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_groups::DescribeTargetGroupsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types as elb;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{json_answer, mock_client};
use serde_json::{Value, json};
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

fn forward(group: &str) -> elb::Action {
    elb::Action::builder()
        .r#type(elb::ActionTypeEnum::Forward)
        .target_group_arn(group)
        .build()
}

/// The listeners whose default action forwards to one environment for good.
pub const PREVIEW_LISTENERS: [&str; 2] = ["preview-blue", "preview-green"];

fn preview_listeners() -> Rule {
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_listeners).then_output(|| {
        let listeners = PREVIEW_LISTENERS.map(|arn| {
            let listener = elb::Listener::builder().listener_arn(arn);
            let listener = listener.protocol(elb::ProtocolEnum::Http);
            let group = arn.replace("preview", "tg");
            listener.default_actions(forward(&group)).build()
        });
        DescribeListenersOutput::builder()
            .set_listeners(Some(listeners.to_vec()))
            .build()
    })
}

/// A target group whose one target is healthy.
fn healthy(group: &'static str, address: &str) -> Rule {
    let target = elb::TargetDescription::builder().id(address).port(80);
    let health = elb::TargetHealth::builder().state(elb::TargetHealthStateEnum::Healthy);
    let target = elb::TargetHealthDescription::builder()
        .target(target.build())
        .target_health(health.build())
        .build();
    mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .match_requests(move |request| request.target_group_arn() == Some(group))
        .then_output(move || {
            let output = DescribeTargetHealthOutput::builder();
            output.target_health_descriptions(target.clone()).build()
        })
}

/// The rule gives green this share, and blue the rest.
pub fn splitting(percent: i32) -> aws_sdk_elasticloadbalancingv2::Client {
    let group = |arn: &str, weight| {
        let group = elb::TargetGroupTuple::builder().target_group_arn(arn);
        group.weight(weight).build()
    };
    let forward = elb::ForwardActionConfig::builder()
        .target_groups(group("tg-blue", 100 - percent))
        .target_groups(group("tg-green", percent));
    let split = elb::Action::builder()
        .r#type(elb::ActionTypeEnum::Forward)
        .forward_config(forward.build());
    balancer(split.build())
}

fn balancer(action: elb::Action) -> aws_sdk_elasticloadbalancingv2::Client {
    let rule = elb::Rule::builder()
        .rule_arn("rule")
        .actions(action)
        .build();
    let group = |arn: &&str| {
        let group = elb::TargetGroup::builder().target_group_arn(*arn);
        group.load_balancer_arns("alb").build()
    };
    let both = ["tg-blue", "tg-green"].iter().map(group);
    let both: Vec<_> = both.collect();
    let rules = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules)
        .then_output(move || DescribeRulesOutput::builder().rules(rule.clone()).build());
    let groups = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_groups).then_output(
        move || {
            let output = DescribeTargetGroupsOutput::builder();
            output.set_target_groups(Some(both.clone())).build()
        },
    );
    let blue_targets = healthy("tg-blue", "10.0.0.1");
    let green_targets = healthy("tg-green", "10.0.0.2");
    let attributes =
        mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_group_attributes)
            .then_output(|| DescribeTargetGroupAttributesOutput::builder().build());
    mock_client!(
        aws_sdk_elasticloadbalancingv2,
        RuleMode::MatchAny,
        [
            &preview_listeners(),
            &rules,
            &groups,
            &blue_targets,
            &green_targets,
            &attributes
        ]
    )
}

/// Blue runs the live image, green this one.
pub fn services(idle: &'static str) -> aws_sdk_ecs::Client {
    client(idle, &revisions())
}

/// Both run the live image, and every revision is this one.
pub fn services_with(revision: Value) -> aws_sdk_ecs::Client {
    let answer = json!({ "taskDefinition": revision });
    let revision = mock!(aws_sdk_ecs::Client::describe_task_definition)
        .then_http_response(move || json_answer(200, &answer));
    client("sha256:live", &revision)
}

fn client(idle: &'static str, revisions: &Rule) -> aws_sdk_ecs::Client {
    let (of_blue, of_green) = (service("blue", "tg-blue"), service("green", "tg-green"));
    let tasks = mock!(aws_sdk_ecs::Client::list_tasks)
        .then_output(|| ListTasksOutput::builder().task_arns("task").build());
    let (blue, green) = (running("blue", "sha256:live"), running("green", idle));
    mock_client!(
        aws_sdk_ecs,
        RuleMode::MatchAny,
        [&of_blue, &of_green, &tasks, &blue, &green, revisions]
    )
}

fn service(cluster: &'static str, group: &'static str) -> Rule {
    mock!(aws_sdk_ecs::Client::describe_services)
        .match_requests(move |request| request.cluster() == Some(cluster))
        .then_output(move || {
            let balancer = LoadBalancer::builder().target_group_arn(group);
            let breaker = DeploymentCircuitBreaker::builder().enable(true);
            let breaker = breaker.rollback(false).build();
            let deployment = DeploymentConfiguration::builder();
            let deployment = deployment.deployment_circuit_breaker(breaker);
            let service = Service::builder()
                .status("ACTIVE")
                .deployment_configuration(deployment.build())
                .load_balancers(balancer.build());
            DescribeServicesOutput::builder()
                .services(service.build())
                .build()
        })
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
    mock!(aws_sdk_ecs::Client::describe_task_definition).then_http_response(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let definition = json!({"family": format!("shop-{number}")});
        json_answer(200, &json!({ "taskDefinition": definition }))
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
        elb: balancer(forward("tg-blue")),
        usual: Clients {
            ecs: services("sha256:live"),
            elb: balancer(forward("tg-blue")),
        },
        logs: mute!(aws_sdk_cloudwatchlogs),
        secrets: mute!(aws_sdk_secretsmanager),
        alarms: AlarmPolicy {
            service: "shop".to_owned(),
            names: Vec::new(),
            on_alarm_before_flip: OnAlarmBeforeFlip::Refuse,
        },
        container: "api".to_owned(),
        images: ImagePolicy::default(),
        registry: "111122223333".to_owned(),
        repository: "shop".to_owned(),
        rollback_alarms: Vec::new(),
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
