//! Worlds to release in: how many requests come in a minute, and how many of them usually fail.
//!
//! A world says what is usual in each minute of the whole site. Chance then gives each environment its requests and errors
//! of that minute, by its share of the traffic (`release`).

mod errors;
#[cfg(test)]
mod shape;
mod traffic;

pub use errors::Errors;
pub use traffic::Traffic;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_distr::{Binomial, Distribution, Poisson};

/// Minutes before that of the flip.
pub const BEFORE: usize = 60;

/// What is random about a service.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Requests a second, on average.
    pub requests: f64,
    pub traffic: Traffic,
    /// The part of the requests that usually fails, from 0 to 1.
    pub failing: f64,
    pub errors: Errors,
    /// The part of the requests that the load balancer itself answers with an error.
    pub balancer: f64,
    pub trouble: Trouble,
}

/// What hits the whole site, both environments alike: so many times the usual errors from a minute on.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    pub times: f64,
    /// 0 is the minute of the first flip.
    pub from: usize,
}

/// What is usual in a minute of the whole site.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minute {
    pub requests: f64,
    /// The part of them that fails.
    pub failing: f64,
    /// Errors that come beside those, however many requests there are.
    pub errors: f64,
}

impl Service {
    /// Steady traffic, independent errors, no trouble.
    pub fn steady(requests: f64, failing: f64) -> Service {
        Service {
            requests,
            traffic: Traffic::Steady,
            failing,
            errors: Errors::Independent,
            balancer: 0.0,
            trouble: Trouble {
                times: 1.0,
                from: 0,
            },
        }
    }

    /// The hour before, the minute of the flip, and the minutes after it: so many from the flip's on.
    pub fn minutes(&self, from_flip: usize, random: &mut ChaCha8Rng) -> Vec<Minute> {
        let count = BEFORE + from_flip;
        let requests = self.traffic.minutes(self.requests * 60.0, count, random);
        let mut minutes = self.errors.minutes(self.failing, &requests, random);
        for minute in minutes.iter_mut().skip(BEFORE + self.trouble.from) {
            minute.failing *= self.trouble.times;
            minute.errors *= self.trouble.times;
        }
        minutes
    }
}

/// A count whose mean is `mean`, which may be none.
pub fn poisson(mean: f64, random: &mut ChaCha8Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |it| it.sample(random))
}

/// How many of so many, each with this chance.
pub fn binomial(of: f64, chance: f64, random: &mut ChaCha8Rng) -> f64 {
    Binomial::new(of as u64, chance.min(1.0)).map_or(0.0, |it| it.sample(random) as f64)
}

/// From 0 to 1, without 1.
pub fn uniform(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0)
}

/// Random numbers that depend on these only.
pub fn random(row: usize, run: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64((row as u64) << 32 | run)
}
