//! evaluate-metrics: judges a release from what happened on the new side since the flip.
//!
//! | variable | meaning |
//! |---|---|
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |
//! | `WATCH_SECONDS` | how long a release is watched, in seconds |
//! | `MAX_TARGET_5XX` | more target 5xx than this since the flip are unhealthy |
//! | `WHEN_INCONCLUSIVE` | `keep` or `flip-back`: what an inconclusive watch ends with |

use evaluate_metrics::handler::Evaluate;
use evaluate_metrics::policy;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
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
