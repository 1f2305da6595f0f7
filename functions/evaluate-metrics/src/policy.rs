//! What the stack's parameters say about the watch.

use serde::Deserialize;
use shared::config::Settings;
use shared::{Error, VerdictMode};
use std::str::FromStr;

/// How a release is judged. The defaults are those of the template's parameters.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How much longer a step's watch may last while the verdict is inconclusive, in seconds. Default: 180.
    pub inconclusive_grace_seconds: i64,
    /// How far before the flip the baseline reaches, in seconds. Default: 3600.
    pub baseline_seconds: i64,
    /// Excess errors: so many errors more than the baseline's rate lets expect. Default: 10.
    pub max_target_5xx: f64,
    /// Requests since the flip to a step's share: with fewer of them no release is healthy. Default: 50.
    pub min_requests: f64,
    pub ceilings: Ceilings,
    /// Default: none.
    pub latency: Option<LatencyLimit>,
    /// Default: keep.
    pub on_inconclusive: OnInconclusive,
    /// Default: keep.
    pub on_suspicion: OnSuspicion,
    /// Default: decide.
    pub mode: VerdictMode,
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

/// How much slower the new environment may be than the previous one, and what it means where it is slower.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatencyLimit {
    /// New by previous, of the median response time and of the 99th percentile.
    pub max_ratio: f64,
    /// Default: warn.
    pub on_exceeded: OnLatency,
}

/// What happens at 100 % to a release that was not found out about until the end of the grace: too few requests, or
/// something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnInconclusive {
    Keep,
    FlipBack,
}

/// What happens at 100 % to a release that at the end of the grace has too many errors to be healthy and too few to be
/// sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnSuspicion {
    Keep,
    FlipBack,
}

/// What a release is that is slower than its limit allows. At 100 % it is only warned of: the hour before had another
/// load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnLatency {
    Warn,
    FlipBack,
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

/// A limit on how many times as much something may be.
struct Ratio(f64);

impl FromStr for Ratio {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Limit(ratio) = text.parse()?;
        (ratio >= 1.0).then_some(Ratio(ratio)).ok_or("no ratio")
    }
}

/// Reads the variables of the watch; `main.rs` lists them.
///
/// # Errors
/// `InvalidConfiguration` where a variable is missing or wrong.
pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Policy, Error> {
    let seconds = "whole seconds, 0 or more";
    let grace: u32 = settings.parsed("INCONCLUSIVE_GRACE_SECONDS", seconds)?;
    let baseline: u32 = settings.parsed("BASELINE_SECONDS", seconds)?;
    let Limit(max_target_5xx) =
        settings.parsed("MAX_TARGET_5XX", "a number of errors, 0 or more")?;
    let Limit(min_requests) = settings.parsed("MIN_REQUESTS", "a number of requests, 0 or more")?;
    Ok(Policy {
        inconclusive_grace_seconds: grace.into(),
        baseline_seconds: baseline.into(),
        max_target_5xx,
        min_requests,
        ceilings: ceilings(settings)?,
        latency: latency(settings)?,
        on_inconclusive: settings.named("ON_INCONCLUSIVE", "keep or flip-back")?,
        on_suspicion: settings.named("ON_SUSPICION", "keep or flip-back")?,
        mode: settings.named("VERDICT_MODE", "decide or shadow")?,
    })
}

/// A limit below 1 would call a release slow that is faster.
fn latency<F: Fn(&str) -> Option<String>>(
    settings: &Settings<F>,
) -> Result<Option<LatencyLimit>, Error> {
    let on_exceeded = settings.named("ON_LATENCY", "warn or flip-back")?;
    let ratio = settings.parsed_or_none("MAX_LATENCY_RATIO", "a number, 1 or more, or nothing")?;
    Ok(ratio.map(|Ratio(max_ratio)| LatencyLimit {
        max_ratio,
        on_exceeded,
    }))
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
