//! The public: requests through the load balancer the whole time, counted by version and status. It publishes
//! what an Application Load Balancer would tell CloudWatch, because the local one tells nothing.

use crate::metrics::{Told, publish};
use crate::stage::Stage;
use chrono::{DateTime, TimeDelta, Utc};
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
    /// When each version failed a request first.
    pub first_failed: BTreeMap<String, DateTime<Utc>>,
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
        Traffic::told_late(stage, TimeDelta::zero())
    }

    /// Traffic of which CloudWatch tells late.
    pub fn told_late(stage: &Arc<Stage>, delay: TimeDelta) -> Traffic {
        let counts = Arc::new(Mutex::new(Counts::default()));
        let mut tasks: Vec<_> = (0..CUSTOMERS)
            .map(|_| tokio::spawn(customer(stage.clone(), counts.clone())))
            .collect();
        tasks.push(tokio::spawn(publisher(
            stage.clone(),
            counts.clone(),
            delay,
        )));
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
    if failed {
        let first = counts.first_failed.entry(version.clone());
        first.or_insert_with(Utc::now);
    }
    counts.first.entry(version.clone()).or_insert_with(Utc::now);
    counts.last.insert(version.clone(), Utc::now());
    *counts.answers.entry((version, status)).or_default() += 1;
}

/// Publishes each second of traffic `delay` after it, with the time at which it was.
async fn publisher(stage: Arc<Stage>, counts: Arc<Mutex<Counts>>, delay: TimeDelta) {
    let mut waiting: Vec<Told> = Vec::new();
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
        let now = Utc::now();
        waiting.extend(news.into_iter().map(|(slot, (requests, errors))| Told {
            slot,
            requests,
            errors,
            at: now,
        }));
        let due = waiting.partition_point(|it| it.at <= now - delay);
        // A second without metrics is what a person would see on AWS too; the next one follows.
        publish(&stage, waiting.drain(..due)).await.ok();
    }
}
