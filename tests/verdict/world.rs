//! Worlds to release in: how many requests come in a minute, and how many of them usually fail.
//!
//! A world says what is usual in each minute of the whole site. Chance then gives each environment its requests and errors
//! of that minute, by its share of the traffic (`release`).

mod chance;
mod errors;
mod minute;
#[cfg(test)]
mod shape;
mod traffic;

pub use chance::{binomial, poisson, random, uniform};
pub use errors::Errors;
pub use minute::{BEFORE, Minute};
pub use traffic::Traffic;

use rand_chacha::ChaCha8Rng;

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
