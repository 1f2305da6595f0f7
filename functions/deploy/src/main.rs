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
    let container = settings.required("CONTAINER_NAME")?;
    let deploy = Deploy::new(&aws::aws_config(), container);
    run(service_fn(|event: LambdaEvent<_>| async {
        deploy.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
