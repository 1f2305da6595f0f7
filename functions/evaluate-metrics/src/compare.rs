//! Compares the errors since the flip with those of the baseline: how many more there are, and how likely so many more
//! are by chance.
//!
//! The test is the exact conditional one for two Poisson rates (Przyborowski and Wilenski, 1940). If the rate did not
//! change, then of all errors those since the flip are binomial; the probability is the part of the exposure that lies
//! after the flip. Errors among requests vary less than Poisson counts, so the p-value is never too small. The exposure
//! is requests, or minutes where nobody counts the requests.
//!
//! Errors often come in bursts. The dispersion of the baseline's minutes shows how much more the errors vary than
//! Poisson counts, and so many errors count as one.

use crate::statistics::{Sample, dispersion, p_value};
use serde::Serialize;

/// An excess below these is ignored however certain it is, unless it passes the limit on the count.
const MIN_EXCESS: f64 = 5.0;
const MIN_RATE_RATIO: f64 = 2.0;

/// A p-value up to this, with an excess of at least that, is a reason to watch for longer.
const SUSPICIOUS_P_VALUE: f64 = 0.01;
const SUSPICIOUS_EXCESS: f64 = 2.0;

/// Without a baseline this error rate is a reason to watch for longer.
const SUSPICIOUS_ERROR_RATE: f64 = 0.01;

/// What the errors are that are compared, and the unit of their exposure.
pub(crate) type Signal = (&'static str, &'static str);

/// The result of a comparison, with everything that went into it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Errors since the flip.
    pub errors: f64,
    /// Requests, or whole minutes, since the flip.
    #[serde(rename = "of")]
    pub exposure: f64,
    pub baseline_errors: f64,
    #[serde(rename = "baselineOf")]
    pub baseline_exposure: f64,
    /// So many errors of the baseline came at once, on average: 1 to 30; 1 where each came alone.
    pub dispersion: f64,
    /// The errors since the flip that the baseline's rate lets expect; 0 without a baseline.
    #[serde(rename = "explained")]
    pub expected: f64,
    /// The chance of as many errors or more, if the rate is still the baseline's. None without a baseline.
    pub p_value: Option<f64>,
    /// The same with a dispersion of 1, as if every error had come alone.
    #[serde(rename = "pValueAlone")]
    pub p_value_undispersed: Option<f64>,
    /// A p-value up to this is significant.
    #[serde(rename = "pLimit")]
    pub significance_level: f64,
    /// A larger excess over the expected errors is too large.
    pub max_excess: f64,
}

impl Comparison {
    fn excess(&self) -> f64 {
        self.errors - self.expected
    }

    /// A large excess that is significant: more than the limit, or at least twice the baseline's rate. Without a
    /// baseline the limit decides alone.
    pub(crate) fn is_worse(&self) -> bool {
        let over_limit = self.excess() > self.max_excess;
        let Some(p) = self.p_value else {
            return over_limit;
        };
        let twice = self.excess() >= MIN_EXCESS && self.errors >= MIN_RATE_RATIO * self.expected;
        (over_limit || twice) && p <= self.significance_level
    }

    /// Too many errors to be healthy, and too few to be sure: perhaps chance, perhaps one of the usual bursts, or there
    /// is no baseline.
    pub(crate) fn is_suspicious(&self) -> bool {
        let unusual = match (self.p_value, self.p_value_undispersed) {
            (Some(p), Some(undispersed)) => {
                p <= SUSPICIOUS_P_VALUE || undispersed <= self.significance_level
            }
            _ => self.errors >= SUSPICIOUS_ERROR_RATE * self.exposure,
        };
        unusual && self.excess() >= SUSPICIOUS_EXCESS
    }

    /// The comparison in words and figures.
    pub(crate) fn describe(&self, (name, unit): Signal) -> String {
        let (errors, exposure, expected) = (self.errors, self.exposure, self.expected);
        let Some(p) = self.p_value else {
            let limit = self.max_excess;
            let sign = if errors > limit { ">" } else { "<=" };
            return format!(
                "{name} {errors} {sign} {limit} in {exposure} {unit}, and there is no baseline"
            );
        };
        let (excess, level) = (self.excess(), self.significance_level);
        let sign = if p <= level { "<=" } else { ">" };
        format!(
            "{name} {errors} in {exposure} {unit}: {excess:.1} more than the {expected:.1} that the baseline explains, \
             p = {p:.1e} {sign} {level:.1e}"
        )
    }
}

/// Compares `sample` with the baseline's minutes; with less than `min_exposure` in all of them there is no baseline.
pub(crate) fn compare(
    sample: Sample,
    minutes: &[Sample],
    min_exposure: f64,
    max_excess: f64,
    significance_level: f64,
) -> Comparison {
    let baseline: Sample = minutes.iter().copied().sum();
    let exists = baseline.exposure >= min_exposure;
    let dispersion = dispersion(minutes, baseline);
    let expected = baseline.errors / baseline.exposure * sample.exposure;
    Comparison {
        errors: sample.errors,
        exposure: sample.exposure,
        baseline_errors: baseline.errors,
        baseline_exposure: baseline.exposure,
        dispersion,
        expected: if exists { expected } else { 0.0 },
        p_value: exists.then(|| p_value(sample, baseline, dispersion)),
        p_value_undispersed: exists.then(|| p_value(sample, baseline, 1.0)),
        significance_level,
        max_excess,
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
