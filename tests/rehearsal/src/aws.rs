//! The local AWS as one account sees it. A 12-digit access key is an account with a state of its own, so that
//! several rehearsals can share a server.
//!
//! A service that a rehearsal calls often has its SDK client. CloudFormation, EventBridge, Lambda, S3 and SQS get plain
//! requests: their five clients took a quarter of the build, for a few calls.

pub mod cloudformation;
pub mod events;
pub mod lambda;
pub mod plain;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use std::time::Duration;

/// The Region of every rehearsal.
pub const REGION: &str = "eu-west-1";

/// The local AWS closes a connection that was idle for 75 s, perhaps just while a request goes out on it.
const MOST_IDLE: Duration = Duration::from_secs(60);

/// Clients for one account of the local AWS.
#[derive(Clone)]
pub struct Aws {
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    /// 12 digits.
    pub account: String,
    config: SdkConfig,
    http: reqwest::Client,
}

impl Aws {
    pub fn new(endpoint: &str, account: &str) -> Aws {
        let credentials = Credentials::new(account, "rehearsal", None, None, "rehearsal");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .http_client(shared::aws::http_client())
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        Aws {
            endpoint: endpoint.to_owned(),
            account: account.to_owned(),
            config,
            http: http_client(),
        }
    }

    pub fn cloudwatch(&self) -> aws_sdk_cloudwatch::Client {
        aws_sdk_cloudwatch::Client::new(&self.config)
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    pub fn ecr(&self) -> aws_sdk_ecr::Client {
        aws_sdk_ecr::Client::new(&self.config)
    }

    pub fn ecs(&self) -> aws_sdk_ecs::Client {
        aws_sdk_ecs::Client::new(&self.config)
    }

    pub fn elb(&self) -> aws_sdk_elasticloadbalancingv2::Client {
        aws_sdk_elasticloadbalancingv2::Client::new(&self.config)
    }

    pub fn logs(&self) -> aws_sdk_cloudwatchlogs::Client {
        aws_sdk_cloudwatchlogs::Client::new(&self.config)
    }

    pub fn sfn(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.config)
    }

    /// The header `authorization` of a request to a service. The local AWS reads the account, the Region and the
    /// service from it, and verifies no signature.
    pub fn authorization(&self, service: &str) -> String {
        let scope = format!("{}/20260101/{REGION}/{service}/aws4_request", self.account);
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none")
    }
}

/// An HTTP client. The rehearsal speaks plain HTTP on loopback, but reqwest builds no client without a provider of
/// cryptography.
pub fn http_client() -> reqwest::Client {
    // An error says that the process has a provider.
    let ring = rustls::crypto::ring::default_provider();
    ring.install_default().ok();
    let client = reqwest::Client::builder()
        .pool_idle_timeout(MOST_IDLE)
        .build();
    client.expect("a client of HTTP")
}
