//! The verdict: healthy, unhealthy or inconclusive, from the numbers since the flip.

use serde::Serialize;
use shared::Environment;
use shared::record::Time;
use std::str::FromStr;

/// What the stack's parameters say about the watch.
#[derive(Clone, Debug)]
pub struct Policy {
    pub watch_seconds: i64,
    /// The article's ten: more than this are unhealthy.
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
    /// `HTTPCode_ELB_5XX_Count` of the whole load balancer: a side without a healthy target shows only here.
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
mod tests {
    use super::*;

    fn numbers() -> Numbers {
        Numbers {
            watched_seconds: 120,
            requests: Some(500.0),
            target_5xx: None,
            load_balancer_5xx: None,
            registered_targets: 2,
            healthy_targets: 2,
            unhealthy_targets: 0,
        }
    }

    fn check_with(
        policy: WhenInconclusive,
        numbers: Numbers,
        active: Active,
        expect: (Verdict, Decision, &str),
    ) {
        let policy = Policy {
            watch_seconds: 120,
            max_target_5xx: 10.0,
            when_inconclusive: policy,
        };
        let found = judge(&numbers, &active, Environment::Green, &policy);
        assert_eq!(
            (found.verdict, found.decision),
            (expect.0, expect.1),
            "{found:?}"
        );
        assert!(found.reason.contains(expect.2), "{found:?}");
    }

    fn check(numbers: Numbers, expect: (Verdict, Decision, &str)) {
        check_with(
            WhenInconclusive::Keep,
            numbers,
            Ok(Environment::Green),
            expect,
        );
    }

    #[test]
    fn a_release_is_kept_only_after_the_whole_watch() {
        let good = "target 5xx 0 <= 10 in 500 requests, 120 s";
        check(numbers(), (Verdict::Healthy, Decision::Keep, good));
        let early = Numbers {
            watched_seconds: 119,
            ..numbers()
        };
        check(
            early,
            (Verdict::Healthy, Decision::Watch, "119 s after the flip"),
        );
    }

    #[test]
    fn more_than_ten_errors_flip_back_at_once() {
        let at = |errors| Numbers {
            target_5xx: Some(errors),
            watched_seconds: 15,
            ..numbers()
        };
        check(at(10.0), (Verdict::Healthy, Decision::Watch, "10 <= 10"));
        check(
            at(14.0),
            (
                Verdict::Unhealthy,
                Decision::FlipBack,
                "target 5xx 14 > 10, 15 s after the flip",
            ),
        );
    }

    #[test]
    fn no_data_is_never_healthy() {
        let silent = Numbers {
            requests: None,
            ..numbers()
        };
        let expect = "no request was reported for green";
        check(
            silent.clone(),
            (Verdict::Inconclusive, Decision::Keep, expect),
        );
        let green = Ok(Environment::Green);
        let back = (Verdict::Inconclusive, Decision::FlipBack, expect);
        check_with(WhenInconclusive::FlipBack, silent.clone(), green, back);
        let early = Numbers {
            watched_seconds: 60,
            ..silent
        };
        check(early, (Verdict::Inconclusive, Decision::Watch, expect));
    }

    #[test]
    fn lost_targets_flip_back() {
        let lost = Numbers {
            healthy_targets: 1,
            unhealthy_targets: 1,
            ..numbers()
        };
        check(
            lost,
            (
                Verdict::Unhealthy,
                Decision::FlipBack,
                "unhealthy targets 1 > 0 of 2 in green",
            ),
        );
        let none = Numbers {
            healthy_targets: 0,
            registered_targets: 0,
            ..numbers()
        };
        check(
            none,
            (
                Verdict::Unhealthy,
                Decision::FlipBack,
                "healthy targets 0 of 0",
            ),
        );
    }

    #[test]
    fn a_rule_that_was_moved_is_noticed() {
        let unhealthy = |expect| (Verdict::Unhealthy, Decision::FlipBack, expect);
        let keep = WhenInconclusive::Keep;
        check_with(
            keep,
            numbers(),
            Ok(Environment::Blue),
            unhealthy("forward to blue, not to green"),
        );
        check_with(
            keep,
            numbers(),
            Err("rule-1 splits traffic".to_owned()),
            unhealthy("splits traffic"),
        );
    }
}
