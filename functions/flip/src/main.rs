//! flip: moves every rule of the service to a named environment, or back.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record, prefix of its alarms' names |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |

use flip::handler::Flip;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::routing::Routing;
use shared::store::Store;
use shared::{config, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::start_logging();
    let settings = config::from_environment();
    let aws = lambda::aws_config().await;
    let service = settings.required("SERVICE")?;
    let flip = Flip {
        elb: aws_sdk_elasticloadbalancingv2::Client::new(&aws),
        store: Store::new(
            aws_sdk_dynamodb::Client::new(&aws),
            settings.required("RECORD_TABLE")?,
            service.clone(),
        ),
        routing: Routing::read(&settings)?,
        service,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        flip.handle(event).await.map_err(Diagnostic::from)
    }))
    .await
}
