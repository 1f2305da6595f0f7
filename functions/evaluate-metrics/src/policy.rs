//! What the stack's parameters say about the watch.

use shared::Error;
use shared::config::Settings;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How a release is judged. The defaults are those of the template's parameters.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a release is watched, in seconds. Default: 120.
    pub watch_seconds: i64,
    /// How much longer the watch may last while the verdict is inconclusive, in seconds. Default: 180.
    pub inconclusive_grace_seconds: i64,
    /// How far before the flip the baseline reaches, in seconds. Default: 3600.
    pub baseline_seconds: i64,
    /// Excess errors: so many errors more than the baseline's rate lets expect. Default: 10.
    pub max_target_5xx: f64,
    /// Requests since the flip: with fewer of them no release is healthy. Default: 50.
    pub min_requests: f64,
    pub ceilings: Ceilings,
    /// Default: keep.
    pub on_inconclusive: OnInconclusive,
}

/// Limits that hold whatever the baseline is. Default: none of them.
#[derive(Clone, Debug, Default)]
pub struct Ceilings {
    /// Target 5xx since the flip, as a count. Default: none.
    pub target_5xx: Option<f64>,
    /// Target 5xx in per cent of the requests since the flip, once there are `min_requests`. Default: none.
    pub error_percent: Option<f64>,
    /// The p99 response time of the slowest minute since the flip that had `min_requests`, in milliseconds.
    /// Default: none.
    pub p99_milliseconds: Option<f64>,
}

/// What happens to a release whose verdict is still inconclusive at the end of the grace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnInconclusive {
    Keep,
    FlipBack,
}

impl FromStr for OnInconclusive {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "keep" => Ok(OnInconclusive::Keep),
            "flip-back" => Ok(OnInconclusive::FlipBack),
            other => Err(format!("expected keep or flip-back, found {other}")),
        }
    }
}

/// A limit that a count can be compared with: `NaN` is a number to Rust, and nothing is more than it.
struct Limit(f64);

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number: f64 = text.parse().map_err(|_| "no number")?;
        let is_limit = number.is_finite() && number >= 0.0;
        is_limit.then_some(Limit(number)).ok_or("no limit")
    }
}

/// Reads the variables of the watch; `main.rs` lists them.
///
/// # Errors
/// `InvalidConfiguration` where a variable is missing or wrong.
pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Policy, Error> {
    let watch: NonZeroU32 = settings.parsed("WATCH_SECONDS", "whole seconds, 1 or more")?;
    let seconds = "whole seconds, 0 or more";
    let grace: u32 = settings.parsed("INCONCLUSIVE_GRACE_SECONDS", seconds)?;
    let baseline: u32 = settings.parsed("BASELINE_SECONDS", seconds)?;
    let Limit(max_target_5xx) =
        settings.parsed("MAX_TARGET_5XX", "a number of errors, 0 or more")?;
    let Limit(min_requests) = settings.parsed("MIN_REQUESTS", "a number of requests, 0 or more")?;
    Ok(Policy {
        watch_seconds: watch.get().into(),
        inconclusive_grace_seconds: grace.into(),
        baseline_seconds: baseline.into(),
        max_target_5xx,
        min_requests,
        ceilings: ceilings(settings)?,
        on_inconclusive: settings.parsed("ON_INCONCLUSIVE", "keep or flip-back")?,
    })
}

fn ceilings<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Ceilings, Error> {
    let set = |limit: Option<Limit>| limit.map(|Limit(limit)| limit);
    let number = "a number, 0 or more, or nothing";
    Ok(Ceilings {
        target_5xx: set(settings.parsed_or_none("CEILING_TARGET_5XX", number)?),
        error_percent: set(settings.parsed_or_none("CEILING_ERROR_PERCENT", number)?),
        p99_milliseconds: set(settings.parsed_or_none("CEILING_P99_MILLISECONDS", number)?),
    })
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
