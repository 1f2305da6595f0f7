//! detect: opens a release (reads the request and the world, decides, claims the record) and closes it.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |
//! | `BLUE_SERVICE_ARN`, `GREEN_SERVICE_ARN` | the ECS service of each environment |
//! | `CONTAINER_NAME` | the container whose image is released |
//! | `REPOSITORY_NAME` | the ECR repository of that image |
//! | `TASK_ROLE_ARNS` | the roles that the deploy function may pass, comma-separated |
//! | `REFUSE_ON` | names of checks whose warnings are to refuse a release, comma-separated; empty: none |
//! | `SECRET_ARNS` | secrets that may be looked for, comma-separated; empty: none |
//! | `ALARM_NAMES`, `WHEN_ALARMED` | the team's alarms, and `refuse` or `warn` when one is in ALARM already |
//! | `MIGRATION_COMMAND` | runs with every release, as a JSON list of words; empty: nothing |
//! | `SQL_DIALECT` | `postgresql`, `mysql` or `sqlite`: how the SQL of a request is read |
//! | `STABLE_RELEASES` | releases that must end stable before a contract step |

use detect::facts::Looker;
use detect::handler::Detect;
use detect::images::Images;
use detect::preflight::Rules;
use detect::world::World;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::alarms::Alarms;
use shared::routing::Routing;
use shared::store::Store;
use shared::{config, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::start_logging();
    let settings = config::from_environment();
    let aws = lambda::aws_config().await;
    let ecs = aws_sdk_ecs::Client::new(&aws);
    let container = settings.required("CONTAINER_NAME")?;
    let repository = settings.required("REPOSITORY_NAME")?;
    let service = settings.required("SERVICE")?;
    let table = settings.required("RECORD_TABLE")?;
    let elb = aws_sdk_elasticloadbalancingv2::Client::new(&aws);
    let detect = Detect {
        looker: Looker {
            autoscaling: aws_sdk_applicationautoscaling::Client::new(&aws),
            cloudwatch: aws_sdk_cloudwatch::Client::new(&aws),
            ecs: ecs.clone(),
            elb: elb.clone(),
            logs: aws_sdk_cloudwatchlogs::Client::new(&aws),
            secrets: aws_sdk_secretsmanager::Client::new(&aws),
            alarms: Alarms::read(&settings)?,
            secret_arns: settings.list_or_none("SECRET_ARNS")?,
        },
        rules: Rules::read(&settings)?,
        migrations: detect::migration::Policy::read(&settings)?,
        store: Store::new(aws_sdk_dynamodb::Client::new(&aws), table, service),
        sfn: aws_sdk_sfn::Client::new(&aws),
        images: Images {
            ecr: aws_sdk_ecr::Client::new(&aws),
            ecs: ecs.clone(),
            repository,
            container: container.clone(),
        },
        world: World {
            elb,
            ecs,
            routing: Routing::read(&settings)?,
            services: detect::world::services(&settings)?,
            container,
        },
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        detect.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
