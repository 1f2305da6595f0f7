//! The floor of the benchmark: a function that greets. What it costs, Lambda's runtime costs.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |event: LambdaEvent<Value>| {
        let name = event.payload["name"].as_str().unwrap_or("world");
        Ok::<_, Error>(json!({"greeting": format!("Hello, {name}!")}))
    }))
    .await
}
