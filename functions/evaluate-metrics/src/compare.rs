//! Compares the errors since the flip with those of the baseline: by how much there are more, and how likely that
//! many more would be by chance.
//!
//! The test is the exact conditional one for two Poisson rates (Przyborowski and Wilenski, 1940): of all errors, those
//! since the flip are binomial with the share of the exposure that lies after it, if nothing changed. Errors among
//! requests vary less than Poisson counts, so the p-value is never too small. Exposure is requests, or minutes where
//! nobody counts the requests.
//!
//! Errors often come in bursts. The baseline's minutes tell how much more they vary than chance alone would have them
//! vary (Pearson's dispersion, 1 to 30), and that many errors count as one.

use serde::Serialize;
use statrs::function::beta::beta_reg;

/// One good release in this many may be flipped back by chance, all signals and all looks of its watch together.
pub const ONE_IN: f64 = 2_000.0;

/// Signals that are compared by a test: target 5xx, connection errors, the load balancer's own 5xx.
const SIGNALS: f64 = 3.0;

/// An effect that is smaller than these is left alone however certain it is, unless it passes the count's limit.
const LEAST_EXCESS: f64 = 5.0;
const LEAST_RATIO: f64 = 2.0;

/// Errors that would come by chance in fewer than this share of good releases are worth some more minutes of watching.
const SUSPICIOUS: f64 = 0.01;
const SUSPICIOUS_EXCESS: f64 = 2.0;

/// Without a baseline this share of failures is worth them too.
const SUSPICIOUS_RATE: f64 = 0.01;

/// Bursts are taken for no larger than this: an incident in the baseline's hour is no excuse for another.
const MOST_DISPERSION: f64 = 30.0;

/// Fewer minutes than this tell nothing of how the errors vary.
const MINUTES_FOR_DISPERSION: usize = 10;

/// Errors of some time, and to what they were exposed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    pub errors: f64,
    /// Requests, or minutes.
    pub of: f64,
}

/// What the comparison found, with everything that made it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub errors: f64,
    /// Requests, or minutes, in which they came.
    pub of: f64,
    pub baseline_errors: f64,
    pub baseline_of: f64,
    /// So many errors of the baseline came at once, on average: 1 where each came alone.
    pub dispersion: f64,
    /// What the baseline's rate explains of `errors`; nothing without a baseline.
    pub explained: f64,
    /// The chance of as many errors or more, were the rate still the baseline's; none without a baseline.
    pub p_value: Option<f64>,
    /// The same if every error had come alone.
    pub p_value_alone: Option<f64>,
    /// This look's share of the error that the whole watch may make.
    pub p_limit: f64,
    /// More errors than this, beyond what is explained, are too many.
    pub max_excess: f64,
}

impl Sample {
    pub fn plus(self, other: Sample) -> Sample {
        Sample {
            errors: self.errors + other.errors,
            of: self.of + other.of,
        }
    }
}

impl Comparison {
    /// What was compared with the baseline.
    pub fn sample(&self) -> Sample {
        Sample {
            errors: self.errors,
            of: self.of,
        }
    }

    pub fn excess(&self) -> f64 {
        self.errors - self.explained
    }

    /// More than the limit beyond what the baseline explains, or at least twice its rate, and not by chance. Without a
    /// baseline the limit alone decides.
    pub fn is_worse(&self) -> bool {
        let over = self.excess() > self.max_excess;
        let Some(p) = self.p_value else {
            return over;
        };
        let much = self.excess() >= LEAST_EXCESS && self.errors >= LEAST_RATIO * self.explained;
        (over || much) && p <= self.p_limit
    }

