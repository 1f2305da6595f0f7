//! smoke: asks the idle environment directly whether it works, before traffic moves there.
//!
//! | variable | meaning |
//! |---|---|
//! | `SMOKE_SPEC` | the checks, as JSON (see `spec.rs`); empty: `/health` and `/api/v1/ping` |
//! | `BLUE_BASE_URL`, `GREEN_BASE_URL` | where an environment is reached; empty: each of its targets |

mod client;
mod decide;
mod handler;
#[cfg(test)]
mod handler_tests;
mod spec;

use handler::Smoke;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{PerEnvironment, config, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::start_logging();
    let settings = config::from_environment();
    let smoke = Smoke {
        spec: spec::read(settings.optional("SMOKE_SPEC").as_deref())?,
        base_urls: PerEnvironment {
            blue: settings.optional("BLUE_BASE_URL"),
            green: settings.optional("GREEN_BASE_URL"),
        },
    };
    run(service_fn(|event: LambdaEvent<_>| async {
        smoke.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
