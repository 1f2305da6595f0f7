//! How long flip's clients try, on a clock that runs ahead while everybody waits.

use super::*;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::{Client, config::Builder};
use aws_smithy_mocks::{MockResponseInterceptor, Rule, RuleMode, create_mock_http_client, mock};
use fixtures::sdk_config;

/// What the load balancer answers above its rate, with status 400.
pub(crate) const THROTTLED: &str =
    "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";

/// flip's client of the load balancer, with these answers.
pub(crate) fn patient(rules: &[&Rule]) -> Client {
    let sdk = sdk_config(create_mock_http_client());
    let config: Builder = Clients::new(&sdk).elb.config().to_builder();
    let mocks = MockResponseInterceptor::new().rule_mode(RuleMode::Sequential);
    let mocks = rules
        .iter()
        .fold(mocks, |mocks, rule| mocks.with_rule(rule));
    Client::from_conf(config.interceptor(mocks).build())
}

/// A call that is throttled so many times before it is answered.
fn throttled(times: usize) -> Rule {
    fails(400, times)
}

/// A call that gets this status so many times before it is answered.
fn fails(status: u16, times: usize) -> Rule {
    mock!(Client::describe_target_health)
        .sequence()
        .http_status(status, Some(THROTTLED.to_owned()))
        .times(times)
        .output(|| DescribeTargetHealthOutput::builder().build())
        .build()
}

async fn is_answered(client: &Client) -> bool {
    client.describe_target_health().send().await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_call_is_tried_forty_times_and_no_more() {
    let (last, never) = (throttled(39), throttled(40));
    assert!(is_answered(&patient(&[&last])).await);
    assert_eq!(last.num_calls(), 40);
    assert!(!is_answered(&patient(&[&never])).await);
    assert_eq!(never.num_calls(), 40);
}

/// The SDK's own quota, of 500 for each process, is used up by 100 tries that were throttled.
#[tokio::test(start_paused = true)]
async fn a_function_that_was_throttled_for_long_still_tries() {
    let calls = [0; 15].map(|_| throttled(39));
    let client = patient(&calls.each_ref());
    for n in 1..=calls.len() {
        assert!(is_answered(&client).await, "call {n}");
    }
}

/// A function that was frozen wakes with dead connections.
#[tokio::test(start_paused = true)]
async fn who_can_wait_is_turned_away_once_and_asks_again_where_no_answer_came() {
    for (status, tries) in [(400, 1), (503, 3)] {
        let call = fails(status, 100);
        assert!(!is_answered(&unhurried(&patient(&[&call]))).await);
        assert_eq!(call.num_calls(), tries, "{status}");
    }
}
