//! The public: requests through the load balancer the whole time, counted by version and status. It publishes
//! what an Application Load Balancer would tell CloudWatch, because the local one tells nothing.

use crate::aws::Aws;
use crate::stack::Values;
use crate::stage::Stage;
use anyhow::Result;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use chrono::{DateTime, TimeDelta, Utc};
use shared::Environment;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Customers who ask at the same time, and how long each thinks between two requests.
const CUSTOMERS: usize = 3;
const THINKING: Duration = Duration::from_millis(60);

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Answers by version and status; version `-` is the load balancer's own answer.
    pub answers: BTreeMap<(String, u16), u64>,
    /// Requests without an answer, or with a status of 500 and more.
    pub failed: u64,
    /// When each version answered first, and last.
    pub first: BTreeMap<String, DateTime<Utc>>,
    pub last: BTreeMap<String, DateTime<Utc>>,
    /// Who answered the latest request: version and environment.
    pub latest: Option<(String, String)>,
    /// Requests and failures of the latest whole second.
    pub second: (u64, u64),
    /// Not yet published: by slot (`-`: the load balancer), requests and 5xx.
    unpublished: BTreeMap<String, (u64, u64)>,
}

impl Counts {
    pub fn served(&self) -> u64 {
        self.answers.values().sum()
    }

    /// The version that answers now, which is the live one.
    pub fn live(&self) -> Option<&str> {
        self.latest.as_ref().map(|(version, _)| version.as_str())
    }
}

/// Running traffic; dropping it ends it.
pub struct Traffic {
    counts: Arc<Mutex<Counts>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Traffic {
    pub fn start(stage: &Arc<Stage>) -> Traffic {
        let counts = Arc::new(Mutex::new(Counts::default()));
        let mut tasks: Vec<_> = (0..CUSTOMERS)
            .map(|_| tokio::spawn(customer(stage.clone(), counts.clone())))
            .collect();
        tasks.push(tokio::spawn(publisher(stage.clone(), counts.clone())));
        Traffic { counts, tasks }
    }

    pub fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn customer(stage: Arc<Stage>, counts: Arc<Mutex<Counts>>) {
    let client = reqwest::Client::new();
    loop {
        let answer = stage.request(&client, "/api/v1/orders", None).send().await;
        let (version, slot, status) = match &answer {
            Ok(response) => {
                let header = |name| {
                    response
                        .headers()
                        .get(name)
                        .and_then(|value| value.to_str().ok())
                };
                let (version, slot) = (
                    header("x-version").unwrap_or("-"),
                    header("x-slot").unwrap_or("-"),
                );
                (
                    version.to_owned(),
                    slot.to_owned(),
                    response.status().as_u16(),
                )
            }
            Err(_) => ("-".to_owned(), "-".to_owned(), 0),
        };
        record(&mut lock(&counts), version, slot, status);
        tokio::time::sleep(THINKING).await;
    }
}

fn record(counts: &mut Counts, version: String, slot: String, status: u16) {
    let failed = status == 0 || status >= 500;
    if version != "-" {
        // The first revision was registered before there were slots; it is live in blue.
        let environment = if slot.is_empty() { "blue" } else { &slot };
        counts.latest = Some((version.clone(), environment.to_owned()));
    }
    counts.failed += u64::from(failed);
    let unpublished = counts.unpublished.entry(slot).or_default();
    unpublished.0 += 1;
    unpublished.1 += u64::from(failed);
    counts.first.entry(version.clone()).or_insert_with(Utc::now);
    counts.last.insert(version.clone(), Utc::now());
    *counts.answers.entry((version, status)).or_default() += 1;
}

async fn publisher(stage: Arc<Stage>, counts: Arc<Mutex<Counts>>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let news = {
            let mut counts = lock(&counts);
            let news = std::mem::take(&mut counts.unpublished);
            counts.second = news
                .values()
                .fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
            news
        };
        // A second without metrics is what a person would see on AWS too; the next one follows.
        publish(&stage.aws, &stage.environment, news, Utc::now())
            .await
            .ok();
    }
}

/// Tells CloudWatch of errors from one environment's tasks, in this minute and in the next: an earlier release's errors
/// may have been in this one.
pub async fn publish_errors(stage: &Stage, environment: Environment) -> Result<()> {
    for at in [Utc::now(), Utc::now() + TimeDelta::minutes(1)] {
        let news = [(environment.name().to_owned(), (100, 50))].into();
        publish(&stage.aws, &stage.environment, news, at).await?;
    }
    Ok(())
}

/// Publishes as the load balancer does: 5xx only where there are some, its own 5xx without a target group.
async fn publish(
    aws: &Aws,
    environment: &Values,
    news: BTreeMap<String, (u64, u64)>,
    at: DateTime<Utc>,
) -> Result<()> {
    let tail = |name: &str| {
        environment
            .get(name)
            .and_then(|arn| arn.rsplit(':').next())
            .unwrap_or_default()
            .to_owned()
    };
    let balancer = tail("LoadBalancerArn").replace("loadbalancer/", "");
    let mut data = Vec::new();
    for (slot, (requests, errors)) in news {
        let group = match slot.as_str() {
            "green" => Some(tail("GreenTargetGroupArn")),
            "blue" | "" => Some(tail("BlueTargetGroupArn")),
            _ => None,
        };
        let (count, errors_of) = match group {
            Some(_) => (Some("RequestCount"), "HTTPCode_Target_5XX_Count"),
            None => (None, "HTTPCode_ELB_5XX_Count"),
        };
        data.extend(count.map(|name| datum(name, requests, &balancer, group.as_deref(), at)));
        data.extend(
            (errors > 0).then(|| datum(errors_of, errors, &balancer, group.as_deref(), at)),
        );
    }
    if !data.is_empty() {
        let call = aws
            .cloudwatch()
            .put_metric_data()
            .namespace("AWS/ApplicationELB");
        call.set_metric_data(Some(data)).send().await?;
    }
    Ok(())
}

fn datum(
    name: &str,
    value: u64,
    balancer: &str,
    group: Option<&str>,
    at: DateTime<Utc>,
) -> MetricDatum {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let datum = MetricDatum::builder()
        .metric_name(name)
        .value(f64::from(u32::try_from(value).unwrap_or(u32::MAX)))
        .unit(StandardUnit::Count)
        .timestamp(std::time::SystemTime::from(at).into())
        .dimensions(dimension("LoadBalancer", balancer));
    match group {
        Some(group) => datum.dimensions(dimension("TargetGroup", group)).build(),
        None => datum.build(),
    }
}
