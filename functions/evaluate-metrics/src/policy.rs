//! What the stack's parameters say about the watch.

use shared::Error;
use shared::config::Settings;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How a release is judged.
#[derive(Clone, Debug)]
pub struct Policy {
    pub watch_seconds: i64,
    /// How much longer the watch may become where it could not tell good from bad.
    pub grace_seconds: i64,
    /// How far before the flip the baseline reaches.
    pub baseline_seconds: i64,
    /// The article's ten: more errors than this, beyond what the baseline explains, are too many.
    pub max_target_5xx: f64,
    /// Fewer requests than this say nothing.
    pub min_requests: f64,
    pub ceilings: Ceilings,
    pub when_inconclusive: WhenInconclusive,
}

/// Limits that no baseline excuses; none of them is set unless the team sets it.
#[derive(Clone, Debug, Default)]
pub struct Ceilings {
    /// Errors since the flip.
    pub target_5xx: Option<f64>,
    /// Of all requests since the flip, once there are enough of them.
    pub error_percent: Option<f64>,
    /// The slowest minute since the flip that had enough requests.
    pub p99_milliseconds: Option<f64>,
}

/// How a watch ends that could not tell good from bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenInconclusive {
    Keep,
    FlipBack,
}

impl FromStr for WhenInconclusive {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "keep" => Ok(WhenInconclusive::Keep),
            "flip-back" => Ok(WhenInconclusive::FlipBack),
            other => Err(format!("expected keep or flip-back, found {other}")),
        }
    }
}

/// A limit that a count can be compared with: `NaN` is a number to Rust, and nothing is more than it.
struct Limit(f64);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number: f64 = text.parse().map_err(|_| "no number".to_owned())?;
        if number.is_finite() && number >= 0.0 {
            Ok(Limit(number))
        } else {
            Err("no limit".to_owned())
        }
    }
}

/// Reads the variables of the watch; `main.rs` lists them.
pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Policy, Error> {
    let watch: NonZeroU32 = settings.parsed("WATCH_SECONDS", "whole seconds, 1 or more")?;
    let grace: u32 = settings.parsed("GRACE_SECONDS", "whole seconds, 0 or more")?;
    let baseline: u32 = settings.parsed("BASELINE_SECONDS", "whole seconds, 0 or more")?;
    let Limit(max_target_5xx) =
        settings.parsed("MAX_TARGET_5XX", "a number of errors, 0 or more")?;
    let Limit(min_requests) = settings.parsed("MIN_REQUESTS", "a number of requests, 0 or more")?;
    Ok(Policy {
        watch_seconds: watch.get().into(),
        grace_seconds: grace.into(),
        baseline_seconds: baseline.into(),
        max_target_5xx,
        min_requests,
        ceilings: ceilings(settings)?,
        when_inconclusive: settings.parsed("WHEN_INCONCLUSIVE", "keep or flip-back")?,
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
