//! deploy: brings the image to the idle environment, and says when it really runs there.
//!
//! | variable | meaning |
//! |---|---|
//! | `CONTAINER_NAME` | the container whose image is released |

use deploy::handler::Deploy;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{aws, config, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    let sdk = aws::aws_config().await;
    let deploy = Deploy {
        ecs: aws_sdk_ecs::Client::new(&sdk),
        elb: aws_sdk_elasticloadbalancingv2::Client::new(&sdk),
        logs: aws_sdk_cloudwatchlogs::Client::new(&sdk),
        container: settings.required("CONTAINER_NAME")?,
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        deploy.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
