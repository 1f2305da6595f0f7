//! Answers of AWS, read by the SDK's own deserialisers and then by the functions that rely on them.

use crate::events::now;
use crate::refusal::accepted;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatch::config::{
    AsyncSleep, Credentials, SharedAsyncSleep, SharedCredentialsProvider, Sleep,
};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::retry::RetryConfig;
use evaluate_metrics::metrics::{self, Dimensions, Window};
use http::Response;
use record::Store;
use shared::alarms::{AlarmPolicy, OnAlarmBeforeFlip};
use shared::ecs::{ServiceName, describe_service};
use shared::routing::{LiveRule, Routing, live_rules, original_forwards};
use shared::targets::{healthy_count, target_health};
use shared::{Environment, Error, PerEnvironment, Refusal, Share, Splits, Traffic};
use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

/// What an answer that cannot be used is called.
const ERRORS: [&str; 4] = [
    "AwsUnavailable",
    "AccessDenied",
    "NotFound",
    "UnexpectedAnswer",
];

/// The first byte chooses the call, the second the answer's status, the rest is its body.
pub fn answer(bytes: &[u8]) -> bool {
    let [call, status, body @ ..] = bytes else {
        return false;
    };
    let status = [200, 400, 500][usize::from(*status) % 3];
    match call % 6 {
        0 => rules(&account(status, body), "arn:aws:x:listener-rule/1"),
        1 => rules(&account(status, body), "arn:aws:x:listener/1"),
        2 => targets(&account(status, body)),
        3 => record(&account(status, body)),
        4 => series(&account(status, body)),
        _ => service(&account(status, body)),
    }
}

/// An account whose every answer is this one.
fn account(status: u16, body: &[u8]) -> SdkConfig {
    let body = body.to_vec();
    let client = infallible_client_fn(move |_| {
        let mut response = Response::new(body.clone());
        *response.status_mut() = status.try_into().unwrap_or_default();
        // CloudWatch's client reads no answer without the name of its protocol.
        let headers = response.headers_mut();
        headers.insert(
            "smithy-protocol",
            http::HeaderValue::from_static("rpc-v2-cbor"),
        );
        response
    });
    let credentials = Credentials::new("key", "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .sleep_impl(SharedAsyncSleep::new(NoSleep))
        .http_client(client)
        .build()
}

/// Nothing here takes long enough to be waited for.
#[derive(Debug)]
struct NoSleep;

impl AsyncSleep for NoSleep {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(std::future::pending())
    }
}

/// Runs a call; an error has a name that the state machine knows what to do with.
fn call<T>(call: impl Future<Output = Result<T, Error>>) -> Option<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    accepted(runtime.ok()?.block_on(call), &ERRORS)
}

/// One answer for two rules gives one environment, or says why not.
fn rules(account: &SdkConfig, arn: &str) -> bool {
    let elb = aws_sdk_elasticloadbalancingv2::Client::new(account);
    let rule_arns = vec![arn.to_owned(), arn.to_owned()];
    let Some(rules) = call(live_rules(&elb, &rule_arns)) else {
        return false;
    };
    assert_eq!(rules.len(), 2);
    let target_groups = PerEnvironment {
        blue: "tg-blue".to_owned(),
        green: "tg-green".to_owned(),
    };
    let routing = Routing {
        rule_arns,
        target_groups,
    };
    match routing.active_environment(&rules) {
        Ok(environment) => {
            assert_eq!(routing.environment_of(&rules[1]), Ok(environment));
            assert_eq!(split_and_back(&routing, &rules, environment), Ok(()));
            true
        }
        Err(refusal) => {
            assert!(!refusal.as_str().is_empty());
            false
        }
    }
}

/// Rules of which the environment gets everything give the other one a share, and the environment everything again.
fn split_and_back(
    routing: &Routing,
    rules: &[LiveRule],
    environment: Environment,
) -> Result<(), Refusal> {
    let (to, share) = (environment.other(), Share::new(10));
    let tenth = share.map_or(Traffic::all(to), |share| Traffic { to, share });
    let split = routing.rewritten(rules, tenth, &[])?;
    assert_eq!(routing.traffic(&split, to), Ok(tenth));
    let own = Splits {
        to,
        shares: [share, None],
        originals: &original_forwards(rules),
    };
    let back = routing.rewritten(&split, Traffic::all(environment), &[own])?;
    assert_eq!(routing.active_environment(&back), Ok(environment));
    Ok(())
}

fn targets(account: &SdkConfig) -> bool {
    let elb = aws_sdk_elasticloadbalancingv2::Client::new(account);
    let targets = call(target_health(&elb, "tg-green"));
    targets.is_some_and(|targets| healthy_count(&targets) > 0)
}

/// A record that is read can be written and read again.
fn record(account: &SdkConfig) -> bool {
    let client = aws_sdk_dynamodb::Client::new(account);
    let store = Store::new(client, "releases".to_owned(), "shop".to_owned());
    let record = call(store.load());
    record.is_some_and(|record| {
        let text = serde_json::to_string(&record).unwrap_or_default();
        assert_eq!(serde_json::from_str(&text).ok(), Some(record.clone()));
        record.version > 0
    })
}

/// Counts are counts, whatever CloudWatch answers.
fn series(account: &SdkConfig) -> bool {
    let client = aws_sdk_cloudwatch::Client::new(account);
    let dimensions = Dimensions {
        previous_target_group: "targetgroup/blue/1".to_owned(),
        new_target_group: "targetgroup/green/1".to_owned(),
        load_balancer: "app/shop/2".to_owned(),
    };
    let window = Window {
        from: now(),
        flipped_at: now(),
        now: now(),
    };
    if let Some(alarms) = call(ALARMS.states(&client, Environment::Green)) {
        assert!(alarms.iter().any(|it| it.name == "checkout"));
    }
    let Some(metrics) = call(metrics::read(&client, &dimensions, window)) else {
        return false;
    };
    let minutes = || metrics.previous.iter().chain(&metrics.new);
    let counts = minutes().flat_map(|it| [it.requests, it.target_5xx, it.load_balancer_5xx]);
    assert!(counts.flatten().all(|it| it >= 0.0), "{metrics:?}");
    minutes().next().is_some()
}

static ALARMS: LazyLock<AlarmPolicy> = LazyLock::new(|| AlarmPolicy {
    service: "shop".to_owned(),
    names: vec!["checkout".to_owned()],
    on_alarm_before_flip: OnAlarmBeforeFlip::Refuse,
});

fn service(account: &SdkConfig) -> bool {
    let ecs = aws_sdk_ecs::Client::new(account);
    let name = ServiceName {
        cluster: "shop-green".to_owned(),
        service: "api".to_owned(),
    };
    call(describe_service(&ecs, &name)).flatten().is_some()
}
