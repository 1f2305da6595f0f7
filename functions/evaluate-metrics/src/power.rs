//! What a comparison is able to find: how often a fault of a size would be flipped back, and the smallest one that is
//! found 9 times in 10.
//!
//! For each count of errors that the previous environment may have there is a least count of the new one's that is
//! significant and a large excess. The chance of as many or more is a tail of a Poisson distribution, and the power is the
//! mean of these chances.

use crate::compare::MIN_BASELINE_REQUESTS;
use crate::comparison::large;
use crate::statistics::p_value;
use statrs::function::gamma::{gamma_lr, ln_gamma};

/// A fault is found if it is flipped back this often.
pub(crate) const POWER: f64 = 0.9;

/// The smallest fault that is looked for, as a share of all requests.
const SMALLEST_FAULT: f64 = 1e-5;

/// Counts of the previous environment's errors that stand for all of them.
const COUNTS: f64 = 200.0;

/// Standard deviations beyond which a count is left out.
const DEVIATIONS: f64 = 6.0;

/// The requests and errors that a comparison will have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Design {
    /// Requests of the new environment.
    pub(crate) new: f64,
    /// Requests of the previous environment that they are compared with.
    pub(crate) previous: f64,
    /// The share of requests that fails anyway.
    pub(crate) error_rate: f64,
    /// So many of those errors come at once.
    pub(crate) dispersion: f64,
    pub(crate) significance_level: f64,
    /// The limit on the excess. None: the test alone decides, however small the excess is.
    pub(crate) max_excess: Option<f64>,
}

/// The previous environment's count of bursts, how likely it is, and the least count of the new one's that is worse.
struct Outcome {
    probability: f64,
    critical_errors: f64,
}

impl Design {
    /// The smallest fault that is found 9 times in 10, as the share of requests that fails more; none where not even a
    /// release is found that fails every request.
    pub(crate) fn smallest_fault(&self) -> Option<f64> {
        let outcomes = self.outcomes();
        let most = 1.0 - self.error_rate;
        if self.power(&outcomes, most) < POWER {
            return None;
        }
        let (mut missed, mut found) = (SMALLEST_FAULT, most);
        if self.power(&outcomes, missed) >= POWER {
            return Some(missed);
        }
        while found / missed > 1.01 {
            let middle = (missed * found).sqrt();
            if self.power(&outcomes, middle) >= POWER {
                found = middle;
            } else {
                missed = middle;
            }
        }
        Some(found)
    }

    /// A release that fails every request is found 9 times in 10.
    pub(crate) fn finds_an_outage(&self) -> bool {
        self.power(&self.outcomes(), 1.0 - self.error_rate) >= POWER
    }

    /// How often a fault of this size is found.
    fn power(&self, outcomes: &[Outcome], fault: f64) -> f64 {
        let usual = self.error_rate;
        let errors = self.new * (usual + fault);
        if errors <= 0.0 {
            return 0.0;
        }
        // The usual errors come in bursts, those of the fault one by one.
        let dispersion = (usual * self.dispersion + fault) / (usual + fault);
        let found = |it: &Outcome| {
            it.probability * at_least(it.critical_errors / dispersion, errors / dispersion)
        };
        outcomes.iter().map(found).sum()
    }

    fn outcomes(&self) -> Vec<Outcome> {
        if self.previous < MIN_BASELINE_REQUESTS {
            // The limit on the count decides alone.
            return vec![Outcome {
                probability: 1.0,
                critical_errors: self.max_excess.unwrap_or(0.0).floor() + 1.0,
            }];
        }
        let bursts = self.previous * self.error_rate / self.dispersion;
        let mut critical = 0.0;
        let outcome = |(count, probability)| {
            critical = self.critical(count, critical);
            Outcome {
                probability,
                critical_errors: critical * self.dispersion,
            }
        };
        counts(bursts).into_iter().map(outcome).collect()
    }

    /// The least count of bursts of the new environment that is significant and a large excess, which is no less than it
    /// is for fewer of the previous one's.
    fn critical(&self, previous: f64, at_least: f64) -> f64 {
        let share = self.new / (self.new + self.previous);
        let expected = previous * self.dispersion * self.new / self.previous;
        let large = self.max_excess.map_or(0.0, |max| large(expected, max));
        let is_worse = |count: f64| {
            let p = p_value(count, previous, share, 1.0);
            count * self.dispersion >= large && p <= self.significance_level
        };
        let (mut step, mut high) = (1.0, at_least);
        while !is_worse(high) {
            high += step;
            step *= 2.0;
        }
        let mut low = at_least.max(high - step);
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if is_worse(middle) {
                high = middle
            } else {
                low = middle
            }
        }
        high
    }
}

/// The counts of a Poisson distribution that are likely enough to matter, each with the probability of those that it
/// stands for.
fn counts(mean: f64) -> Vec<(f64, f64)> {
    let width = DEVIATIONS * mean.sqrt() + DEVIATIONS;
    let (first, last) = ((mean - width).max(0.0).floor(), (mean + width).ceil());
    let step = ((last - first) / COUNTS).ceil().max(1.0);
    let number = ((last - first) / step) as u32;
    let counts = (0..=number).map(|it| first + f64::from(it) * step);
    let weighted: Vec<_> = counts
        .map(|count| (count, probability(count, mean)))
        .collect();
    let all: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    weighted
        .into_iter()
        .map(|(count, weight)| (count, weight / all))
        .collect()
}

/// The probability of a count.
fn probability(count: f64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if count == 0.0 { 1.0 } else { 0.0 };
    }
    (count * mean.ln() - mean - ln_gamma(count + 1.0)).exp()
}

/// The probability of as many as `count` or more, which need not be whole.
pub(crate) fn at_least(count: f64, mean: f64) -> f64 {
    if count <= 0.0 {
        return 1.0;
    }
    if mean <= 0.0 {
        return 0.0;
    }
    gamma_lr(count, mean)
}

#[cfg(test)]
#[path = "power_tests.rs"]
mod tests;
