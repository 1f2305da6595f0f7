//! The verdict: healthy, unhealthy or inconclusive, from the numbers since the flip.

use crate::policy::{Policy, WhenInconclusive};
use serde::Serialize;
use shared::Environment;
use shared::record::Time;

/// What was found since the flip. A count that is absent was not reported, which is not zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Since the flip, in seconds.
    pub watched_seconds: i64,
    /// `RequestCount` of the new target group; absent means that no traffic was seen.
    pub requests: Option<f64>,
    /// `HTTPCode_Target_5XX_Count` of the new target group; CloudWatch reports it only when it is not zero.
    pub target_5xx: Option<f64>,
    /// `HTTPCode_ELB_5XX_Count` of the whole load balancer, from the first whole minute after the flip: targets
    /// that hang up, or a side without a healthy one, show only here.
    pub load_balancer_5xx: Option<f64>,
    pub registered_targets: usize,
    pub healthy_targets: usize,
    pub unhealthy_targets: usize,
}

/// What the release is, as far as the numbers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Healthy,
    Unhealthy,
    Inconclusive,
}

/// What the state machine does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Watch,
    Keep,
    FlipBack,
}

/// The verdict with the comparison that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub decision: Decision,
    pub reason: String,
}

/// Where the rules forward to now: an environment, or why that cannot be said.
pub type Active = Result<Environment, String>;

/// Judges the release to `to`. Bad numbers decide at once, good ones only at the end of the watch.
pub fn judge(numbers: &Numbers, active: &Active, to: Environment, policy: &Policy) -> Judgement {
    if let Some(reason) = unhealthy(numbers, active, to, policy) {
        return Judgement {
            verdict: Verdict::Unhealthy,
            decision: Decision::FlipBack,
            reason,
        };
    }
    let over = numbers.watched_seconds >= policy.watch_seconds;
    let (verdict, reason) = match numbers.requests {
        Some(requests) if requests > 0.0 => {
            let (found, limit) = (numbers.target_5xx.unwrap_or(0.0), policy.max_target_5xx);
            (
                Verdict::Healthy,
                format!(
                    "target 5xx {found} <= {limit} in {requests} requests, {}",
                    span(numbers)
                ),
            )
        }
        _ => (
            Verdict::Inconclusive,
            format!("no request was reported for {to}, {}", span(numbers)),
        ),
    };
    let decision = match (over, verdict, policy.when_inconclusive) {
        (false, _, _) => Decision::Watch,
        (true, Verdict::Inconclusive, WhenInconclusive::FlipBack)
        | (true, Verdict::Unhealthy, _) => Decision::FlipBack,
        (true, Verdict::Inconclusive, WhenInconclusive::Keep) | (true, Verdict::Healthy, _) => {
            Decision::Keep
        }
    };
    Judgement {
        verdict,
        decision,
        reason,
    }
}

fn unhealthy(
    numbers: &Numbers,
    active: &Active,
    to: Environment,
    policy: &Policy,
) -> Option<String> {
    match active {
        Err(reason) => {
            return Some(format!(
                "the rules no longer forward to {to} alone: {reason}"
            ));
        }
        Ok(active) if *active != to => {
            return Some(format!(
                "the rules forward to {active}, not to {to}: somebody moved them during the watch"
            ));
        }
        Ok(_) => {}
    }
    let errors = numbers.target_5xx.unwrap_or(0.0);
    if errors > policy.max_target_5xx {
        return Some(format!(
            "target 5xx {errors} > {}, {}",
            policy.max_target_5xx,
            span(numbers)
        ));
    }
    let errors = numbers.load_balancer_5xx.unwrap_or(0.0);
    if errors > policy.max_target_5xx {
        let limit = policy.max_target_5xx;
        return Some(format!(
            "load balancer 5xx {errors} > {limit}, {}",
            span(numbers)
        ));
    }
    let (healthy, registered) = (numbers.healthy_targets, numbers.registered_targets);
    if healthy == 0 {
        return Some(format!("healthy targets 0 of {registered} in {to}"));
    }
    if numbers.unhealthy_targets > 0 {
        return Some(format!(
            "unhealthy targets {} > 0 of {registered} in {to}",
            numbers.unhealthy_targets
        ));
    }
    None
}

fn span(numbers: &Numbers) -> String {
    format!("{} s after the flip", numbers.watched_seconds)
}

/// Seconds from the flip to `now`; a clock that went back counts as none.
pub fn watched_seconds(flipped_at: Time, now: Time) -> i64 {
    (now - flipped_at).num_seconds().max(0)
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
