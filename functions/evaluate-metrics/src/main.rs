//! evaluate-metrics: judges a release from what happened in the new environment since the flip.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: prefix of its own alarms' names, dimension of its metrics |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated, as `shared::routing` reads them |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |
//! | `LOAD_BALANCER_ARN` | the load balancer that they are on |
//! | `ALARM_NAMES` | the team's own alarms, comma-separated; may be empty |
//! | `ON_ALARM_BEFORE_FLIP` | `refuse` or `warn`: what an alarm means that is in ALARM before the flip |
//! | `INCONCLUSIVE_GRACE_SECONDS` | how much longer a step lasts while its verdict is inconclusive, in seconds |
//! | `BASELINE_SECONDS` | how far before the flip the baseline reaches, in seconds |
//! | `MAX_TARGET_5XX` | more errors than this, beyond what the baseline explains, are too many |
//! | `MIN_REQUESTS` | with fewer requests than this no release is healthy |
//! | `CEILING_TARGET_5XX`, `CEILING_ERROR_PERCENT`, `CEILING_P99_MILLISECONDS` | absolute limits; empty: none |
//! | `ON_INCONCLUSIVE` | `keep` or `flip-back`: what happens at 100 % where too little was found out until the grace ends |
//! | `ON_SUSPICION` | `keep` or `flip-back`: the same where there are too many errors to be healthy, too few to be sure |
//! | `MAX_LATENCY_RATIO` | how many times as slow the new environment may be; empty: no limit |
//! | `ON_LATENCY` | `warn` or `flip-back`: what it means below 100 % to be slower |
//! | `VERDICT_MODE` | `decide`, or `shadow`: the verdict flips nothing back |

use evaluate_metrics::handler::Evaluate;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{aws, config, emf, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    emf::start(settings.required("SERVICE")?);
    let evaluate = Evaluate::read(&settings, &aws::aws_config())?;
    run(service_fn(|event: LambdaEvent<_>| async {
        let answer = evaluate.handle(event.payload).await;
        answer.map_err(Diagnostic::from)
    }))
    .await
}
