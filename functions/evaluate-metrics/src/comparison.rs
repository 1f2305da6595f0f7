//! The result of a comparison of errors: when it is worse, when it is suspicious, and what it says.

use crate::bursts::{MIN_RATE_RATIO, is_outage};
use crate::sample::Sample;
use serde::Serialize;

/// An excess below these is ignored however certain it is, unless it passes the limit on the count.
const MIN_EXCESS: f64 = 5.0;

/// A suspicious p-value with an excess of at least this is a reason to watch for longer.
const SUSPICIOUS_EXCESS: f64 = 2.0;

/// With nothing to compare with, this error rate is a reason to watch for longer.
const SUSPICIOUS_ERROR_RATE: f64 = 0.01;

/// Which errors of the previous environment those of the new one are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reference {
    HourBefore,
    SameMinutes,
    /// At 100 %: what the previous environment served while both did.
    EarlierSteps,
}

/// The result of a comparison, with everything that went into it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub(crate) compared_with: Reference,
    /// Errors of the new environment.
    pub errors: f64,
    /// Its requests.
    #[serde(rename = "of")]
    pub exposure: f64,
    pub baseline_errors: f64,
    #[serde(rename = "baselineOf")]
    pub baseline_exposure: f64,
    /// So many errors of the minutes before came at once, on average: 1 to 30; 1 where each came alone.
    pub dispersion: f64,
    /// Minutes in which errors came at twice the usual rate or more.
    pub failing_minutes: usize,
    /// They are no burst as the usual ones.
    pub goes_on: bool,
    /// The errors that the previous environment's rate lets expect; 0 with nothing to compare with.
    #[serde(rename = "explained")]
    pub expected: f64,
    /// The chance of as many errors or more, if both rates are the same. None with nothing to compare with.
    pub p_value: Option<f64>,
    /// The same with a dispersion of 1, as if every error had come alone.
    #[serde(rename = "pValueAlone")]
    pub p_value_undispersed: Option<f64>,
    /// A p-value up to this is significant.
    #[serde(rename = "pLimit")]
    pub significance_level: f64,
    /// A p-value up to this is suspicious.
    #[serde(rename = "pSuspicious")]
    pub suspicion_level: f64,
    /// A larger excess over the expected errors is too large.
    pub max_excess: f64,
}

impl Comparison {
    fn excess(&self) -> f64 {
        self.errors - self.expected
    }

    /// A large excess that is significant and goes on. With nothing to compare with the limit on the count decides alone.
    pub(crate) fn is_worse(&self) -> bool {
        self.is_significant() && self.goes_on
    }

    pub(crate) fn is_significant(&self) -> bool {
        match self.p_value {
            Some(p) => {
                self.errors >= large(self.expected, self.max_excess) && p <= self.significance_level
            }
            None => self.excess() > self.max_excess,
        }
    }

    /// The same of errors that are counted for both environments together: more of them than of the new one's requests could
    /// ever be a burst are an outage of the new one.
    pub(crate) fn among_requests_of_new(mut self, exposure: f64) -> Comparison {
        let errors = self.excess();
        self.goes_on |= is_outage(Sample { errors, exposure });
        self
    }

    /// Too many errors to be healthy, and too few to be sure: perhaps chance, perhaps one of the usual bursts, or there
    /// is nothing to compare with.
    pub(crate) fn is_suspicious(&self) -> bool {
        let unusual = match (self.p_value, self.p_value_undispersed) {
            (Some(p), Some(undispersed)) => {
                p <= self.suspicion_level || undispersed <= self.significance_level
            }
            _ => self.errors >= SUSPICIOUS_ERROR_RATE * self.exposure,
        };
        unusual && self.excess() >= SUSPICIOUS_EXCESS
    }

    /// Why a suspicious comparison decides nothing.
    pub(crate) fn doubt(&self) -> &'static str {
        if self.is_significant() {
            "perhaps a burst, until it goes on"
        } else {
            "too few to be sure"
        }
    }

    /// The comparison in words and figures.
    pub(crate) fn describe(&self, name: &str) -> String {
        let (errors, exposure, expected) = (self.errors, self.exposure, self.expected);
        let Some(p) = self.p_value else {
            let limit = self.max_excess;
            let sign = if errors > limit { ">" } else { "<=" };
            return format!(
                "{name} {errors} {sign} {limit} in {exposure} requests, and there is no baseline"
            );
        };
        let (excess, level) = (self.excess(), self.significance_level);
        let (explains, sign) = (self.explains(), if p <= level { "<=" } else { ">" });
        format!(
            "{name} {errors} in {exposure} requests: {excess:.1} more than the {expected:.1} that {explains}, \
             p = {p:.1e} {sign} {level:.1e}"
        )
    }

    fn explains(&self) -> &'static str {
        match self.compared_with {
            Reference::HourBefore => "the baseline explains",
            Reference::SameMinutes => "the previous environment explains in the same minutes",
            Reference::EarlierSteps => "the previous environment explains in the earlier steps",
        }
    }

    /// The errors and the part of them that is no news.
    pub(crate) fn describe_expected(&self) -> String {
        let explained = match self.compared_with {
            Reference::HourBefore => "by the baseline",
            Reference::SameMinutes => "by the previous environment in the same minutes",
            Reference::EarlierSteps => "by the previous environment in the earlier steps",
        };
        let (errors, exposure, expected) = (self.errors, self.exposure, self.expected);
        format!("{errors} of {exposure} requests ({expected:.1} explained {explained})")
    }
}

/// Errors that are a large excess: more than the limit on the count, or at least twice as many as expected.
pub(crate) fn large(expected: f64, max_excess: f64) -> f64 {
    let over_limit = (expected + max_excess).next_up();
    let twice = (expected + MIN_EXCESS).max(expected * MIN_RATE_RATIO);
    over_limit.min(twice)
}
