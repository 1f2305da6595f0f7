//! The verdict: healthy, unhealthy or inconclusive, from what was found since the flip.
//!
//! What is bad decides at once; what is good, only at the end of the watch; and what could not be found out is neither:
//! the watch then goes on through its grace, after which the policy decides, and says so.

use crate::numbers::Numbers;
use crate::policy::{Policy, WhenInconclusive};
use crate::rules::unhealthy;
use crate::seen::{Minute, Seen, minute_of};
use chrono::TimeDelta;
use serde::Serialize;
use shared::Environment;

/// With as many requests a minute on average, none in a minute is no chance (1 in 500 million).
const CERTAIN: f64 = 20.0;

/// What the release is, as far as it was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Healthy,
    Inconclusive,
    Unhealthy,
}

/// What the state machine does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Watch,
    Keep,
    FlipBack,
}

/// The verdict with the comparison that made it, and all the numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    pub verdict: Verdict,
    pub decision: Decision,
    pub reason: String,
    pub numbers: Numbers,
}

impl Judgement {
    /// What a person should know although the release is kept.
    pub fn warnings(&self) -> Vec<String> {
        let unproven = self.verdict == Verdict::Inconclusive && self.decision == Decision::Keep;
        let warning = || format!("kept without a verdict: {}", self.reason);
        unproven.then(warning).into_iter().collect()
    }
}

/// Judges the release to `to`.
pub fn judge(seen: &Seen, to: Environment, policy: &Policy) -> Judgement {
    let numbers = Numbers::of(seen, policy);
    let (verdict, reason) = match unhealthy(seen, &numbers, to, policy) {
        Some(reason) => (Verdict::Unhealthy, reason),
        None => match open_questions(seen, &numbers, policy) {
            open if open.is_empty() => (Verdict::Healthy, good(&numbers)),
            open => (Verdict::Inconclusive, open.join("; ")),
        },
    };
    let decision = next(verdict, numbers.watched_seconds, policy);
    let policy = match (verdict, decision) {
        (Verdict::Inconclusive, Decision::Keep) => "; WhenInconclusive says keep",
        (Verdict::Inconclusive, Decision::FlipBack) => "; WhenInconclusive says flip-back",
        _ => "",
    };
    Judgement {
        verdict,
        decision,
        reason: format!(
            "{reason}, {} s after the flip{policy}",
            numbers.watched_seconds
        ),
        numbers,
    }
}

fn next(verdict: Verdict, watched: i64, policy: &Policy) -> Decision {
    let until = match verdict {
        Verdict::Unhealthy => return Decision::FlipBack,
        Verdict::Healthy => policy.watch_seconds,
        Verdict::Inconclusive => policy.watch_seconds + policy.grace_seconds,
    };
    match (watched >= until, verdict, policy.when_inconclusive) {
        (false, _, _) => Decision::Watch,
        (true, Verdict::Inconclusive, WhenInconclusive::FlipBack) => Decision::FlipBack,
        (true, _, _) => Decision::Keep,
    }
}

/// What must be known before a release is healthy, and is not.
fn open_questions(seen: &Seen, numbers: &Numbers, policy: &Policy) -> Vec<String> {
    let mut open = Vec::new();
    open.extend(seen.active.as_ref().err().cloned());
    open.extend(seen.targets.as_ref().err().cloned());
    open.extend(seen.alarms.as_ref().err().cloned());
    match &seen.metrics {
        Err(reason) => open.push(reason.clone()),
        Ok(metrics) => {
            open.extend(metrics.gaps.iter().cloned());
            open.extend(too_little(seen, numbers, policy));
            let unsure = numbers
                .compared()
                .into_iter()
                .filter(|(_, it)| it.is_suspicious());
            open.extend(unsure.map(|(what, it)| format!("{}: too few to be sure", it.tell(what))));
        }
    }
    if let Ok(targets) = &seen.targets
        && let Some(failing) = targets.failing.first()
    {
        let (count, of) = (targets.failing.len(), targets.registered);
        open.push(format!("{count} of {of} targets are failing: {failing}"));
    }
    open
}

/// Too few requests in the points, or points that do not cover the watch.
fn too_little(seen: &Seen, numbers: &Numbers, policy: &Policy) -> Option<String> {
    let errors = |it: &&Minute| it.target_5xx.or(it.connection_errors).is_some();
    let mut minutes = numbers.minutes.iter();
    if let Some(minute) = minutes.find(|it| errors(it) && it.requests.is_none()) {
        let at = minute.at.format("%H:%M");
        return Some(format!(
            "errors of {at} were reported, the requests of that minute not"
        ));
    }
    let least = policy.min_requests;
    match numbers.requests {
        None => Some("no request was reported for the new target group".to_owned()),
        Some(found) if found < least => Some(format!(
            "{found} requests were reported, fewer than {least}"
        )),
        Some(_) => uncovered(seen, numbers, policy),
    }
}

/// Every minute that ended within the watch must have been told of, and its requests too: where there is traffic, a last
/// minute without any is one whose count is late, or whose customers are lost.
fn uncovered(seen: &Seen, numbers: &Numbers, policy: &Policy) -> Option<String> {
    let flip = minute_of(seen.flipped_at);
    let over = minute_of(seen.flipped_at + TimeDelta::seconds(policy.watch_seconds));
    if numbers.watched_seconds < policy.watch_seconds || over <= flip {
        return None;
    }
    let told = numbers.covered_until.unwrap_or(flip);
    if told < over {
        return Some(format!(
            "CloudWatch has told of the time until {} only, the watch needs all minutes until {}",
            told.format("%H:%M"),
            over.format("%H:%M")
        ));
    }
    let last = over - TimeDelta::minutes(1);
    let counted = numbers.minutes.iter().filter(|it| it.requests.is_some());
    let usual = numbers.requests.unwrap_or(0.0) / counted.clone().count().max(1) as f64;
    let silent = usual >= CERTAIN && !counted.clone().any(|it| it.at == last);
    silent.then(|| {
        format!(
            "no request of {} was reported, after {usual:.0} a minute",
            last.format("%H:%M")
        )
    })
}

fn good(numbers: &Numbers) -> String {
    let found = &numbers.target_5xx;
    let worst = numbers.worst_rate.unwrap_or(1.0) * 100.0;
    format!(
        "target 5xx {} of {} requests ({:.1} explained by the baseline); with 95 % certainty fewer than {worst:.2} % fail",
        found.errors, found.of, found.explained
    )
}

#[cfg(test)]
#[path = "decide_tests.rs"]
pub mod tests;
