//! What must be known before a release is healthy, and is not.

use crate::numbers::Numbers;
use crate::policy::Policy;
use crate::snapshot::{MinuteMetrics, Read, Snapshot, minute_of};
use crate::targets::TargetSummary;
use crate::watch::Watch;
use chrono::TimeDelta;
use shared::{Error, Refusal, Time};

/// At so many requests a minute on average, a minute without any is not chance: its probability is 1 in 485 million.
const REQUESTS_NEVER_ABSENT: f64 = 20.0;

/// What is not known of a release.
#[derive(Clone, Debug)]
pub(crate) struct OpenQuestion {
    /// In words and figures.
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// Why a question is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// AWS throttled, failed, was late or answered in part, or the read was not due yet. It says nothing about the release.
    Unread,
    /// What was read does not say enough.
    Unknown,
    /// There are too many errors to be healthy, and too few to be sure.
    Suspicion,
}

impl OpenQuestion {
    fn new(kind: Kind, text: String) -> OpenQuestion {
        OpenQuestion { text, kind }
    }

    fn of(error: &Error) -> OpenQuestion {
        let kind = if matches!(error, Error::AwsUnavailable(_)) {
            Kind::Unread
        } else {
            Kind::Unknown
        };
        OpenQuestion::new(kind, error.to_string())
    }
}

/// None where the release is healthy.
pub(crate) fn open_questions(
    snapshot: &Snapshot,
    numbers: &Numbers,
    watch: &Watch,
    policy: &Policy,
) -> Vec<OpenQuestion> {
    let is_over = watch.is_over(snapshot.share_since, snapshot.now);
    let mut open = Vec::new();
    open.extend(unread("the rules", &snapshot.forwarding, is_over));
    open.extend(snapshot.targets.as_ref().err().map(OpenQuestion::of));
    open.extend(unread("the alarms", &snapshot.alarms, is_over));
    // Not before there can be a point: but without one a release is never healthy.
    open.extend(unread("CloudWatch's metrics", &snapshot.metrics, true));
    let mut unknown = Vec::new();
    if let Some(Ok(metrics)) = &snapshot.metrics {
        let gaps = metrics.gaps.iter().cloned();
        open.extend(gaps.map(|gap| OpenQuestion::new(Kind::Unread, gap)));
        let refusal = check_requests(snapshot, numbers, watch, policy).err();
        unknown.extend(refusal.map(Refusal::into_reason));
    }
    if let Ok(targets) = &snapshot.targets {
        unknown.extend(check_targets(targets, snapshot.failed_before));
    }
    let unknown = unknown.into_iter().map(|it| (Kind::Unknown, it));
    let suspicions = suspicions(numbers).into_iter();
    let rest = unknown.chain(suspicions.map(|it| (Kind::Suspicion, it)));
    open.extend(rest.map(|(kind, text)| OpenQuestion::new(kind, text)));
    open
}

/// What could not be read; and what this poll did not read, where it must be known.
fn unread<T>(what: &str, read: &Read<T>, must_be_known: bool) -> Option<OpenQuestion> {
    match read {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(OpenQuestion::of(error)),
        None => must_be_known
            .then(|| OpenQuestion::new(Kind::Unread, format!("{what} were not read yet"))),
    }
}

/// Each comparison that has too many errors to be healthy, and why it does not decide.
fn suspicions(numbers: &Numbers) -> Vec<String> {
    let comparisons = numbers.comparisons().into_iter();
    let suspicious = comparisons.filter(|(_, comparison)| comparison.is_suspicious());
    let described = suspicious
        .map(|(name, comparison)| format!("{}: {}", comparison.describe(name), comparison.doubt()));
    described.collect()
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

/// Refuses too few requests, and points that do not cover the step.
fn check_requests(
    snapshot: &Snapshot,
    numbers: &Numbers,
    watch: &Watch,
    policy: &Policy,
) -> Result<(), Refusal> {
    let has_errors =
        |minute: &MinuteMetrics| minute.target_5xx.or(minute.connection_errors).is_some();
    let mut minutes = numbers.minutes.iter().chain(&numbers.previous_minutes);
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
        Some(_) => check_coverage(snapshot, numbers, watch, policy),
    }
}

/// At the end of the step CloudWatch must have reported every minute that ended within it, and its requests too: where
/// there is traffic, a last minute without any is one whose count is late, or whose customers are lost. Of the flip's own
/// minute only the part after it counts.
fn check_coverage(
    snapshot: &Snapshot,
    numbers: &Numbers,
    watch: &Watch,
    policy: &Policy,
) -> Result<(), Refusal> {
    let grace = policy.inconclusive_grace_seconds;
    let began = watch.began(snapshot, grace);
    let (flip, end) = (minute_of(began), watch.must_cover(began));
    if numbers.watched_seconds < i64::from(watch.step.seconds) || end <= flip {
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
    let after_flip = end - began.max(last);
    let part = after_flip.as_seconds_f64() / 60.0;
    check_last_minute(&numbers.minutes, last, part)?;
    check_last_minute(&numbers.previous_minutes, last, 1.0)
}

/// Refuses minutes without a request in the last one, of which only a part may count.
fn check_last_minute(minutes: &[MinuteMetrics], last: Time, part: f64) -> Result<(), Refusal> {
    let reported = || minutes.iter().filter(|minute| minute.requests.is_some());
    let requests: f64 = reported().filter_map(|minute| minute.requests).sum();
    let mean = requests / reported().count().max(1) as f64;
    let is_late = !reported().any(|minute| minute.at == last);
    if mean * part >= REQUESTS_NEVER_ABSENT && is_late {
        let last = last.format("%H:%M");
        return Err(format!("no request of {last} was reported, after {mean:.0} a minute").into());
    }
    Ok(())
}
