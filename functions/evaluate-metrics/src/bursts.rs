//! Do errors go on, or are they a burst as the usual ones? An excess in one minute proves nothing where errors come in
//! bursts, or where none came in the hour before, so that nobody knows how they come.

use crate::sample::{Sample, Served};
use crate::statistics::{dispersion, error_rate_upper_bound};

/// So many times the usual rate is much.
pub(crate) const MIN_RATE_RATIO: f64 = 2.0;

/// With a dispersion from this on, errors come in bursts.
const BURSTS: f64 = 3.0;

/// An outage is no burst: so many errors or more, of which it cannot be excluded with 95 % certainty that so many of all
/// requests fail. Half of a few requests scatter far around the half.
const OUTAGE_ERRORS: f64 = 5.0;
const OUTAGE_RATE: f64 = 0.45;

/// Minutes that are worse than any before, which a fault must have.
const MIN_WORST: usize = 2;

/// Minutes all of which must fail, where they are no worse than the worst one before. Where the release has passed a step
/// beside the previous environment, so many whole ones, all of which must be worse than that: a fault that shows only at
/// full traffic begins within the flip's minute.
const MIN_ALL: usize = 3;

/// How errors usually come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usual {
    pub(crate) dispersion: f64,
    /// The rate of the hour before.
    pub(crate) rate: f64,
    /// The rate of the worst minute.
    worst_rate: f64,
    has_errors: bool,
    /// The release was healthy at a step at which both environments served.
    passed_while_both_served: bool,
}

impl Usual {
    /// From the hour before the first flip and the previous environment's minutes at earlier steps.
    pub(crate) fn of(hour: &[Sample], stepped: &[Sample]) -> Usual {
        let before: Sample = hour.iter().copied().sum();
        let all = [hour, stepped].concat();
        let total = all.iter().copied().sum();
        Usual {
            dispersion: dispersion(hour, before).max(dispersion(&all, total)),
            rate: before.rate(),
            worst_rate: all.iter().map(|minute| minute.rate()).fold(0.0, f64::max),
            has_errors: before.errors > 0.0,
            passed_while_both_served: !stepped.is_empty(),
        }
    }

    /// Whether the errors go on, where `rate` is usual.
    pub(crate) fn go_on(&self, served: Served, rate: f64) -> bool {
        let is_steady = self.has_errors && self.dispersion < BURSTS;
        let total = served.minutes.iter().copied().sum();
        is_steady || is_outage(total) || self.persist(served, rate)
    }

    fn persist(&self, served: Served, rate: f64) -> bool {
        let minutes = if self.passed_while_both_served {
            served.whole
        } else {
            served.minutes
        };
        let judged = minutes.iter().filter(|minute| minute.exposure > 0.0);
        let judged = judged.count();
        let failing = || minutes.iter().filter(|minute| fails(minute, rate));
        let worst = failing().filter(|minute| minute.rate() > self.worst_rate);
        let worst = worst.count();
        if self.passed_while_both_served {
            return judged >= MIN_ALL && worst == judged;
        }
        let all_fail = self.has_errors && judged >= MIN_ALL && failing().count() == judged;
        worst >= MIN_WORST || all_fail
    }
}

/// A minute with twice the usual errors or more.
pub(crate) fn fails(minute: &Sample, rate: f64) -> bool {
    minute.errors > 0.0 && minute.errors >= MIN_RATE_RATIO * rate * minute.exposure
}

/// So much fails as in no burst.
pub(crate) fn is_outage(sample: Sample) -> bool {
    sample.errors >= OUTAGE_ERRORS && error_rate_upper_bound(sample) >= Some(OUTAGE_RATE)
}

#[cfg(test)]
#[path = "bursts_tests.rs"]
mod tests;
