//! Random releases: the traffic of one hour before the flip and of the minutes after it, as CloudWatch reports it.

use chrono::TimeDelta;
use evaluate_metrics::snapshot::{Forwarding, Metrics, MinuteMetrics, Snapshot};
use evaluate_metrics::targets::TargetSummary;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_distr::{Binomial, Distribution, Poisson};
use shared::{Environment, Time};

/// Minutes before the flip.
const BASELINE: i64 = 60;

/// Minutes from the flip's on: the longest watch needs no more.
pub const AFTER: usize = 6;

/// Requests and errors of one minute.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub requests: f64,
    pub errors: f64,
}

/// One release of one kind of service.
#[derive(Clone, Debug)]
pub struct Release {
    /// Seconds from the beginning of the flip's minute to the flip.
    pub phase: f64,
    /// The previous environment's minutes, oldest first; the last one is the flip's own, up to the flip.
    pub before: Vec<Count>,
    /// The new environment's, the flip's minute first.
    pub after: [Count; AFTER],
}

/// What is random about a service.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Requests a second.
    pub traffic: f64,
    /// The share of them that fails.
    pub errors: f64,
    /// So many errors come at once; 1 where each comes alone.
    pub burst: f64,
}

impl Service {
    fn minute(&self, seconds: f64, random: &mut ChaCha8Rng) -> Count {
        let requests = poisson(self.traffic * seconds, random);
        let share = self.errors.min(1.0);
        let errors = if self.burst > 1.0 {
            self.burst * poisson(requests * share / self.burst, random)
        } else {
            let errors = Binomial::new(requests as u64, share).expect("a probability");
            errors.sample(random) as f64
        };
        Count {
            requests,
            errors: errors.min(requests),
        }
    }
}

/// A count whose mean is `mean`, which may be none.
fn poisson(mean: f64, random: &mut ChaCha8Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |it| it.sample(random))
}

/// Random numbers that depend on these only.
pub fn random(row: usize, run: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64((row as u64) << 32 | run)
}

impl Release {
    /// A release of a service to a version that fails `fault` more of its requests.
    pub fn new(service: Service, fault: f64, random: &mut ChaCha8Rng) -> Release {
        let phase = f64::from(random.next_u32() % 60_000) / 1000.0;
        let mut before: Vec<Count> = (0..BASELINE)
            .map(|_| service.minute(60.0, random))
            .collect();
        before.push(service.minute(phase, random));
        let release = Release {
            phase,
            before,
            after: [Count::default(); AFTER],
        };
        release.to(service, fault, random)
    }

    /// The same release to another version.
    pub fn to(mut self, service: Service, fault: f64, random: &mut ChaCha8Rng) -> Release {
        let released = Service {
            errors: service.errors + fault,
            ..service
        };
        self.after[0] = released.minute(60.0 - self.phase, random);
        for minute in &mut self.after[1..] {
            *minute = released.minute(60.0, random);
        }
        self
    }

    /// Minutes from the flip's on that CloudWatch has reported `seconds` after the flip, `delay` seconds late.
    pub fn reported(&self, seconds: f64, delay: f64) -> usize {
        let ended = (self.phase + seconds - delay) / 60.0;
        (ended.max(0.0) as usize).min(AFTER)
    }

    /// What is observed before anything is reported of the new environment.
    pub fn snapshot(&self) -> Snapshot {
        let flip = flip();
        let first = flip - TimeDelta::minutes(BASELINE);
        let previous = (0..).zip(&self.before[..self.before.len() - 1]);
        let previous =
            previous.map(|(number, count)| minute(first + TimeDelta::minutes(number), count));
        let targets = TargetSummary {
            registered: 2,
            healthy: 2,
            asked: 2,
            ..TargetSummary::default()
        };
        let flipped_at = flip + TimeDelta::milliseconds((self.phase * 1000.0) as i64);
        Snapshot {
            flipped_at,
            now: flipped_at,
            forwarding: Ok(Forwarding::To(Environment::Green)),
            targets: Ok(targets),
            failed_before: false,
            alarms: Ok(Vec::new()),
            metrics: Ok(Metrics {
                previous: previous.collect(),
                ..Metrics::default()
            }),
        }
    }

    /// The minute `number` after the flip's, as CloudWatch reports it.
    pub fn minute(&self, number: usize) -> MinuteMetrics {
        let at = flip() + TimeDelta::minutes(number as i64);
        MinuteMetrics {
            healthy_hosts: Some(2.0),
            ..minute(at, &self.after[number])
        }
    }
}

/// The beginning of every flip's minute.
fn flip() -> Time {
    Time::from_timestamp(1_800_000_000, 0).expect("a time")
}

/// Counts are reported only where they are not zero.
fn minute(at: Time, count: &Count) -> MinuteMetrics {
    let reported = |count: f64| (count > 0.0).then_some(count);
    MinuteMetrics {
        requests: reported(count.requests),
        target_5xx: reported(count.errors),
        ..MinuteMetrics::new(at)
    }
}