    /// The comparison in words and figures; `what` names the errors and what they came in.
    pub fn tell(&self, (what, unit): (&str, &str)) -> String {
        let (errors, of, explained) = (self.errors, self.of, self.explained);
        let Some(p) = self.p_value else {
            let most = self.max_excess;
            let sign = if errors > most { ">" } else { "<=" };
            return format!(
                "{what} {errors} {sign} {most} in {of} {unit}, and there is no baseline"
            );
        };
        let (excess, limit) = (self.excess(), self.p_limit);
        let sign = if p <= limit { "<=" } else { ">" };
        format!(
            "{what} {errors} in {of} {unit}: {excess:.1} more than the {explained:.1} that the baseline explains, \
             p = {p:.1e} {sign} {limit:.1e}"
        )
    }

    /// Too many to be healthy, and too few to be sure: perhaps chance, perhaps one of the usual bursts, or nothing is
    /// known to compare them with.
    pub fn is_suspicious(&self) -> bool {
        let unusual = match (self.p_value, self.p_value_alone) {
            (Some(p), Some(alone)) => p <= SUSPICIOUS || alone <= self.p_limit,
            _ => self.errors >= SUSPICIOUS_RATE * self.of,
        };
        unusual && self.excess() >= SUSPICIOUS_EXCESS
    }
}

/// Compares `new` with the baseline's minutes, which together must have had an exposure of `least` to be one.
pub fn compare(
    new: Sample,
    baseline: &[Sample],
    least: f64,
    max_excess: f64,
    p_limit: f64,
) -> Comparison {
    let all = baseline
        .iter()
        .copied()
        .fold(Sample::default(), Sample::plus);
    let known = all.of >= least;
    let dispersion = dispersion(baseline, all);
    let explained = if known {
        all.errors / all.of * new.of
    } else {
        0.0
    };
    Comparison {
        errors: new.errors,
        of: new.of,
        baseline_errors: all.errors,
        baseline_of: all.of,
        dispersion,
        explained,
        p_value: known.then(|| p_value(new, all, dispersion)),
        p_value_alone: known.then(|| p_value(new, all, 1.0)),
        p_limit,
        max_excess,
    }
}

fn p_value(new: Sample, baseline: Sample, dispersion: f64) -> f64 {
    let (errors, before) = (new.errors / dispersion, baseline.errors / dispersion);
    if errors <= 0.0 || new.of <= 0.0 {
        return 1.0;
    }
    // The upper tail of the binomial distribution, which need not be whole here.
    beta_reg(errors, before + 1.0, new.of / (new.of + baseline.of))
}

/// Pearson's chi-squared of the minutes by its degrees of freedom, within bounds.
fn dispersion(minutes: &[Sample], all: Sample) -> f64 {
    let exposed = || minutes.iter().filter(|minute| minute.of > 0.0);
    if exposed().count() < MINUTES_FOR_DISPERSION || all.errors <= 0.0 {
        return 1.0;
    }
    let rate = all.errors / all.of;
    let squares = exposed().map(|minute| {
        let expected = rate * minute.of;
        (minute.errors - expected).powi(2) / expected
    });
    let degrees = exposed().count() - 1;
    (squares.sum::<f64>() / degrees as f64).clamp(1.0, MOST_DISPERSION)
}

/// The rate that is too high for what was seen: the upper limit of Wilson's one-sided interval of 95 %. None without
/// requests.
pub fn worst_rate(seen: Sample) -> Option<f64> {
    const Z: f64 = 1.645;
    let (n, rate) = (seen.of, seen.errors / seen.of);
    let spread = Z * (rate * (1.0 - rate) / n + (Z / (2.0 * n)).powi(2)).sqrt();
    (n > 0.0).then(|| (rate + Z * Z / (2.0 * n) + spread) / (1.0 + Z * Z / n))
}

/// The p-value that one signal needs at a look with `minutes` of data since the flip.
///
/// A watch looks again and again, but there is something new only with each minute of data: minute k gets the share
/// 1 / k(k+1) of the error, and all shares together never pass 1, however long the watch is. By the union bound the
/// watch as a whole errs in at most one good release of [`ONE_IN`], whatever the looks have in common.
pub fn p_limit(minutes: usize) -> f64 {
    let k = minutes.max(1) as f64;
    1.0 / (ONE_IN * SIGNALS * k * (k + 1.0))
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
