//! A release in a world: which environment has which requests and errors, and what CloudWatch has reported of them.

use crate::world::{BEFORE, Minute, Service, binomial, poisson, uniform};
use chrono::TimeDelta;
use evaluate_metrics::snapshot::MinuteMetrics;
use rand_chacha::ChaCha8Rng;
use shared::Time;

/// Requests and errors of one environment in one minute.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub requests: f64,
    pub errors: f64,
}

/// One minute of the whole site.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub previous: Count,
    pub new: Count,
    /// The load balancer's own errors.
    balancer: f64,
}

/// What happens however the release goes.
#[derive(Clone, Debug)]
pub struct Release {
    service: Service,
    /// Seconds from the beginning of the flip's minute to the flip.
    phase: f64,
    /// What is usual, from an hour before the flip's minute on.
    usual: Vec<Minute>,
    /// The hour before, as CloudWatch reports it.
    pub before: Vec<MinuteMetrics>,
    random: ChaCha8Rng,
}

/// One way in which it goes.
#[derive(Clone, Debug)]
pub struct Rollout<'a> {
    release: &'a Release,
    /// The part of its requests that the new version fails beside the usual errors.
    fault: f64,
    /// Seconds after the first flip, and the share of the new environment from then on, from 0 to 1.
    shares: Vec<(f64, f64)>,
    /// The minutes from the flip's on, as far as they are reported.
    pub minutes: Vec<Counts>,
    random: ChaCha8Rng,
}

impl Release {
    /// A release that lasts for `minutes` at most.
    pub fn new(service: Service, minutes: usize, mut random: ChaCha8Rng) -> Release {
        let phase = 60.0 * uniform(&mut random);
        let usual = service.minutes(minutes, &mut random);
        let mut release = Release {
            service,
            phase,
            usual,
            before: Vec::new(),
            random: random.clone(),
        };
        let before = (0..BEFORE).map(|number| {
            let counts = release.counts(number, 0.0, 0.0, &mut random);
            let at = minute_of_flip() - TimeDelta::minutes((BEFORE - number) as i64);
            minute(at, &counts.previous, counts.balancer)
        });
        release.before = before.collect();
        release.random = random;
        release
    }

    pub fn flipped_at(&self) -> Time {
        minute_of_flip() + TimeDelta::milliseconds((self.phase * 1000.0) as i64)
    }

    /// The release to a version with a fault.
    pub fn roll_out(&self, fault: f64) -> Rollout<'_> {
        Rollout {
            release: self,
            fault,
            shares: Vec::new(),
            minutes: Vec::new(),
            random: self.random.clone(),
        }
    }

    fn counts(&self, number: usize, share: f64, fault: f64, random: &mut ChaCha8Rng) -> Counts {
        let usual = self.usual[number];
        let previous = count(usual, 1.0 - share, 0.0, random);
        let new = count(usual, share, fault, random);
        let requests = previous.requests + new.requests;
        Counts {
            previous,
            new,
            balancer: binomial(requests, self.service.balancer, random),
        }
    }
}

impl Rollout<'_> {
    /// Seconds after the first flip the new environment gets this share.
    pub fn flip(&mut self, seconds: f64, share: f64) {
        self.shares.push((seconds, share));
    }

    /// How many minutes from the flip's on CloudWatch has reported by then, `delay` seconds late.
    pub fn report(&mut self, seconds: f64, delay: f64) -> usize {
        let ended = (self.release.phase + seconds - delay) / 60.0;
        let reported = (ended.max(0.0) as usize).min(self.release.usual.len() - BEFORE);
        for number in self.minutes.len()..reported {
            let share = self.share(number);
            let counts = self
                .release
                .counts(BEFORE + number, share, self.fault, &mut self.random);
            self.minutes.push(counts);
        }
        reported
    }

    /// The part of a minute's requests that the new environment gets.
    fn share(&self, number: usize) -> f64 {
        let begin = number as f64 * 60.0 - self.release.phase;
        let ends = self.shares.iter().skip(1).map(|(seconds, _)| *seconds);
        let spans = self.shares.iter().zip(ends.chain([f64::INFINITY]));
        let parts = spans.map(|((from, share), until)| {
            let seconds = until.min(begin + 60.0) - from.max(begin);
            share * seconds.max(0.0) / 60.0
        });
        parts.sum()
    }

    /// A minute of the previous environment and one of the new one, as CloudWatch reports them.
    pub fn minute(&self, number: usize) -> [MinuteMetrics; 2] {
        let at = minute_of_flip() + TimeDelta::minutes(number as i64);
        let counts = &self.minutes[number];
        // From the flip on the load balancer's own errors stand with the new environment's.
        [
            minute(at, &counts.previous, 0.0),
            minute(at, &counts.new, counts.balancer),
        ]
    }

    /// Requests that failed for the fault alone until so many seconds after the first flip, on average.
    pub fn failed(&self, seconds: f64) -> f64 {
        let ends = self.shares.iter().skip(1).map(|(seconds, _)| *seconds);
        let spans = self.shares.iter().zip(ends.chain([seconds]));
        let share_seconds: f64 = spans
            .map(|((from, share), until)| share * (until - from))
            .sum();
        self.fault * self.release.service.requests * share_seconds
    }
}

/// The part of a minute's requests that one environment gets, and what fails of it.
fn count(usual: Minute, share: f64, fault: f64, random: &mut ChaCha8Rng) -> Count {
    if share <= 0.0 {
        return Count::default();
    }
    let requests = poisson(usual.requests * share, random);
    let alone = binomial(requests, usual.failing + fault, random);
    let errors = alone + binomial(usual.errors, share, random);
    Count {
        requests,
        errors: errors.min(requests),
    }
}

/// The beginning of every flip's minute.
fn minute_of_flip() -> Time {
    Time::from_timestamp(1_800_000_000, 0).expect("a time")
}

/// Counts are reported only where they are not zero, and healthy targets always.
fn minute(at: Time, count: &Count, balancer: f64) -> MinuteMetrics {
    let reported = |count: f64| (count > 0.0).then_some(count);
    MinuteMetrics {
        requests: reported(count.requests),
        target_5xx: reported(count.errors),
        load_balancer_5xx: reported(balancer),
        healthy_hosts: Some(2.0),
        ..MinuteMetrics::new(at)
    }
}
