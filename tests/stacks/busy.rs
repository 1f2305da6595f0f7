//! An account in which twenty releases a minute ask the load balancer more often than it answers, on a clock that runs
//! ahead while everybody waits. Alarms get through all the same, since flip tries longer than whoever polls.

use crate::aws::{World, config};
use crate::functions::{Account, FLIP_SECONDS, flip_with, invoke_flip};
use aws_config::retry::RetryConfig;
use fixtures::{Limits, Rate};
use flip::clients::Clients;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Seconds between two releases, and between two alarms: twenty a minute.
const BETWEEN: Duration = Duration::from_secs(3);

/// Calls of a release, one every 5 s: what describes listeners, rules and targets. That is more than a release asks for
/// (`fleet` counts it): twenty a minute make 10.3 calls a second, where 10 are answered.
const CALLS: u32 = 31;
const EVERY: Duration = Duration::from_secs(5);

/// Tries of a call, and the wait before the second one, as the SDK has them: whoever polls here is less patient than our
/// functions, which ask once where AWS throttles them.
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_secs(1);

/// The account has been busy for so long when the first alarm comes, and there are so many alarms.
const BUSY: Duration = Duration::from_secs(240);
const ALARMS: u32 = 20;

/// Runs of the account, each with another chance.
const SEEDS: u64 = 10;

/// When Lambda delivers an event: at once, and twice more after an error, a minute and two minutes later.
const DELIVERIES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(60),
    Duration::from_secs(120),
];

/// What became of an alarm: after how long it flipped back, and by which delivery; or it was lost to the queue.
type Fate = Option<(Duration, usize)>;

#[tokio::test(start_paused = true)]
async fn every_alarm_gets_through_a_busy_account_by_its_first_delivery() {
    for seed in 1..=SEEDS {
        let fates = fates(seed, Clients::new).await;
        let (lost, slowest) = shown("flip's own clients", &fates);
        assert_eq!(lost, 0, "seed {seed}");
        assert!(slowest < Duration::from_secs(FLIP_SECONDS), "{slowest:?}");
        let at_once = fates
            .iter()
            .flatten()
            .filter(|(_, deliveries)| *deliveries == 1);
        assert_eq!(at_once.count(), fates.len(), "seed {seed}");
    }
}

/// What flip's clients are for: with the retries that the SDK has by itself, the same account loses alarms.
#[tokio::test(start_paused = true)]
async fn the_sdks_own_retries_would_lose_alarms() {
    let usual = |sdk: &aws_config::SdkConfig| {
        let sdk = sdk.to_builder().retry_config(RetryConfig::standard());
        let sdk = sdk.build();
        Clients {
            elb: aws_sdk_elasticloadbalancingv2::Client::new(&sdk),
            ecs: aws_sdk_ecs::Client::new(&sdk),
            dynamodb: aws_sdk_dynamodb::Client::new(&sdk),
            sfn: aws_sdk_sfn::Client::new(&sdk),
        }
    };
    let mut all = Vec::new();
    for seed in 1..=3 {
        all.extend(fates(seed, usual).await);
    }
    let (lost, slowest) = shown("the SDK's own retries", &all);
    assert!(lost > 0 && slowest > Duration::from_secs(FLIP_SECONDS));
}

/// Prints how many alarms were lost, and after how long the last of the others flipped back.
fn shown(clients: &str, fates: &[Fate]) -> (usize, Duration) {
    let lost = fates.iter().filter(|fate| fate.is_none()).count();
    let took = fates.iter().flatten().map(|(took, _)| *took);
    let slowest = took.max().unwrap_or_default();
    let seconds = slowest.as_secs_f64();
    println!(
        "alarms: {clients}: lost={lost} of {} slowest={seconds:.1} s",
        fates.len()
    );
    (lost, slowest)
}

/// Makes the account busy, and lets the alarms come. `seed` sets chance, but for the real milliseconds in a lease.
async fn fates(seed: u64, clients: impl Fn(&aws_config::SdkConfig) -> Clients) -> Vec<Fate> {
    fastrand::seed(seed);
    let rate = Rate::full(Limits::documented());
    let releases = tokio::spawn(releases(rate.clone()));
    sleep(BUSY).await;
    let alarms = (0..ALARMS).map(|n| {
        let account = flipped(&rate);
        let clients = clients(&config(&account));
        async move {
            sleep(BETWEEN * n).await;
            delivered(&account, clients).await
        }
    });
    let fates = futures::future::join_all(alarms).await;
    releases.abort();
    fates
}

/// One release after the other polls; each begins at another moment of its three seconds.
async fn releases(rate: Rate) {
    loop {
        let moment = BETWEEN.mul_f64(fastrand::f64());
        let rate = rate.clone();
        tokio::spawn(async move {
            sleep(moment).await;
            for _ in 0..CALLS {
                ask(&rate).await;
                sleep(EVERY).await;
            }
        });
        sleep(BETWEEN).await;
    }
}

/// One call with its tries; nobody minds a poll that found no answer.
async fn ask(rate: &Rate) {
    for n in 1..TRIES {
        if rate.takes("DescribeRules") {
            return;
        }
        sleep((WAIT * n).mul_f64(fastrand::f64())).await;
    }
    rate.takes("DescribeRules");
}

/// A stack of this account whose latest release flipped to blue.
fn flipped(rate: &Rate) -> Account {
    let mut world = World::base();
    world.rate = Some(rate.clone());
    Arc::new(Mutex::new(world))
}

/// Lambda delivers an alarm until flip answers.
async fn delivered(account: &Account, clients: Clients) -> Fate {
    let began = Instant::now();
    let flip = flip_with(account, clients);
    for (n, after) in (1..).zip(DELIVERIES) {
        sleep(after).await;
        if let Ok(answer) = invoke_flip(&flip, alarm()).await {
            assert_eq!(answer["decision"], "flipped-back", "{answer}");
            return Some((began.elapsed(), n));
        }
    }
    None
}

fn alarm() -> Value {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": "2099-12-31T10:00:00Z"});
    json!({"source": "aws.cloudwatch", "alarmData": {"alarmName": "shop-blue-5xx", "state": state},
        "alarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-blue-5xx"})
}
