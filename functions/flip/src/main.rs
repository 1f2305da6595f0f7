//! flip: makes every rule of the service send traffic to a named environment.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record, prefix of its own alarms' names |
//! | `ROLLBACK_ALARM_NAMES` | names of further alarms that flip back, comma-separated; may be empty |
//! | `WHEN_STOPPED` | `flip-back` or `leave`: what becomes of traffic where an execution ends without its own end |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |

use flip::clients::Clients;
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
    let clients = Clients::new(&aws::aws_config().await);
    let table = settings.required("RECORD_TABLE")?;
    let service = settings.required("SERVICE")?;
    let flip = Flip {
        rules: ListenerRules {
            client: clients.elb,
            routing: Routing::read(&settings)?,
        },
        ecs: clients.ecs,
        sfn: clients.sfn,
        store: Store::new(clients.dynamodb, table, service.clone()),
        service,
        rollback_alarms: settings.list_or_none("ROLLBACK_ALARM_NAMES")?,
        when_stopped: settings.parsed("WHEN_STOPPED", "flip-back or leave")?,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        flip.handle(event).await.map_err(Diagnostic::from)
    }))
    .await
}
