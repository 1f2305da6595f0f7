//! The AWS that detect's tests meet: blue is active, both sides are well, and the table holds one record.

use crate::facts::Looker;
use crate::handler::Detect;
use crate::images::Images;
use crate::migration::Policy;
use crate::preflight::Rules;
use crate::task::Answer;
use crate::world::{ServiceName, World};
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
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
use aws_sdk_elasticloadbalancingv2::operation::describe_target_groups::DescribeTargetGroupsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types as elb;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use aws_smithy_types::DateTime;
use chrono::Utc;
use serde_json::{Value, json};
use shared::alarms::{Alarms, WhenAlarmed};
use shared::record::{Phase, Record, Release, Request};
use shared::routing::Routing;
use shared::store::Store;
use shared::{Environment, PerEnvironment};
use std::sync::atomic::{AtomicUsize, Ordering};

pub const ME: &str = "arn:aws:states:eu-west-1:1:execution:shop:me";

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
    let health = elb::TargetHealth::builder()
        .state(elb::TargetHealthStateEnum::Healthy)
        .build();
    let target = elb::TargetDescription::builder()
        .id("10.0.0.1")
        .port(80)
        .build();
    let target = elb::TargetHealthDescription::builder()
        .target(target)
        .target_health(health)
        .build();
    let rules = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules)
        .then_output(move || DescribeRulesOutput::builder().rules(rule.clone()).build());
    let groups = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_groups).then_output(
        move || {
            DescribeTargetGroupsOutput::builder()
                .target_groups(group.clone())
                .build()
        },
    );
    let targets = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .then_output(move || {
            DescribeTargetHealthOutput::builder()
                .target_health_descriptions(target.clone())
                .build()
        });
    mock_client!(
        aws_sdk_elasticloadbalancingv2,
        RuleMode::MatchAny,
        [&rules, &groups, &targets]
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
        [&services, &tasks, &blue, &green]
    )
}

fn running(cluster: &'static str, digest: &'static str) -> Rule {
    mock!(aws_sdk_ecs::Client::describe_tasks)
        .match_requests(move |it| it.cluster() == Some(cluster))
        .then_output(move || {
            let container = Container::builder().name("api").image_digest(digest);
            let task = Task::builder().containers(container.build()).build();
            DescribeTasksOutput::builder().tasks(task).build()
        })
}

/// A client that reaches nobody.
macro_rules! mute {
    ($sdk:ident) => {
        $sdk::Client::from_conf($sdk::Config::builder().behavior_version_latest().build())
    };
}
pub(super) use mute;

/// Of what could be looked up only a bare revision is there: every other look gives a finding that says so.
fn looker() -> Looker {
    let asked = AtomicUsize::new(0);
    // Each answer is another revision, so that no environment runs what the other does.
    let definition = mock!(aws_sdk_ecs::Client::describe_task_definition).then_output(move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        let definition = TaskDefinition::builder().family(format!("shop-{number}"));
        DescribeTaskDefinitionOutput::builder()
            .task_definition(definition.build())
            .build()
    });
    Looker {
        autoscaling: mute!(aws_sdk_applicationautoscaling),
        cloudwatch: mute!(aws_sdk_cloudwatch),
        ecs: mock_client!(aws_sdk_ecs, RuleMode::MatchAny, [&definition]),
        elb: mute!(aws_sdk_elasticloadbalancingv2),
        logs: mute!(aws_sdk_cloudwatchlogs),
        secrets: mute!(aws_sdk_secretsmanager),
        alarms: Alarms {
            service: "shop".to_owned(),
            names: Vec::new(),
            when_alarmed: WhenAlarmed::Refuse,
        },
        secret_arns: Vec::new(),
    }
}

pub fn image_found() -> Rule {
    mock!(aws_sdk_ecr::Client::describe_images).then_output(|| {
        let image = ImageDetail::builder().image_digest("sha256:new").build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

pub async fn ask(record: Record, write: &Rule, image: &Rule, holder: ExecutionStatus) -> Answer {
    let detect = detect(record, write, image, holder);
    ask_for(&detect, json!({"tag": "v1.1.0"})).await
}

pub async fn ask_for(detect: &Detect, request: Value) -> Answer {
    let execution = json!({"id": ME, "name": "me", "startTime": "2026-11-23T12:00:00Z"});
    let task = json!({"action": "detect", "request": request, "execution": execution});
    detect.handle(task).await.expect("an answer")
}

pub fn detect(record: Record, write: &Rule, image: &Rule, holder: ExecutionStatus) -> Detect {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(&record).expect("an item");
    let read = mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        GetItemOutput::builder()
            .set_item(Some(item.clone()))
            .build()
    });
    let repository = mock!(aws_sdk_ecr::Client::describe_repositories).then_output(|| {
        let repository = Repository::builder().repository_uri("host/shop").build();
        DescribeRepositoriesOutput::builder()
            .repositories(repository)
            .build()
    });
    let manifest = mock!(aws_sdk_ecr::Client::batch_get_image)
        .then_output(|| BatchGetImageOutput::builder().build());
    let execution = mock!(aws_sdk_sfn::Client::describe_execution).then_output(move || {
        let output = DescribeExecutionOutput::builder()
            .execution_arn("x")
            .state_machine_arn("x")
            .name("x");
        output
            .status(holder.clone())
            .start_date(DateTime::from_secs(0))
            .build()
            .expect("complete")
    });
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&read, write]);
    let name = |cluster: &str| ServiceName {
        cluster: cluster.to_owned(),
        service: "api".to_owned(),
    };
    let target_groups = PerEnvironment {
        blue: "tg-blue".to_owned(),
        green: "tg-green".to_owned(),
    };
    Detect {
        looker: looker(),
        rules: Rules {
            container: "api".to_owned(),
            ..Rules::default()
        },
        migrations: Policy {
            dialect: migrations::Dialect::Sqlite,
            standing: None,
            stable_releases: 2,
        },
        store: Store::new(table, "releases".to_owned(), "shop".to_owned()),
        sfn: mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&execution]),
        images: Images {
            ecr: mock_client!(
                aws_sdk_ecr,
                RuleMode::MatchAny,
                [image, &repository, &manifest]
            ),
            ecs: services("sha256:live"),
            repository: "shop".to_owned(),
            container: "api".to_owned(),
        },
        world: World {
            elb: balancer(),
            ecs: services("sha256:live"),
            routing: Routing {
                rules: vec!["rule".to_owned()],
                target_groups,
            },
            services: PerEnvironment {
                blue: name("blue"),
                green: name("green"),
            },
            container: "api".to_owned(),
        },
    }
}

pub fn writes() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

pub fn mine() -> Record {
    let at = "2026-11-23T12:00:00Z".parse().expect("a time");
    let newest = Request {
        made_at: at,
        started_at: at,
        execution: ME.to_owned(),
        pushed_digest: None,
    };
    Record {
        version: 1,
        newest: Some(newest),
        ..Record::default()
    }
}

pub fn held_by(holder: &str) -> Record {
    let release = Release {
        id: holder.to_owned(),
        phase: Phase::Deploying,
        claimed_at: Utc::now(),
        from: Environment::Blue,
        to: Environment::Green,
        from_digest: None,
        to_digest: "sha256:new".to_owned(),
        from_task_definition: None,
        idle_digest: None,
        sync: false,
        expand: None,
        from_desired: 2,
        flipped_at: None,
        reason: None,
    };
    Record {
        holder: Some(holder.to_owned()),
        release: Some(release),
        ..mine()
    }
}
