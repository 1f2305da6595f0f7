//! How errors come: each alone, or in clusters as in a real log.
//!
//! The log is that of an Apache server over 38 hours. 203 of its 2,309 minutes have errors, 16 % of the hours have none,
//! and the counts vary more than Poisson counts: 3.8 times by the minute, 10 times by the quarter of an hour, 20 times by
//! the hour. The process below has these five figures, and nothing else of the log: episodes begin by chance, some minutes
//! of an episode have a burst of errors, and a few errors come alone.

use super::chance::{binomial, poisson, uniform};
use super::minute::Minute;
use rand_chacha::ChaCha8Rng;

/// How the errors of a service come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Errors {
    /// Each alone.
    Independent,
    /// In the log's clusters: the more traffic, the more of them, and each as large as in the log.
    Bursts,
    /// In the log's clusters, as many as in the log: the more traffic, the larger is each of them.
    Hiccups,
}

/// Episodes at the same time, on average.
const EPISODES: f64 = 0.3307;

/// The chance that an episode lasts for another minute: 25 minutes on average.
const LASTS: f64 = 0.9599;

/// The chance that a minute of an episode has a burst.
const BURST_IN_MINUTE: f64 = 0.2342;

/// Errors of a burst, on average. Each has one or more.
const BURST: f64 = 2.506;

/// Errors a minute that come alone.
const ALONE: f64 = 0.014_69;

/// Errors a minute of all the log.
pub const LOG: f64 = EPISODES * BURST_IN_MINUTE * BURST + ALONE;

impl Errors {
    /// What is usual in minutes with so many requests, if `failing` of all requests fail.
    pub fn minutes(self, failing: f64, requests: &[f64], random: &mut ChaCha8Rng) -> Vec<Minute> {
        let minutes = requests.iter().map(|requests| Minute {
            requests: *requests,
            ..Minute::default()
        });
        match self {
            Errors::Independent => minutes.map(|it| Minute { failing, ..it }).collect(),
            Errors::Bursts => {
                let logs: Vec<f64> = requests.iter().map(|it| it * failing / LOG).collect();
                let minutes = minutes.zip(clusters(&logs, random));
                minutes
                    .map(|(it, errors)| Minute { errors, ..it })
                    .collect()
            }
            Errors::Hiccups => {
                let minutes = minutes.zip(clusters(&vec![1.0; requests.len()], random));
                let hiccup = |errors: f64| failing * errors / LOG;
                let minute = |(it, errors)| Minute {
                    failing: hiccup(errors),
                    ..it
                };
                minutes.map(minute).collect()
            }
        }
    }
}

/// Errors of minutes in which so many logs are written at once.
pub fn clusters(logs: &[f64], random: &mut ChaCha8Rng) -> Vec<f64> {
    let first = logs.first().copied().unwrap_or(0.0);
    let mut episodes = poisson(EPISODES * first, random);
    let mut minutes = Vec::with_capacity(logs.len());
    for logs in logs {
        let bursts = binomial(episodes, BURST_IN_MINUTE, random) as u64;
        let errors: f64 = (0..bursts).map(|_| burst(random)).sum();
        minutes.push(errors + poisson(ALONE * logs, random));
        let new = EPISODES * (1.0 - LASTS) * logs;
        episodes = binomial(episodes, LASTS, random) + poisson(new, random);
    }
    minutes
}

/// A geometric count.
fn burst(random: &mut ChaCha8Rng) -> f64 {
    let another = 1.0 - 1.0 / BURST;
    1.0 + ((1.0 - uniform(random)).ln() / another.ln()).floor()
}
