//! What must be known before a release is healthy, and is not.

use crate::numbers::Numbers;
use crate::policy::Policy;
use crate::snapshot::{MinuteMetrics, Snapshot, minute_of};
use crate::targets::TargetSummary;
use chrono::TimeDelta;
use shared::{Error, Refusal};

/// At so many requests a minute on average, a minute without any is not chance: its probability is 1 in 485 million.
const REQUESTS_NEVER_ABSENT: f64 = 20.0;

/// Each open question in words and figures; none where the release is healthy.
pub(crate) fn open_questions(
    snapshot: &Snapshot,
    numbers: &Numbers,
    policy: &Policy,
) -> Vec<String> {
    let mut open = Vec::new();
    open.extend(snapshot.forwarding.as_ref().err().map(Error::to_string));
    open.extend(snapshot.targets.as_ref().err().map(Error::to_string));
    open.extend(snapshot.alarms.as_ref().err().map(Error::to_string));
    match &snapshot.metrics {
        Err(error) => open.push(error.to_string()),
        Ok(metrics) => {
            open.extend(metrics.gaps.iter().cloned());
            let refusal = check_requests(snapshot, numbers, policy).err();
            open.extend(refusal.map(Refusal::into_reason));
            let comparisons = numbers.comparisons().into_iter();
            let suspicious = comparisons.filter(|(_, comparison)| comparison.is_suspicious());
            open.extend(suspicious.map(|(signal, comparison)| {
                format!("{}: too few to be sure", comparison.describe(signal))
            }));
        }
    }
    if let Ok(targets) = &snapshot.targets {
        open.extend(check_targets(targets, snapshot.failed_before));
    }
    open
}

/// What the targets leave open: some fail, or too many do and a second poll must find the same, or it could not.
fn check_targets(targets: &TargetSummary, failed_before: bool) -> Option<String> {
    let second_poll = if targets.is_failing() {
        " (a second poll decides)"
    } else {
        ""
    };
    let failing = targets.describe();
    let failing = failing.map(|failing| format!("{failing}{second_poll}"));
    let not_repeated = failed_before && !targets.probed;
    failing.or(not_repeated
        .then(|| "targets failed at the poll before, and no probe was made at this one".to_owned()))
}

/// Refuses too few requests, and points that do not cover the watch.
fn check_requests(snapshot: &Snapshot, numbers: &Numbers, policy: &Policy) -> Result<(), Refusal> {
    let has_errors =
        |minute: &MinuteMetrics| minute.target_5xx.or(minute.connection_errors).is_some();
    let mut minutes = numbers.minutes.iter();
    if let Some(minute) = minutes.find(|minute| has_errors(minute) && minute.requests.is_none()) {
        let at = minute.at.format("%H:%M");
        let reason = format!("errors of {at} were reported, the requests of that minute not");
        return Err(reason.into());
    }
    let min_requests = policy.min_requests;
    match numbers.requests {
        None => Err("no request was reported for the new target group".into()),
        Some(requests) if requests < min_requests => {
            Err(format!("{requests} requests were reported, fewer than {min_requests}").into())
        }
        Some(_) => check_coverage(snapshot, numbers, policy),
    }
}

/// At the end of the watch CloudWatch must have reported every minute that ended within it, and its requests too: where
/// there is traffic, a last minute without any is one whose count is late, or whose customers are lost. Of the flip's own
/// minute only the part after it counts.
fn check_coverage(snapshot: &Snapshot, numbers: &Numbers, policy: &Policy) -> Result<(), Refusal> {
    let flip = minute_of(snapshot.flipped_at);
    let end = minute_of(snapshot.flipped_at + TimeDelta::seconds(policy.watch_seconds));
    if numbers.watched_seconds < policy.watch_seconds || end <= flip {
        return Ok(());
    }
    let covered_until = numbers.covered_until.unwrap_or(flip);
    if covered_until < end {
        let (covered_until, end) = (covered_until.format("%H:%M"), end.format("%H:%M"));
        let reason = format!(
            "CloudWatch has reported the time until {covered_until} only, the watch needs all minutes until {end}"
        );
        return Err(reason.into());
    }
    let last = end - TimeDelta::minutes(1);
    let minutes = numbers.minutes.iter();
    let reported = minutes.filter(|minute| minute.requests.is_some());
    let mean = numbers.requests.unwrap_or(0.0) / reported.clone().count().max(1) as f64;
    let after_flip = end - snapshot.flipped_at.max(last);
    let expected = mean * after_flip.as_seconds_f64() / 60.0;
    if expected >= REQUESTS_NEVER_ABSENT && !reported.clone().any(|minute| minute.at == last) {
        let last = last.format("%H:%M");
        return Err(format!("no request of {last} was reported, after {mean:.0} a minute").into());
    }
    Ok(())
}
