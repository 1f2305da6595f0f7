//! smoke: asks the idle environment directly whether it works, before traffic moves there.
//!
//! | variable | meaning |
//! |---|---|
//! | `SMOKE_SPEC` | the checks, as JSON (see `spec.rs`); empty: `/health` and `/api/v1/ping` |
//! | `BLUE_BASE_URL`, `GREEN_BASE_URL` | where an environment is reached; empty: each of its targets |
//! | `SMOKE_SECRET_ARN` | the secret that headers of checks may refer to; empty: none |
//!
//! `SMOKE_LOOPBACK` is no variable of the stack: it is the rehearsal's permission to ask this very machine, where its
//! tasks live (see `reach.rs`).

use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{aws, config, runtime};
use smoke::handler::Smoke;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    // A wrong spec is answered and not died of: only so does the state machine see what is wrong with it.
    let smoke = Smoke::read(&settings, aws::aws_config);
    run(service_fn(|event: LambdaEvent<_>| async {
        let smoke = smoke.as_ref().map_err(Clone::clone)?;
        smoke.handle(event.payload).await.map_err(Diagnostic::from)
    }))
    .await
}
