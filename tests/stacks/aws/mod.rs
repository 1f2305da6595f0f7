//! An AWS account made of JSON: it answers every call of the SDK's clients out of a [`World`], as strictly as AWS does.
//!
//! `wire` reads and writes the protocols, with `xml` and `cbor`. Each service has a file. `world` holds the state: it
//! is what a case changes. A call that is not known here makes the case wrong, and is never answered by a guess.

mod account;
mod cbor;
mod cloudwatch;
mod ecr;
mod ecs;
mod elb;
mod expand;
mod others;
mod rate;
mod reach;
mod table;
mod tasks;
mod wire;
mod world;
mod xml;

pub use account::{ACCOUNT, REGION};
pub use expand::expanded;
pub use rate::Rate;
pub use world::World;

use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ecs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::retry::RetryConfig;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use wire::{Call, Fault, Protocol};

/// The configuration of clients that reach this account and nobody else.
pub fn config(world: &Arc<Mutex<World>>) -> SdkConfig {
    let world = Arc::clone(world);
    let client = infallible_client_fn(move |request| {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let call = wire::read(&request);
        world.calls.push(call.operation.clone());
        let raw = &world.state["raw"][&call.operation];
        match raw.as_object() {
            Some(raw) => wire::raw(&raw["status"], &raw["body"]),
            None => wire::written(&call, answer(&mut world, &call)),
        }
    });
    let credentials = Credentials::new("key", "secret", None, None, "stacks");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        // Nothing stalls here, and watching for it takes a sixth of the time.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(client)
        .build()
}

fn answer(world: &mut World, call: &Call) -> Result<Value, Fault> {
    if let Some(code) = world.state["faults"][&call.operation].as_str() {
        return Err(Fault::new(code, "a fault of this case"));
    }
    let is_rated =
        matches!(call.protocol, Protocol::Query) && call.operation.starts_with("Describe");
    if is_rated && world.rate.as_ref().is_some_and(|rate| !rate.takes()) {
        return Err(Fault::new("Throttling", "Rate exceeded"));
    }
    let input = &call.input;
    let services = [
        ecr::answer,
        ecs::answer,
        elb::answer,
        cloudwatch::answer,
        table::answer,
        others::answer,
    ];
    let mut answers = services
        .iter()
        .filter_map(|service| service(world, &call.operation, input));
    let answer = answers.next();
    answer.unwrap_or_else(|| {
        let unknown = format!("{} is not known here", call.operation);
        world.unknown.push(unknown.clone());
        Err(Fault::new("UnknownOperationException", &unknown))
    })
}
