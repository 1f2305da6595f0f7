//! Customers: requests through the load balancer the whole time, counted by version and status. It publishes what an
//! Application Load Balancer publishes to CloudWatch, because the local one publishes nothing.

mod answer;
mod counts;

pub use answer::Answer;
pub use counts::Counts;

use crate::lock::lock;
use crate::metrics::{Sample, publish};
use crate::stage::Stage;
use anyhow::{Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Customers who send requests at the same time, and how long each thinks between two requests.
const CUSTOMERS: usize = 3;
const THINKING: Duration = Duration::from_millis(60);

/// How long traffic may take to show what a rule says: a few requests, on a busy machine too.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);

/// All answers, in order.
type Log = Arc<Mutex<Vec<Answer>>>;

/// Requests, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub requests: u64,
    pub failed: u64,
}

/// Running traffic; dropping it ends it.
pub struct Traffic {
    counts: watch::Receiver<Counts>,
    log: Log,
    tasks: JoinSet<()>,
}

impl Traffic {
    pub fn start(stage: &Arc<Stage>) -> Traffic {
        Traffic::with_late_metrics(stage, TimeDelta::zero())
    }

    /// Traffic whose metrics reach CloudWatch `delay` later.
    pub fn with_late_metrics(stage: &Arc<Stage>, delay: TimeDelta) -> Traffic {
        let (sender, counts) = watch::channel(Counts::default());
        let (log, mut tasks) = (Log::default(), JoinSet::new());
        for _ in 0..CUSTOMERS {
            tasks.spawn(customer(stage.clone(), sender.clone(), log.clone()));
        }
        tasks.spawn(publisher(stage.clone(), sender, delay));
        Traffic { counts, log, tasks }
    }

    pub fn counts(&self) -> Counts {
        self.counts.borrow().clone()
    }

    /// Sends the customers home, and gives every answer that they got: as many as are counted.
    pub async fn end(&mut self) -> Vec<Answer> {
        self.tasks.shutdown().await;
        lock(&self.log).clone()
    }

    /// What each version was asked from one moment to another.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> BTreeMap<String, Tally> {
        let mut tallies = BTreeMap::<_, Tally>::new();
        let log = lock(&self.log);
        for answer in log.iter().filter(|it| from <= it.at && it.at < to) {
            let tally = tallies.entry(answer.version.clone()).or_default();
            tally.requests += 1;
            tally.failed += u64::from(answer.failed());
        }
        tallies
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

async fn customer(stage: Arc<Stage>, counts: watch::Sender<Counts>, log: Log) {
    loop {
        let began = Instant::now();
        let answer = stage.request("/api/v1/orders", None).send().await;
        let seconds = began.elapsed().as_secs_f64();
        let answer = Answer::read(&answer);
        counts.send_modify(|counts| {
            counts.add(&answer, seconds);
            // Within the same lock: whoever counts finds both or neither.
            lock(&log).push(answer);
        });
        tokio::time::sleep(THINKING).await;
    }
}

/// Publishes each second of traffic `delay` after it, with the time at which it was.
async fn publisher(stage: Arc<Stage>, counts: watch::Sender<Counts>, delay: TimeDelta) {
    let mut samples: Vec<Sample> = Vec::new();
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let at = Utc::now();
        counts.send_modify(|counts| {
            samples.extend(counts.end_second(at));
        });
        let due = samples.partition_point(|sample| sample.at <= at - delay);
        // A second without metrics is what a person would see on AWS too; the next one follows.
        publish(&stage, samples.drain(..due)).await.ok();
    }
}
