//! An AWS account made of JSON: it answers every call of the SDK's clients out of a [`World`], as strictly as AWS does.
//!
//! `wire` reads and writes the protocols, with `xml` and `cbor`. Each service has a file. `world` holds the state: it
//! is what a case changes. A call that is not known here makes the case wrong, and is never answered by a guess.

mod account;
mod answers;
mod cbor;
mod client;
mod cloudwatch;
mod ecr;
mod ecs;
mod elb;
mod expand;
mod others;
mod reach;
mod table;
mod tasks;
mod wire;
mod world;
mod xml;

pub use account::{ACCOUNT, REGION};
pub use expand::expanded;
pub use world::{Received, World};

use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ecs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::sync::{Arc, Mutex, PoisonError};

/// The configuration of clients that reach this account and nobody else.
pub fn config(world: &Arc<Mutex<World>>) -> SdkConfig {
    let retries = world.lock().unwrap_or_else(PoisonError::into_inner);
    let retries = retries.retries.clone();
    let credentials = Credentials::new("key", "secret", None, None, "stacks");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(retries)
        // Nothing stalls here, and watching for it takes a sixth of the time.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(SharedHttpClient::new(client::Client(Arc::clone(world))))
        .build()
}
