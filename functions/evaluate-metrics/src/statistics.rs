//! The formulas behind a comparison of two error rates: p-value, dispersion, confidence bound, significance level.

use crate::sample::Sample;
use statrs::function::beta::beta_reg;

/// One good release in this many may be flipped back by chance: the error of all tests of a release together.
pub(crate) const RELEASES_PER_FALSE_FLIP_BACK: f64 = 2_000.0;

/// Signals with a test of their own: target 5xx, target connection errors, the load balancer's own 5xx.
pub(crate) const SIGNALS: f64 = 3.0;

/// A larger dispersion counts as this much: an incident in the baseline's hour is no excuse for another.
pub(crate) const MAX_DISPERSION: f64 = 30.0;

/// With fewer minutes than this the dispersion cannot be estimated.
const MIN_MINUTES_FOR_DISPERSION: usize = 10;

/// A suspicious p-value at 100 %, and those of all steps below it together.
const SUSPICIOUS: f64 = 0.01;
const SUSPICIOUS_AT_STEPS: f64 = 0.002;

/// The chance of as many as `errors` of the new environment or more, while there are `others`, if each of all of them is
/// one of the new environment's with the probability `share`: the exact conditional test of two Poisson rates, one-sided.
/// A dispersion above 1 makes that many errors count as one.
pub(crate) fn p_value(errors: f64, others: f64, share: f64, dispersion: f64) -> f64 {
    if errors <= 0.0 || share >= 1.0 {
        return 1.0;
    }
    // The upper tail of the binomial distribution, written as a beta function: the counts need not be whole.
    beta_reg(errors / dispersion, others / dispersion + 1.0, share)
}

/// Pearson's dispersion: chi-squared of the minutes divided by its degrees of freedom, within 1 and the maximum.
pub(crate) fn dispersion(minutes: &[Sample], total: Sample) -> f64 {
    let exposed = || minutes.iter().filter(|minute| minute.exposure > 0.0);
    if exposed().count() < MIN_MINUTES_FOR_DISPERSION || total.errors <= 0.0 {
        return 1.0;
    }
    let rate = total.errors / total.exposure;
    let terms = exposed().map(|minute| {
        let expected = rate * minute.exposure;
        (minute.errors - expected).powi(2) / expected
    });
    let degrees_of_freedom = exposed().count() - 1;
    (terms.sum::<f64>() / degrees_of_freedom as f64).clamp(1.0, MAX_DISPERSION)
}

/// The upper bound of the error rate with 95 % confidence: Wilson's score interval, one-sided. None without requests.
pub(crate) fn error_rate_upper_bound(sample: Sample) -> Option<f64> {
    const Z: f64 = 1.645;
    let (n, rate) = (sample.exposure, sample.errors / sample.exposure);
    let spread = Z * (rate * (1.0 - rate) / n + (Z / (2.0 * n)).powi(2)).sqrt();
    (n > 0.0).then(|| (rate + Z * Z / (2.0 * n) + spread) / (1.0 + Z * Z / n))
}

/// The significance level of one signal's test with `minutes` of data since the flip to a step's share, in a release of
/// so many steps.
///
/// A watch tests again and again, but there are new data only with each minute. So minute k of a step may spend the share
/// 1 / k(k+1) of the step's error (alpha spending), and each step has the same part of the release's. All together never
/// pass 1, however long the watch is. By the union bound a release is flipped back by chance at most once in
/// [`RELEASES_PER_FALSE_FLIP_BACK`], however its tests depend on each other.
pub(crate) fn significance_level(minutes: usize, steps: usize) -> f64 {
    let (k, steps) = (minutes.max(1) as f64, steps.max(1) as f64);
    1.0 / (RELEASES_PER_FALSE_FLIP_BACK * SIGNALS * steps * k * (k + 1.0))
}

/// The p-value up to which a comparison is a reason to watch for longer. Below 100 % such a release does not go on, so that
/// chance must not call many of them so.
pub(crate) fn suspicion_level(is_concurrent: bool, steps: usize) -> f64 {
    if is_concurrent {
        SUSPICIOUS_AT_STEPS / steps.max(1) as f64
    } else {
        SUSPICIOUS
    }
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
