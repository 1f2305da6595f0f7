//! What flips a release back. Each check refuses with the comparison that decided, in words and figures.

use crate::numbers::Numbers;
use crate::policy::{OnLatency, Policy};
use crate::snapshot::{Forwarding, Snapshot};
use crate::targets::TargetSummary;
use crate::watch::Watch;
use shared::Refusal;

/// After a flip a cold environment may stumble over its first requests for some seconds, all of its targets at once. So long
/// one poll of the probe decides nothing, in seconds.
const SETTLING_SECONDS: i64 = 10;

/// Of few targets two polls in a row must find the same, and the second so much later, in seconds: just after a flip they
/// come quickly, and one hiccup would be both.
const HICCUP_SECONDS: i64 = 10;

/// Refuses a release that must be flipped back now, for the first reason of several; rules and alarms are checks of their
/// own.
pub(crate) fn check(
    snapshot: &Snapshot,
    numbers: &Numbers,
    watch: &Watch,
    policy: &Policy,
) -> Result<(), Refusal> {
    if let Ok(targets) = &snapshot.targets {
        check_targets(targets, snapshot, numbers, watch)?;
    }
    let mut comparisons = numbers.comparisons().into_iter();
    if let Some((name, worse)) = comparisons.find(|(_, comparison)| comparison.is_worse()) {
        return Err(worse.describe(name).into());
    }
    check_ceilings(numbers, policy)?;
    let decides = policy.latency.map(|limit| limit.on_exceeded) == Some(OnLatency::FlipBack);
    // The hour before had another load than the watch at 100 % has.
    let slow = slow(numbers, policy).filter(|_| decides && watch.is_concurrent());
    slow.map_or(Ok(()), |slow| Err(slow.into()))
}

/// Refuses rules that do not forward as the step says. Those that could not be read are an open question.
pub(crate) fn check_rules(snapshot: &Snapshot, watch: &Watch) -> Result<(), Refusal> {
    let mut forwarding = snapshot.forwarding.iter().flatten();
    forwarding.try_for_each(|forwarding| check_forwarding(forwarding, watch))
}

/// Refuses a release while one of its alarms is in ALARM.
pub(crate) fn check_alarms(snapshot: &Snapshot) -> Result<(), Refusal> {
    let mut alarms = snapshot.alarms.iter().flatten().flatten();
    match alarms.find(|alarm| alarm.is_on()) {
        Some(alarm) => Err(alarm.describe().into()),
        None => Ok(()),
    }
}

/// By how much the release is slower than the limit allows; none where there is no limit.
pub(crate) fn slow(numbers: &Numbers, policy: &Policy) -> Option<String> {
    numbers.latency.exceeded(policy.latency.as_ref()?)
}

fn check_forwarding(forwarding: &Forwarding, watch: &Watch) -> Result<(), Refusal> {
    let expected = watch.traffic();
    let reason = match forwarding {
        Forwarding::To(traffic) if *traffic == expected => return Ok(()),
        Forwarding::To(traffic) => format!(
            "the rules forward to {traffic}, not to {expected}: somebody changed them during the watch"
        ),
        Forwarding::Unclear(reason) => {
            format!("the rules no longer forward to {expected} alone: {reason}")
        }
    };
    Err(reason.into())
}

/// Of few targets one alone is a large part, and may have had bad luck: then two polls in a row must find the same. The
/// load balancer has asked several times before it says so.
fn check_targets(
    targets: &TargetSummary,
    snapshot: &Snapshot,
    numbers: &Numbers,
    watch: &Watch,
) -> Result<(), Refusal> {
    if targets.healthy == 0 {
        let registered = targets.registered;
        return Err(format!("healthy targets 0 of {registered} in {}", watch.to).into());
    }
    let failing = targets.describe().unwrap_or_default();
    let by_load_balancer = targets.is_failing_by_load_balancer();
    let is_sure = targets.is_failing_for_sure();
    let settles = numbers.watched_seconds < SETTLING_SECONDS && !by_load_balancer;
    if is_sure && !settles {
        return Err(failing.into());
    }
    let is_repeated = snapshot.failed_before && targets.is_failing();
    if is_repeated && (is_sure || by_load_balancer || outlasts_hiccup(snapshot)) {
        return Err(format!("{failing} (at two polls in a row)").into());
    }
    Ok(())
}

fn outlasts_hiccup(snapshot: &Snapshot) -> bool {
    let since = snapshot.failing_since;
    since.is_none_or(|since| (snapshot.now - since).num_seconds() >= HICCUP_SECONDS)
}

/// The team's own limits, off where they are not set.
fn check_ceilings(numbers: &Numbers, policy: &Policy) -> Result<(), Refusal> {
    let ceilings = &policy.ceilings;
    let (errors, requests) = (numbers.target_5xx.errors, numbers.target_5xx.exposure);
    if let Some(limit) = ceilings.target_5xx.filter(|limit| errors > *limit) {
        return Err(format!("target 5xx {errors} > the ceiling {limit}").into());
    }
    let percent = errors * 100.0 / requests;
    let enough = requests >= policy.min_requests;
    if let Some(limit) = ceilings
        .error_percent
        .filter(|limit| enough && percent > *limit)
    {
        let found = format!("target 5xx {percent:.2} % of {requests} requests");
        return Err(format!("{found} > the ceiling {limit} %").into());
    }
    let minutes = numbers.minutes.iter();
    let busy = minutes.filter(|minute| minute.requests >= Some(policy.min_requests));
    let p99 = busy.filter_map(|minute| minute.p99_seconds);
    let slowest = p99.reduce(f64::max).unwrap_or(0.0) * 1000.0;
    match ceilings.p99_milliseconds.filter(|limit| slowest > *limit) {
        Some(limit) => Err(format!("p99 latency {slowest:.0} ms > the ceiling {limit} ms").into()),
        None => Ok(()),
    }
}
