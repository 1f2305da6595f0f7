//! evaluate-metrics: judges a release from what happened on the new side since the flip.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the stack, with which its own alarms begin |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |
//! | `LOAD_BALANCER_ARN` | the load balancer that they are on |
//! | `ALARM_NAMES` | the team's own alarms, comma-separated; may be empty |
//! | `WHEN_ALARMED` | `refuse` or `warn`: what an alarm means that is in ALARM before the flip |
//! | `WATCH_SECONDS` | how long a release is watched, in seconds |
//! | `GRACE_SECONDS` | how much longer, where the watch could not tell good from bad |
//! | `BASELINE_SECONDS` | how far before the flip the baseline reaches |
//! | `MAX_TARGET_5XX` | more errors than this, beyond what the baseline explains, are too many |
//! | `MIN_REQUESTS` | fewer requests than this say nothing |
//! | `CEILING_TARGET_5XX`, `CEILING_ERROR_PERCENT`, `CEILING_P99_MILLISECONDS` | limits that no baseline excuses; empty: none |
//! | `WHEN_INCONCLUSIVE` | `keep` or `flip-back`: what an inconclusive watch ends with |

use evaluate_metrics::handler::Evaluate;
use evaluate_metrics::policy;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::alarms::Alarms;
use shared::routing::Routing;
use shared::{config, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::start_logging();
    let settings = config::from_environment();
    let aws = lambda::aws_config().await;
    let evaluate = Evaluate {
        cloudwatch: aws_sdk_cloudwatch::Client::new(&aws),
        elb: aws_sdk_elasticloadbalancingv2::Client::new(&aws),
        routing: Routing::read(&settings)?,
        load_balancer: settings.required("LOAD_BALANCER_ARN")?,
        alarms: Alarms::read(&settings)?,
        policy: policy::read(&settings)?,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        evaluate
            .handle(event.payload)
            .await
            .map_err(Diagnostic::from)
    }))
    .await
}
