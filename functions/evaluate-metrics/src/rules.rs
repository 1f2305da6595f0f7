//! What flips a release back: each rule gives the comparison that broke it, in words and figures.

use crate::numbers::Numbers;
use crate::policy::Policy;
use crate::seen::{Seen, Targets};
use shared::Environment;
use shared::alarms::Alarm;

/// A side that fails on this share of its targets is broken; fewer may be a machine's bad luck.
const BROKEN_SHARE: (usize, usize) = (1, 3);

/// Failing targets that the reason names; the numbers hold them all.
const TOLD: usize = 3;

/// Why the release to `to` must be flipped back now; the first reason that was found.
pub fn unhealthy(
    seen: &Seen,
    numbers: &Numbers,
    to: Environment,
    policy: &Policy,
) -> Option<String> {
    let rules = || moved(seen, to);
    let targets = || seen.targets.as_ref().ok().and_then(|it| broken(it, to));
    let alarms = || seen.alarms.as_ref().ok().and_then(|it| alarmed(it));
    let worse = || numbers.compared().into_iter().find(|(_, it)| it.is_worse());
    rules()
        .or_else(targets)
        .or_else(|| worse().map(|(what, it)| it.tell(what)))
        .or_else(|| ceilings(numbers, policy))
        .or_else(alarms)
}

fn moved(seen: &Seen, to: Environment) -> Option<String> {
    match seen.active.as_ref().ok()? {
        Err(reason) => Some(format!(
            "the rules no longer forward to {to} alone: {reason}"
        )),
        Ok(active) if *active != to => Some(format!(
            "the rules forward to {active}, not to {to}: somebody moved them during the watch"
        )),
        Ok(_) => None,
    }
}

fn broken(targets: &Targets, to: Environment) -> Option<String> {
    let (registered, failing) = (targets.registered, targets.failing.len());
    if targets.healthy == 0 {
        return Some(format!("healthy targets 0 of {registered} in {to}"));
    }
    if let Some(found) = &targets.environment {
        return Some(format!("{to} fails: {found}"));
    }
    let (share, of) = BROKEN_SHARE;
    (failing > 0 && failing * of >= registered * share).then(|| {
        let told: Vec<_> = targets.failing.iter().take(TOLD).cloned().collect();
        let told = told.join("; ");
        format!("failing targets {failing} of {registered} in {to}: {told}")
    })
}

fn alarmed(alarms: &[Alarm]) -> Option<String> {
    alarms.iter().find(|it| it.is_on()).map(Alarm::tell)
}

/// The team's own limits, off where they are not set.
fn ceilings(numbers: &Numbers, policy: &Policy) -> Option<String> {
    let (found, set) = (&numbers.target_5xx, &policy.ceilings);
    if let Some(limit) = set.target_5xx.filter(|limit| found.errors > *limit) {
        return Some(format!("target 5xx {} > the ceiling {limit}", found.errors));
    }
    let percent = found.errors * 100.0 / found.of;
    let enough = found.of >= policy.min_requests;
    if let Some(limit) = set.error_percent.filter(|it| enough && percent > *it) {
        return Some(format!(
            "target 5xx {percent:.2} % of {} requests > the ceiling {limit} %",
            found.of
        ));
    }
    let busy = numbers
        .minutes
        .iter()
        .filter(|it| it.requests >= Some(policy.min_requests));
    let slowest = busy.filter_map(|it| it.p99_seconds).reduce(f64::max)? * 1000.0;
    let limit = set.p99_milliseconds.filter(|limit| slowest > *limit)?;
    Some(format!(
        "p99 latency {slowest:.0} ms > the ceiling {limit} ms"
    ))
}
