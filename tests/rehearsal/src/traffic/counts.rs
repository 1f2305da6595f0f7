//! The answers that customers got so far.

use super::answer::Answer;
use crate::metrics::Sample;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// A version that answers after so long a silence has begun to. A small share of the traffic is not silent so long.
const SILENCE: TimeDelta = TimeDelta::seconds(3);

/// Who answers: a version and its environment.
type By = (String, String);

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
    /// Who answered the latest request.
    pub latest: Option<By>,
    /// How often a version has begun to answer, and which did last.
    pub begun: u64,
    newcomer: Option<By>,
    /// When each answered last.
    heard: BTreeMap<By, DateTime<Utc>>,
    /// The latest whole second.
    second: Second,
    /// The second that is not over yet.
    current: Second,
    /// Not yet published: by slot (`-`: the load balancer), whether a request failed, and how many seconds it took.
    unpublished: BTreeMap<String, Vec<(bool, f64)>>,
}

/// What came in one second.
#[derive(Clone, Debug, Default)]
struct Second {
    requests: BTreeMap<By, u64>,
    errors: u64,
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

    /// One line: who began to answer, and how it goes.
    pub fn describe(&self) -> String {
        let requests: u64 = self.second.requests.values().sum();
        let who = self.newcomer.as_ref().map_or("nobody".to_owned(), who);
        format!("{who} answers: {requests} requests/s, {}", self.so_far())
    }

    /// The same with everybody who answered in the latest second.
    pub fn live(&self) -> String {
        let answering = self.second.requests.iter();
        let answering = answering.map(|(by, requests)| format!("{} {requests}/s", who(by)));
        let answering = answering.collect::<Vec<_>>().join(", ");
        format!("{answering}: {}", self.so_far())
    }

    fn so_far(&self) -> String {
        let (errors, failed, served) = (self.second.errors, self.failed, self.served());
        format!("{errors} errors/s; {served} served, {failed} failed")
    }

    /// Counts one answer.
    pub(super) fn add(&mut self, answer: &Answer, seconds: f64) {
        let (failed, now) = (answer.failed(), answer.at);
        let (version, environment) = (&answer.version, &answer.environment);
        self.failed += u64::from(failed);
        self.current.errors += u64::from(failed);
        let unpublished = self.unpublished.entry(environment.clone());
        unpublished.or_default().push((failed, seconds));
        if version != "-" {
            self.hear((version.clone(), environment.clone()), now);
        }
        if failed {
            let first = self.first_failed.entry(version.clone());
            first.or_insert(now);
        }
        self.first.entry(version.clone()).or_insert(now);
        self.last.insert(version.clone(), now);
        let answers = self.answers.entry((version.clone(), answer.status));
        *answers.or_default() += 1;
    }

    fn hear(&mut self, by: By, now: DateTime<Utc>) {
        let before = self.heard.insert(by.clone(), now);
        if before.is_none_or(|before| now - before > SILENCE) {
            self.begun += 1;
            self.newcomer = Some(by.clone());
        }
        *self.current.requests.entry(by.clone()).or_default() += 1;
        self.latest = Some(by);
    }

    /// Ends a second, and gives what is to be published of it.
    pub(super) fn end_second(&mut self, at: DateTime<Utc>) -> impl Iterator<Item = Sample> {
        self.second = std::mem::take(&mut self.current);
        let unpublished = std::mem::take(&mut self.unpublished);
        unpublished.into_iter().map(move |slot| sample(slot, at))
    }
}

fn who((version, environment): &By) -> String {
    format!("{version} in {environment}")
}

fn sample((slot, answers): (String, Vec<(bool, f64)>), at: DateTime<Utc>) -> Sample {
    Sample {
        slot,
        requests: answers.iter().map(|_| 1).sum(),
        errors: answers.iter().map(|(failed, _)| u64::from(*failed)).sum(),
        seconds: answers.into_iter().map(|(_, seconds)| seconds).collect(),
        at,
    }
}
