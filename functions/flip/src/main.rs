//! flip: makes every rule of the service send traffic to a named environment.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record, prefix of its own alarms' names |
//! | `ROLLBACK_ALARM_NAMES` | names of further alarms that flip back, comma-separated; may be empty |
//! | `WHEN_STOPPED` | `flip-back` or `leave`: what becomes of traffic where an execution ends without its own end |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `HISTORY_DAYS` | days for which the history of releases is kept; 0: for ever |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `IDLE_RULE_ARNS` | rules, or listeners, that forward to the idle environment after each flip; empty: none |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |

use flip::clients::Clients;
use flip::handler::Flip;
use flip::rules::ListenerRules;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use record::Store;
use shared::routing::Routing;
use shared::{aws, config, emf, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    let clients = Clients::new(&aws::aws_config());
    let table = settings.required("RECORD_TABLE")?;
    let service = settings.required("SERVICE")?;
    emf::start(service.clone());
    let store = Store::new(clients.dynamodb, table, service.clone());
    let flip = Flip {
        rules: ListenerRules::new(clients.elb, Routing::read(&settings)?),
        idle_rules: settings.list_or_none("IDLE_RULE_ARNS")?,
        ecs: clients.ecs,
        sfn: clients.sfn,
        store: store.keeping_history(settings.parsed("HISTORY_DAYS", "a number of days")?),
        service,
        rollback_alarms: settings.list_or_none("ROLLBACK_ALARM_NAMES")?,
        when_stopped: settings.named("WHEN_STOPPED", "flip-back or leave")?,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        flip.handle(event).await.map_err(Diagnostic::from)
    }))
    .await
}
