//! Random releases: the traffic of one hour before the flip and of the minutes after it, as CloudWatch tells of it.

use chrono::TimeDelta;
use evaluate_metrics::seen::{Metrics, Minute, Seen, Targets};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_distr::{Binomial, Distribution, Poisson};
use shared::Environment;
use shared::record::Time;

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
    /// The old side's minutes, oldest first; the last one is the flip's own, up to the flip.
    pub before: Vec<Count>,
    /// The new side's, the flip's minute first.
    pub after: [Count; AFTER],
}

/// What is random about a service.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Requests a second.
    pub traffic: f64,
    /// The share of them that fails.
    pub errors: f64,
}

impl Service {
    fn minute(&self, seconds: f64, random: &mut ChaCha8Rng) -> Count {
        let mean = self.traffic * seconds;
        let requests: f64 = match Poisson::new(mean) {
            Ok(poisson) => poisson.sample(random),
            Err(_) => 0.0,
        };
        let errors = Binomial::new(requests as u64, self.errors.min(1.0)).expect("a probability");
        Count {
            requests,
            errors: errors.sample(random) as f64,
        }
    }
}

/// A random number generator whose numbers depend on these only.
pub fn random(traffic: usize, base: usize, run: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64((traffic as u64) << 48 | (base as u64) << 40 | run)
}

impl Release {
    /// A release of a service to a version that fails `fault` more of its requests.
    pub fn new(service: Service, fault: f64, random: &mut ChaCha8Rng) -> Release {
        let phase = f64::from(random.next_u32() % 60_000) / 1000.0;
        let mut before: Vec<Count> = (0..BASELINE)
            .map(|_| service.minute(60.0, random))
            .collect();
        before.push(service.minute(phase, random));
        Release {
            phase,
            before,
            after: [Count::default(); AFTER],
        }
        .to(service, fault, random)
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

    /// Minutes from the flip's on of which CloudWatch has told `seconds` after the flip, `delay` seconds late.
    pub fn told(&self, seconds: f64, delay: f64) -> usize {
        let ended = (self.phase + seconds - delay) / 60.0;
        (ended.max(0.0) as usize).min(AFTER)
    }

    /// What a look sees before anything is known of the new side.
    pub fn seen(&self) -> Seen {
        let flip = Time::from_timestamp(1_800_000_000, 0).expect("a time");
        let first = flip - TimeDelta::minutes(BASELINE);
        let old = (0..).zip(&self.before[..self.before.len() - 1]);
        let old = old.map(|(number, count)| minute(first + TimeDelta::minutes(number), count));
        let targets = Targets {
            registered: 2,
            healthy: 2,
            ..Targets::default()
        };
        let flipped_at = flip + TimeDelta::milliseconds((self.phase * 1000.0) as i64);
        Seen {
            flipped_at,
            now: flipped_at,
            active: Ok(Ok(Environment::Green)),
            targets: Ok(targets),
            alarms: Ok(Vec::new()),
            metrics: Ok(Metrics {
                old: old.collect(),
                ..Metrics::default()
            }),
        }
    }

    /// The minute `number` after the flip's, as CloudWatch tells it.
    pub fn minute(&self, number: usize) -> Minute {
        let flip = Time::from_timestamp(1_800_000_000, 0).expect("a time");
        let at = flip + TimeDelta::minutes(number as i64);
        Minute {
            healthy_hosts: Some(2.0),
            ..minute(at, &self.after[number])
        }
    }
}

/// Counts are told only where they are not zero.
fn minute(at: Time, count: &Count) -> Minute {
    let told = |count: f64| (count > 0.0).then_some(count);
    Minute {
        requests: told(count.requests),
        target_5xx: told(count.errors),
        ..Minute::new(at)
    }
}
