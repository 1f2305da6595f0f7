//! flip: makes every rule of the service forward to a named environment.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record, prefix of its alarms' names |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |

use flip::handler::Flip;
use flip::rules::ListenerRules;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use record::Store;
use shared::routing::Routing;
use shared::{aws, config, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    let sdk = aws::aws_config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
    let table = settings.required("RECORD_TABLE")?;
    let service = settings.required("SERVICE")?;
    let flip = Flip {
        rules: ListenerRules {
            client: aws_sdk_elasticloadbalancingv2::Client::new(&sdk),
            routing: Routing::read(&settings)?,
        },
        ecs: aws_sdk_ecs::Client::new(&sdk),
        store: Store::new(dynamodb, table, service.clone()),
        service,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        flip.handle(event).await.map_err(Diagnostic::from)
    }))
    .await
}
