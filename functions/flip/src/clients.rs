//! flip's own clients of AWS, which try again for longer than those of the other functions.
//!
//! All functions share the account's rates with each other and with everything else that asks AWS there. Who polls may
//! find no answer, and polls again. An alarm comes once, when the account is busiest; its deliveries are few, and minutes
//! apart.
//!
//! A flip that has not begun can wait, as pollers do. Where AWS turns its look away, or the question to ECS that belongs to
//! it, it is not asked again by this try: hundreds of them would take from an alarm what it needs.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::retry::{RetryPartition, TokenBucket};
use shared::polling::{self, OnceIfTurnedAway};
use std::time::Duration;

/// Tries of one call. Their waits add up to 9.4 s on average; the deadline of the function ends the last ones.
///
/// Many short waits rather than a few long ones: whoever asks most often takes most of what a busy account gives. With 12
/// tries, 2 s apart at last, one alarm in a hundred needed a second delivery in the simulation of `tests/stacks`.
const TRIES: u32 = 40;

/// The longest wait before the second try: it doubles with each try, and chance shortens it.
const FIRST_WAIT: Duration = Duration::from_millis(100);

const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// The clients of the four services that flip asks: the one of ECS can wait, the others try for long.
pub struct Clients {
    pub elb: Client,
    pub ecs: aws_sdk_ecs::Client,
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub sfn: aws_sdk_sfn::Client,
}

impl Clients {
    pub fn new(sdk: &SdkConfig) -> Clients {
        let retries = RetryConfig::standard()
            .with_max_attempts(TRIES)
            .with_initial_backoff(FIRST_WAIT)
            .with_max_backoff(LONGEST_WAIT);
        let ecs = polling::ecs(sdk);
        let sdk = sdk.to_builder().retry_config(retries).build();
        // The SDK takes retries out of a quota that a process fills again only by calls that succeed at once: a busy hour
        // would leave a warm function without any. Tries and deadline bound them here.
        let quota = RetryPartition::custom("flip").token_bucket(TokenBucket::unlimited());
        let quota = quota.build();
        let elb = aws_sdk_elasticloadbalancingv2::config::Builder::from(&sdk);
        let dynamodb = aws_sdk_dynamodb::config::Builder::from(&sdk);
        let sfn = aws_sdk_sfn::config::Builder::from(&sdk);
        Clients {
            elb: Client::from_conf(elb.retry_partition(quota.clone()).build()),
            ecs,
            dynamodb: aws_sdk_dynamodb::Client::from_conf(
                dynamodb.retry_partition(quota.clone()).build(),
            ),
            sfn: aws_sdk_sfn::Client::from_conf(sfn.retry_partition(quota).build()),
        }
    }
}

/// The same client for who can wait.
pub(crate) fn unhurried(client: &Client) -> Client {
    let config = client.config().to_builder();
    let config = config.retry_config(RetryConfig::standard());
    Client::from_conf(config.retry_classifier(OnceIfTurnedAway).build())
}

#[cfg(test)]
#[path = "clients_tests.rs"]
pub(crate) mod tests;
