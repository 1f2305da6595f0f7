//! Compares the errors of the new environment with those of the previous one: how many more there are, and how likely so
//! many more are by chance.
//!
//! The test is the exact conditional one for two Poisson rates (Przyborowski and Wilenski, 1940). If both rates are the
//! same, then of all errors those of the new environment are binomial. Their probability is the new environment's part of
//! all requests. Errors among requests vary less than Poisson counts, so the p-value is never too small.
//!
//! The previous environment's errors are those of the hour before the first flip, or those of the same minutes. In the
//! same minutes the rate may change from one to the next, as long as it does so for both. Each minute then has a
//! probability of its own, and the test takes their mean, weighted by the errors: in the upper tail that is never less
//! likely (Hoeffding, 1956). At 100 % after steps at which both served, the release must be worse than both: than the hour
//! before, and than the previous environment at those steps. What has hit the whole site since is in the latter.
//!
//! Errors often come in bursts. The dispersion of the minutes before shows how much more the errors vary than Poisson
//! counts, and so many errors count as one.

use crate::bursts::{Usual, fails};
use crate::comparison::{Comparison, Reference};
use crate::sample::{History, Pair, Sample, Served};
use crate::statistics::p_value;
use std::cmp::Ordering;

/// With fewer requests than these of the previous environment there is nothing to compare with.
pub(crate) const MIN_BASELINE_REQUESTS: f64 = 100.0;

/// When an excess is too large, and when it is a reason to watch for longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_excess: f64,
    pub(crate) significance_level: f64,
    pub(crate) suspicion_level: f64,
}

/// Compares the new environment with the hour before, and with the earlier steps where there were any.
pub(crate) fn with_history(served: Served, history: History, limits: Limits) -> Comparison {
    let sample = sum(served.minutes);
    let against = |compared_with, reference: &[Sample]| {
        let reference = sum(reference);
        Test {
            compared_with,
            reference,
            share: sample.exposure / (sample.exposure + reference.exposure),
        }
    };
    let hour = against(Reference::HourBefore, history.hour);
    let steps = against(Reference::EarlierSteps, history.stepped);
    if steps.exists() {
        // The steps are known of; an hour without traffic explains nothing.
        return compare(&[steps, hour], served, history, limits);
    }
    let history = History {
        stepped: &[],
        ..history
    };
    compare(&[hour], served, history, limits)
}

/// Compares both environments in the same minutes; the hour before only says how errors usually come.
pub(crate) fn in_same_minutes(
    pairs: &[Pair<Sample>],
    hour: &[Sample],
    limits: Limits,
) -> Comparison {
    let minutes: Vec<Sample> = pairs.iter().map(|pair| pair.new).collect();
    let test = Test {
        compared_with: Reference::SameMinutes,
        reference: pairs.iter().map(|pair| pair.previous).sum(),
        share: share_of_new(pairs),
    };
    let history = History { hour, stepped: &[] };
    let served = Served {
        minutes: &minutes,
        whole: &minutes,
    };
    compare(&[test], served, history, limits)
}

/// The probability that an error is one of the new environment's if both rates are the same in each minute: the mean over
/// the minutes, weighted by the errors of both.
fn share_of_new(pairs: &[Pair<Sample>]) -> f64 {
    let all: f64 = pairs.iter().map(errors).sum();
    let of_new = |pair: &Pair<Sample>| {
        let exposure = pair.new.exposure + pair.previous.exposure;
        let share = pair.new.exposure / exposure;
        if exposure > 0.0 {
            share * errors(pair)
        } else {
            0.0
        }
    };
    pairs.iter().map(of_new).sum::<f64>() / all.max(1.0)
}

fn errors(pair: &Pair<Sample>) -> f64 {
    pair.new.errors + pair.previous.errors
}

fn sum(samples: &[Sample]) -> Sample {
    samples.iter().copied().sum()
}

/// Errors of the previous environment, and the probability that one of all errors is the new one's if both rates are the
/// same.
#[derive(Clone, Copy)]
struct Test {
    compared_with: Reference,
    reference: Sample,
    share: f64,
}

impl Test {
    fn exists(&self) -> bool {
        self.reference.exposure >= MIN_BASELINE_REQUESTS
    }

    fn p_value(&self, errors: f64, dispersion: f64) -> Option<f64> {
        let others = self.reference.errors;
        self.exists()
            .then(|| p_value(errors, others, self.share, dispersion))
    }

    /// Without errors of the previous environment nothing is expected, whatever the share.
    fn expected(&self) -> f64 {
        if self.exists() && self.reference.errors > 0.0 {
            self.reference.errors * self.share / (1.0 - self.share)
        } else {
            0.0
        }
    }
}

/// Makes one comparison of several tests, of which there is at least one: the errors are as likely as the test says that
/// explains them best.
fn compare(tests: &[Test], served: Served, history: History, limits: Limits) -> Comparison {
    let sample = sum(served.minutes);
    let usual = Usual::of(history.hour, history.stepped);
    let best = |dispersion| {
        let rank = |test: &Test| (test.p_value(sample.errors, dispersion), test.expected());
        let by_rank = |a: &&Test, b: &&Test| rank(a).partial_cmp(&rank(b));
        let best = tests
            .iter()
            .max_by(|a, b| by_rank(a, b).unwrap_or(Ordering::Equal));
        best.map(|test| (test, test.p_value(sample.errors, dispersion)))
    };
    let expected = tests.iter().map(Test::expected).fold(0.0, f64::max);
    let rate = usual.rate.max(expected / sample.exposure.max(1.0));
    let explains = best(usual.dispersion);
    let shown = explains.map_or(Reference::HourBefore, |(test, _)| test.compared_with);
    let reference = explains.map_or(Sample::default(), |(test, _)| test.reference);
    Comparison {
        compared_with: shown,
        errors: sample.errors,
        exposure: sample.exposure,
        baseline_errors: reference.errors,
        baseline_exposure: reference.exposure,
        dispersion: usual.dispersion,
        failing_minutes: served
            .minutes
            .iter()
            .filter(|minute| fails(minute, rate))
            .count(),
        goes_on: usual.go_on(served, rate),
        expected,
        p_value: explains.and_then(|(_, p)| p),
        p_value_undispersed: best(1.0).and_then(|(_, p)| p),
        significance_level: limits.significance_level,
        suspicion_level: limits.suspicion_level,
        max_excess: limits.max_excess,
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
