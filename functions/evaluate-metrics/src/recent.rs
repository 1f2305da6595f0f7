//! The minutes of a release that waits for people, for hours or days beyond a step's end. All of its minutes would say little
//! of the last ones: what is bad now would drown in days of good ones. So a step is always judged as if it had been as long
//! as it should.

use crate::policy::Policy;
use crate::sample::Pair;
use crate::snapshot::{MinuteMetrics, Snapshot, minute_of};
use crate::watch::Watch;
use chrono::TimeDelta;
use shared::Time;

/// CloudWatch keeps points of a minute for 15 days ("Metrics retention"), and a baseline may be a day long.
const BASELINE_KEPT_DAYS: i64 = 14;

/// Where the step goes on beyond its end: the minute from which on it is judged. In a silent time that is an earlier one,
/// so that `MinRequests` come together.
pub(crate) fn from(
    all: &[Pair<MinuteMetrics>],
    snapshot: &Snapshot,
    watch: &Watch,
    policy: &Policy,
) -> Option<Time> {
    let grace = policy.inconclusive_grace_seconds;
    let began = watch.began(snapshot, grace);
    let (flip, begin) = (minute_of(snapshot.share_since), minute_of(began));
    let mut requests = 0.0;
    let judges = |pair: &&Pair<MinuteMetrics>| {
        let is_recent = pair.new.at >= begin || requests < policy.min_requests;
        requests += pair.new.requests.unwrap_or(0.0);
        is_recent
    };
    let of_step = all.iter().rev().filter(|pair| pair.new.at >= flip);
    let first = of_step.take_while(judges).last();
    let first = first.map_or(begin, |pair| pair.new.at.min(begin));
    (began > snapshot.share_since).then_some(first)
}

/// Whether CloudWatch may have lost the minutes before the first flip.
pub(crate) fn is_baseline_lost(flipped_at: Time, now: Time) -> bool {
    now - flipped_at > TimeDelta::days(BASELINE_KEPT_DAYS)
}

/// What stands for them then: both environments together in as long a time before the minutes that judge.
pub(crate) fn before(all: &[Pair<MinuteMetrics>], begin: Time, seconds: i64) -> Vec<MinuteMetrics> {
    let time = begin - TimeDelta::seconds(seconds)..begin;
    let within = all.iter().filter(|pair| time.contains(&pair.new.at));
    within.map(together).collect()
}

/// A minute of both environments. The load balancer's own errors stand with the new one, as do the response times.
fn together(pair: &Pair<MinuteMetrics>) -> MinuteMetrics {
    let sum = |count: fn(&MinuteMetrics) -> Option<f64>| {
        let counts = [count(&pair.new), count(&pair.previous)];
        counts.into_iter().flatten().reduce(|sum, it| sum + it)
    };
    MinuteMetrics {
        requests: sum(|minute| minute.requests),
        target_5xx: sum(|minute| minute.target_5xx),
        connection_errors: sum(|minute| minute.connection_errors),
        ..pair.new.clone()
    }
}
