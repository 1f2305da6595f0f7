//! Customers: requests through the load balancer the whole time, counted by version and status. It publishes what an
//! Application Load Balancer publishes to CloudWatch, because the local one publishes nothing.

use crate::metrics::{Sample, publish};
use crate::stage::Stage;
use anyhow::{Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Customers who send requests at the same time, and how long each thinks between two requests.
const CUSTOMERS: usize = 3;
const THINKING: Duration = Duration::from_millis(60);

/// How long traffic may take to show what a rule says: a few requests, on a busy machine too.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);

/// The answers so far.
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

    /// Requests that a version failed.
    pub fn failed_by(&self, version: &str) -> u64 {
        let answers = self.answers.iter();
        let failed = answers.filter(|((by, status), _)| by == version && *status >= 500);
        failed.map(|(_, count)| count).sum()
    }

    /// The version that answers now, which is the active environment's.
    pub fn answering(&self) -> Option<&str> {
        self.latest.as_ref().map(|(version, _)| version.as_str())
    }

    /// One line: which environment and version answer, and how.
    pub fn describe(&self) -> String {
        let (version, environment) = match &self.latest {
            Some((version, environment)) => (version.as_str(), environment.as_str()),
            None => ("nobody", "none"),
        };
        let ((requests, errors), failed, served) = (self.second, self.failed, self.served());
        format!(
            "{environment} is active, {version} answers: {requests} requests/s, {errors} errors/s; \
             {served} served, {failed} failed"
        )
    }
}

/// Running traffic; dropping it ends it.
pub struct Traffic {
    counts: watch::Receiver<Counts>,
    _tasks: JoinSet<()>,
}

impl Traffic {
    pub fn start(stage: &Arc<Stage>) -> Traffic {
        Traffic::with_late_metrics(stage, TimeDelta::zero())
    }

    /// Traffic whose metrics reach CloudWatch `delay` later.
    pub fn with_late_metrics(stage: &Arc<Stage>, delay: TimeDelta) -> Traffic {
        let (sender, counts) = watch::channel(Counts::default());
        let mut tasks = JoinSet::new();
        for _ in 0..CUSTOMERS {
            tasks.spawn(customer(stage.clone(), sender.clone()));
        }
        tasks.spawn(publisher(stage.clone(), sender, delay));
        Traffic {
            counts,
            _tasks: tasks,
        }
    }

    pub fn counts(&self) -> Counts {
        self.counts.borrow().clone()
    }

    /// Waits until `version` answers customers.
    ///
    /// # Errors
    /// Another version still answers after a minute.
    pub async fn wait_for(&self, version: &str) -> Result<()> {
        let mut counts = self.counts.clone();
        let answers = counts.wait_for(|counts| counts.answering() == Some(version));
        if let Ok(Ok(_)) = tokio::time::timeout(SHOWN_WITHIN, answers).await {
            return Ok(());
        }
        let answering = self.counts().latest;
        bail!("expected {version} to answer, found {answering:?}")
    }
}

async fn customer(stage: Arc<Stage>, counts: watch::Sender<Counts>) {
    loop {
        let answer = stage.request("/api/v1/orders", None).send().await;
        let (version, slot, status) = match &answer {
            Ok(response) => {
                let header = |name| {
                    let value = response.headers().get(name);
                    value.and_then(|value| value.to_str().ok()).unwrap_or("-")
                };
                let status = response.status().as_u16();
                (header("x-version"), header("x-slot"), status)
            }
            Err(_) => ("-", "-", 0),
        };
        counts.send_modify(|counts| count(counts, version, slot, status));
        tokio::time::sleep(THINKING).await;
    }
}

fn count(counts: &mut Counts, version: &str, slot: &str, status: u16) {
    let failed = status == 0 || status >= 500;
    if version != "-" {
        // The first revision was registered before there were slots; it runs in blue.
        let environment = if slot.is_empty() { "blue" } else { slot };
        counts.latest = Some((version.to_owned(), environment.to_owned()));
    }
    counts.failed += u64::from(failed);
    let unpublished = counts.unpublished.entry(slot.to_owned()).or_default();
    unpublished.0 += 1;
    unpublished.1 += u64::from(failed);
    let (version, now) = (version.to_owned(), Utc::now());
    if failed {
        let first = counts.first_failed.entry(version.clone());
        first.or_insert(now);
    }
    counts.first.entry(version.clone()).or_insert(now);
    counts.last.insert(version.clone(), now);
    *counts.answers.entry((version, status)).or_default() += 1;
}

/// Publishes each second of traffic `delay` after it, with the time at which it was.
async fn publisher(stage: Arc<Stage>, counts: watch::Sender<Counts>, delay: TimeDelta) {
    let mut samples: Vec<Sample> = Vec::new();
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let at = Utc::now();
        counts.send_modify(|counts| {
            counts.second = (0, 0);
            for (slot, (requests, errors)) in std::mem::take(&mut counts.unpublished) {
                counts.second.0 += requests;
                counts.second.1 += errors;
                samples.push(Sample {
                    slot,
                    requests,
                    errors,
                    at,
                });
            }
        });
        let due = samples.partition_point(|sample| sample.at <= at - delay);
        // A second without metrics is what a person would see on AWS too; the next one follows.
        publish(&stage, samples.drain(..due)).await.ok();
    }
}
