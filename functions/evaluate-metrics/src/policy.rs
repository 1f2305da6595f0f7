//! What the stack's parameters say about the watch.

use shared::Error;
use shared::config::Settings;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How a release is judged.
#[derive(Clone, Debug)]
pub struct Policy {
    pub watch_seconds: i64,
    /// The article's ten: more than this, from the targets or from the load balancer itself, are unhealthy.
    pub max_target_5xx: f64,
    pub when_inconclusive: WhenInconclusive,
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

/// Reads `WATCH_SECONDS`, `MAX_TARGET_5XX` and `WHEN_INCONCLUSIVE`.
pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Policy, Error> {
    let watch_seconds: NonZeroU32 = settings.parsed("WATCH_SECONDS", "whole seconds, 1 or more")?;
    let Limit(max_target_5xx) =
        settings.parsed("MAX_TARGET_5XX", "a number of errors, 0 or more")?;
    Ok(Policy {
        watch_seconds: watch_seconds.get().into(),
        max_target_5xx,
        when_inconclusive: settings.parsed("WHEN_INCONCLUSIVE", "keep or flip-back")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(seconds: &str, limit: &str, end: &str) -> Result<Policy, String> {
        let read = read(&Settings(|name: &str| match name {
            "WATCH_SECONDS" => Some(seconds.to_owned()),
            "MAX_TARGET_5XX" => Some(limit.to_owned()),
            "WHEN_INCONCLUSIVE" => Some(end.to_owned()),
            _ => None,
        }));
        read.map_err(|error| error.to_string())
    }

    #[test]
    fn a_policy_is_read() {
        let policy = policy("120", "0.5", "flip-back").expect("a policy");
        assert_eq!((policy.watch_seconds, policy.max_target_5xx), (120, 0.5));
        assert_eq!(policy.when_inconclusive, WhenInconclusive::FlipBack);
    }

    #[test]
    fn a_number_that_would_judge_nothing_is_refused() {
        let refused = |found: Result<Policy, String>, expect: &str| {
            let reason = found.expect_err("not a policy");
            assert!(reason.contains(expect), "{reason}");
        };
        for limit in ["NaN", "inf", "-inf", "-1", "1e999", "ten", ""] {
            refused(
                policy("120", limit, "keep"),
                "variable MAX_TARGET_5XX: expected",
            );
        }
        for seconds in ["0", "-5", "1.5", "99999999999"] {
            refused(
                policy(seconds, "10", "keep"),
                "variable WATCH_SECONDS: expected",
            );
        }
        refused(
            policy("120", "10", "Keep"),
            "expected keep or flip-back, found Keep",
        );
    }
}
