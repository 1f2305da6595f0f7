//! Which bases are asked where there are more than the time is enough for.
//!
//! A slow reply is no fault as long as it comes within its timeout. So as many bases are *sure* to be asked as there is time
//! for if every reply takes all of it, and time is left to make a failed check again. The others are asked as long as there
//! is time; of those that are not, nothing is known, and that fails no release.

use crate::base::Base;
use crate::spec::Check;
use shared::CheckResult;
use std::time::Duration;

/// Requests under way at once. Each has a connection of its own, and Lambda allows 1,024 open files.
pub(crate) const AT_ONCE: usize = 64;

/// The same for each base.
pub(crate) const AT_ONCE_PER_BASE: usize = 8;

/// Before the failed checks are made again.
pub(crate) const PAUSE: Duration = Duration::from_millis(200);

/// How the time for all attempts is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// The first bases, as many as are sure to be asked; at least one.
    pub sure: usize,
    /// No attempt goes on for longer, from the first one on.
    pub limit: Duration,
    /// The same for the bases that are not sure to be asked: what is left is for failed checks.
    pub others: Duration,
}

impl Sample {
    /// Every base matters: a probe says of which nothing is known.
    pub(crate) fn all(limit: Duration) -> Sample {
        Sample {
            sure: usize::MAX,
            limit,
            others: limit,
        }
    }

    pub(crate) fn of(checks: &[Check], limit: Duration) -> Sample {
        let timeouts = checks.iter().map(Check::timeout);
        let (each, longest) = (timeouts.clone().sum::<Duration>(), timeouts.max());
        let again = checks
            .iter()
            .map(|it| (PAUSE + it.timeout()) * (it.attempts - 1));
        let again = again.max().unwrap_or_default().min(limit / 2);
        let others = limit - again;
        // The last checks begin by then: the longest one needs its time, and so do those that wait for their own base.
        let waiting = each / AT_ONCE_PER_BASE as u32;
        let last = longest.unwrap_or_default().max(waiting).min(others / 2);
        let room = (others - last).as_millis() * at_once(checks.len()) as u128;
        let sure = room / each.as_millis().max(1);
        Sample {
            sure: usize::try_from(sure).unwrap_or(usize::MAX).max(1),
            limit,
            others,
        }
    }

    /// Puts the bases into an order whose beginning is spread evenly, where not all of them are sure to be asked.
    pub(crate) fn order(&self, bases: Vec<Base>) -> Vec<Base> {
        if bases.len() <= self.sure {
            return bases;
        }
        spread(bases.len()).map(|at| bases[at].clone()).collect()
    }

    /// The results of the bases that have been asked: of those that are not sure to be, the ones with a failed check or with
    /// every check made.
    pub(crate) fn asked(&self, results: Vec<CheckResult>, checks: usize) -> Vec<CheckResult> {
        let bases = results.chunks(checks.max(1)).enumerate();
        let asked = bases.filter(|(at, results)| {
            let failed = results.iter().any(|it| it.asked && !it.passed);
            *at < self.sure || failed || results.iter().all(|it| it.asked)
        });
        asked.flat_map(|(_, results)| results.to_vec()).collect()
    }
}

/// Checks that are under way at once while there are more: of the bases that are begun, each has so many.
fn at_once(checks: usize) -> usize {
    (AT_ONCE / checks.max(1)).max(1) * checks.min(AT_ONCE_PER_BASE)
}

/// Every number below `all` once; however many are taken of them, they lie evenly: the next ones halve the gaps.
fn spread(all: usize) -> impl Iterator<Item = usize> {
    let end = all.next_power_of_two();
    let unused = usize::BITS - end.trailing_zeros();
    let numbers = (0..end).map(move |at| at.reverse_bits().checked_shr(unused).unwrap_or(0));
    numbers.filter(move |at| *at < all)
}

#[cfg(test)]
#[path = "sample_tests.rs"]
mod tests;
