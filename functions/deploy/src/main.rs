//! deploy: brings the image to the idle environment, and says when it really runs there.
//!
//! | variable | meaning |
//! |---|---|
//! | `CONTAINER_NAME` | the container whose image is released |
//! | `REPOSITORY_NAME` | the ECR repository of that image |
//! | `REGISTRY_ID` | the account whose registry has that repository |
//! | `SCAN_SEVERITY` | `none`, `CRITICAL`, `HIGH`, `MEDIUM` or `LOW`: the least severity of a finding that refuses a release |
//! | `SCAN_FINDINGS` | `all`, or `fixable`: only findings that have a fix |

use deploy::handler::Deploy;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{aws, config, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    let deploy = Deploy::read(&settings, &aws::aws_config())?;
    run(service_fn(|event: LambdaEvent<_>| async {
        deploy.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
