//! Clients for who polls before anybody's traffic depends on it: a call that AWS turns away, as it does when it throttles, is
//! not sent again at once.
//!
//! The state machine asks again, later and at a moment left to chance. Three tries of each poll would take from the rate
//! of a busy account what an alarm needs there (`tests/stacks` simulates it). A lost connection, or an error of AWS, is
//! tried again as usual.

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

#[cfg(feature = "alarms")]
pub fn cloudwatch(sdk: &SdkConfig) -> aws_sdk_cloudwatch::Client {
    use aws_sdk_cloudwatch::{Client, config::Builder};
    let config = Builder::from(sdk).retry_classifier(OnceIfTurnedAway);
    Client::from_conf(config.build())
}

#[cfg(feature = "scan")]
pub fn ecr(sdk: &SdkConfig) -> aws_sdk_ecr::Client {
    use aws_sdk_ecr::{Client, config::Builder};
    let config = Builder::from(sdk).retry_classifier(OnceIfTurnedAway);
    Client::from_conf(config.build())
}

#[cfg(feature = "ecs")]
pub fn ecs(sdk: &SdkConfig) -> aws_sdk_ecs::Client {
    use aws_sdk_ecs::{Client, config::Builder};
    let config = Builder::from(sdk).retry_classifier(OnceIfTurnedAway);
    Client::from_conf(config.build())
}

#[cfg(feature = "routing")]
pub fn elb(sdk: &SdkConfig) -> aws_sdk_elasticloadbalancingv2::Client {
    use aws_sdk_elasticloadbalancingv2::{Client, config::Builder};
    let config = Builder::from(sdk).retry_classifier(OnceIfTurnedAway);
    Client::from_conf(config.build())
}

/// Lets the SDK send a call again only where AWS has not turned it away; what one classifier forbids, no other can allow.
#[derive(Debug)]
pub struct OnceIfTurnedAway;

impl ClassifyRetry for OnceIfTurnedAway {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response().map(|response| response.status()) {
            Some(status) if status.is_client_error() => RetryAction::RetryForbidden,
            Some(_) | None => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "once if turned away"
    }
}
