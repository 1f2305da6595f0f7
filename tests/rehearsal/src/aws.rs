//! The local AWS as one account sees it. A 12-digit access key is an account with a state of its own, so that
//! several rehearsals can share a server.

use aws_config::{BehaviorVersion, Region, SdkConfig};

/// The Region of every rehearsal.
pub const REGION: &str = "eu-west-1";

/// Clients for one account of the local AWS.
#[derive(Clone)]
pub struct Aws {
    pub endpoint: String,
    pub account: String,
    config: SdkConfig,
}

impl Aws {
    pub fn new(endpoint: &str, account: &str) -> Aws {
        let credentials =
            aws_sdk_sfn::config::Credentials::new(account, "rehearsal", None, None, "rehearsal");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .http_client(shared::lambda::http_client())
            .endpoint_url(endpoint)
            .credentials_provider(aws_sdk_sfn::config::SharedCredentialsProvider::new(
                credentials,
            ))
            .build();
        Aws {
            endpoint: endpoint.to_owned(),
            account: account.to_owned(),
            config,
        }
    }

    pub fn cloudformation(&self) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config)
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

    pub fn events(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.config)
    }

    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        aws_sdk_lambda::Client::new(&self.config)
    }

    pub fn logs(&self) -> aws_sdk_cloudwatchlogs::Client {
        aws_sdk_cloudwatchlogs::Client::new(&self.config)
    }

    /// Path style: no name server knows the buckets of a local AWS.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(true)
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    pub fn sfn(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.config)
    }

    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }
}
